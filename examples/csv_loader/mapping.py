r"""
A mapping of CSV files to the hub's records, in TOML: which file is which resource, which column is which field.

    [format]                              # how the files are written; each of [files] may say it otherwise
    encoding = "utf-16"                   # utf-8-sig, unless said
    separator = "+|"                      # a comma, unless said; "\t" is a tab
    quote = ""                            # no text stands in quotes; '"', unless said
    line_end = "&|"                       # what ends a line, where a line break alone does not
    absent = ["NULL"]                     # what stands for no value, beside nothing at all

    [files.orders]
    path = "orders.csv"                   # in the folder that the command names
    columns = ["ID", "Day", "Customer"]   # of a file without a header row
    ignore = ["Customer"]                 # each column is mapped or ignored: nothing is left out in silence

    [maps.ways]                           # values by what the file has
    1 = "Truck"

    [digits]
    JPY = 0                               # of amounts in a currency that has not two

    [[stages]]                            # one after the other
    resource = "sales-orders"             # as in the hub's addresses
    file = "orders"
    key = "number"                        # what the hub knows a record by: number, unless said; a list, if several
    where = { Day = true, Kind = ["B", "C"] }   # only lines that have a Day, and B or C; `unless` leaves such lines out
    distinct = true                       # of the lines with one key the first; unless said, that is an error
    clear = true                          # blanks clear what the hub has; unless said, they leave it as it is
    options = ["Import", "Check-Totals"]  # of each call, as the headers X-Import and X-Check-Totals
    rounding = "row"                      # compute, send and compare totals; "order": only their sum is rounded

    [stages.joins.buyer]                  # what another file has for the line: {buyer.Name}
    file = "people"
    on = "Customer"                       # a column of the line, or of an earlier join; a list, if several
    key = "ID"                            # the column of that file that is equal to it
    first = true                          # of several lines the first; unless said, that is an error
    optional = true                       # there may be none; unless said, that is an error

    [stages.fields]
    number = "ID"                         # a column
    order_date = { column = "Day", date = "%d.%m.%Y" }   # or "iso": 2027-01-31, whatever time follows
    subject = { template = "{buyer.Name}, {ID:0>6}" }    # a blank goes with the commas and spaces before it
    currency = { value = "USD" }
    ship_method = { column = "Way", map = "ways" }       # all values must be there; `replace` leaves others as they are
    status = [{ value = "Delivered", when = { Shipped = true } }, { value = "Approved" }]   # the first that has a value
    shipping_postcode = { column = "Town", pattern = '^(\d+)' }   # the group of a regular expression
    freight = { column = "Freight", number = ",", times = "0.01", round = 2 }   # of 1.234,50; half up
    assigned_user = { column = "Clerk", known = "users.username" }   # only what the hub has
    "description.en" = "Text"             # an entry of a map

    [stages.children.rows]                # the lines of another file that belong to the line
    file = "details"                      # with where, unless, joins and fields, as in a stage
    on = "ID"
    key = "OrderID"
    orphans = true                        # some belong to no line; unless said, that is an error
    fields.line_number = { position = true }   # 1, 2, 3 …
"""

import tomllib
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from .values import MappingError, Value

T = TypeVar("T")
Table = dict[str, Any]


@dataclass(frozen=True)
class File:
    """The form of a file: its separators, encoding and names of columns."""

    path: str
    encoding: str = "utf-8-sig"
    separator: str = ","
    quote: str = '"'
    line_end: str = ""
    columns: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    ignore: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Lines:
    """Some lines of a file."""

    file: str
    where: Table = field(default_factory=dict)
    unless: Table = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Join(Lines):
    """A line of another file for each line, by equal columns."""

    on: list[str]
    key: list[str]
    first: bool = False
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Records(Lines):
    """Lines that become records; a field is the first of its Values that there is."""

    fields: dict[str, list[Value]]
    joins: dict[str, Join] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Child(Records):
    """A list within a record: the lines of a file that belong to its line."""

    on: list[str]
    key: list[str]
    orphans: bool = False


@dataclass(frozen=True, kw_only=True)
class Stage(Records):
    """The records of a resource."""

    resource: str
    title: str = ""
    key: list[str] = field(default_factory=lambda: ["number"])
    children: dict[str, Child] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    rounding: str = ""
    distinct: bool = False
    clear: bool = False

    @property
    def name(self) -> str:
        return self.title or self.resource


@dataclass(frozen=True)
class Tables:
    """The tables of a mapping file as they are written."""

    stages: list[Table]
    files: dict[str, Table]
    format: Table = field(default_factory=dict)
    maps: dict[str, Table] = field(default_factory=dict)
    digits: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapping:
    """A mapping file, read."""

    stages: list[Stage]
    files: dict[str, File]
    digits: dict[str, int]


def read_mapping(path: Path) -> Mapping:
    """Return the mapping of a TOML file; raises MappingError."""
    try:
        tables = build(Tables, tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    except OSError as error:
        raise MappingError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name} is not TOML: {error}.") from None
    files = {name: build(File, tables.format | each, f"files.{name}") for name, each in tables.files.items()}
    stages = [_build_stage(each, files, tables.maps) for each in tables.stages]
    return Mapping(stages, files, tables.digits)


def _build_stage(table: Table, files: dict[str, File], maps: dict[str, Table]) -> Stage:
    place = f"Stage {table.get('title') or table.get('resource')}"
    children = {
        name: _build_records(Child, each, f"{place}, {name}", files, maps)
        for name, each in _get_tables(table, "children", place).items()
    }
    stage = _build_records(Stage, table | {"children": children}, place, files, maps)
    if stage.rounding not in ("", "row", "order"):
        raise MappingError(f"{place}: rounding is row or order, not {stage.rounding!r}.")
    return stage


def _build_records(kind: type[T], table: Table, place: str, files: dict[str, File], maps: dict[str, Table]) -> T:
    """Return a Stage or a Child with its joins and values."""
    joins = _get_tables(table, "joins", place)
    built: Table = {"joins": {name: build(Join, each, f"{place}, join {name}") for name, each in joins.items()}}
    if isinstance(table.get("fields"), dict):
        built["fields"] = {
            name: _build_values(each, f"{place}, field {name}", maps) for name, each in table["fields"].items()
        }
    records = build(kind, table | built, place)
    for lines in (records, *built["joins"].values()):
        if lines.file not in files:
            known = ", ".join(files)
            raise MappingError(
                f"{place}: there is no file {lines.file!r}; add [files.{lines.file}], or name one of {known}."
            )
    return records


def _get_tables(table: Table, name: str, place: str) -> dict[str, Table]:
    found = table.get(name, {})
    if not _is_of(found, dict[str, Table]):
        raise MappingError(f"{place}: {name} cannot be {found!r}; it is a table of tables.")
    return found


def _build_values(found: Any, place: str, maps: dict[str, Table]) -> list[Value]:
    """Return the Values of `"column"`, of a table, or of a list of both."""
    return [_build_value(each, place, maps) for each in (found if isinstance(found, list) else [found])]


def _build_value(found: Any, place: str, maps: dict[str, Table]) -> Value:
    table = {"column": found} if isinstance(found, str) else found
    if not isinstance(table, dict) or len(table.keys() & {"column", "template", "value", "position"}) != 1:
        raise MappingError(f"{place}: say one of column, template, value and position; {found!r} does not.")
    for name in ("map", "replace"):
        named = table.get(name)
        if isinstance(named, str) and named not in maps:
            raise MappingError(f"{place}: there is no map {named!r}; add [maps.{named}].")
        if isinstance(named, str):
            table = table | {name: maps[named]}
    return build(Value, table, place)


def build(kind: type[T], table: Table, place: str) -> T:
    """Return the dataclass of a table; raises MappingError for a name or a type that is not its own."""
    hints = get_type_hints(kind)
    table = table | {name: [table[name]] for name in ("on", "key") if isinstance(table.get(name), str)}
    for name, value in table.items():
        if name not in hints:
            raise MappingError(f"{place}: {name!r} is unknown; known are {', '.join(hints)}.")
        if not _is_of(value, hints[name]):
            raise MappingError(f"{place}: {name} cannot be {value!r}; the docstring of mapping.py shows each key.")
    for each in fields(kind):  # type: ignore[arg-type]  # T is always a dataclass, which typing has no word for
        if each.name not in table and each.default is MISSING and each.default_factory is MISSING:
            raise MappingError(f"{place}: {each.name} is missing; say it.")
    return kind(**table)


def _is_of(value: Any, hint: Any) -> bool:
    """True if a value is of a type, all that it holds included."""
    if hint is Any or isinstance(hint, UnionType):
        return hint is Any or any(_is_of(value, each) for each in get_args(hint))
    if not isinstance(value, get_origin(hint) or hint):
        return False
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(_is_of(each, get_args(hint)[-1]) for each in held)
