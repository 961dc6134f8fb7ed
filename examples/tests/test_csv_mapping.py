"""Mappings over files: how files are written, joins, children; and all that a mapping may get wrong, in sentences."""

from pathlib import Path

import pytest

from examples.csv_loader.mapping import read_mapping
from examples.csv_loader.records import read_records
from examples.csv_loader.values import MappingError

USERS = {"users.username": {"ada"}}

PEOPLE = """
[files.people]
path = "people.csv"
[[stages]]
resource = "customers"
file = "people"
fields = { number = "ID", company = "Name" }
"""
ADA = [{"number": "1", "company": "Ada, Ltd"}, {"number": "2", "company": 'The "B"'}]

# What stands under [files.people] beside its path, and the file's bytes: always the same two records.
WRITTEN = {
    "with commas and quotes": ("", 'ID,Name\r\n1,"Ada, Ltd"\n\n 2 ,"The ""B"""\n'.encode("utf-8-sig")),
    "with semicolons": ('separator = ";"', b'ID;Name\n1;Ada, Ltd\n2;"The ""B"""\n'),
    "with tabs, in UTF-16, no quotes": ('separator = "\\t"\nquote = ""\nencoding = "utf-16"',
                                        'ID\tName\n1\tAda, Ltd\n2\tThe "B"\n'.encode("utf-16")),
    "without a header row": ('columns = ["ID", "Name"]\nseparator = "|"\nquote = ""', b'1|Ada, Ltd\n2|The "B"\n'),
    "with marks of several letters": (
        'columns = ["ID", "Name"]\nseparator = "+|"\nline_end = "&|"\nencoding = "utf-16-le"',
        '\ufeff1+|Ada, Ltd&|\r\n2+|The "B"&|\r\n'.encode("utf-16-le"),
    ),
    "with columns that are ignored": ('ignore = ["rowguid"]', b'ID,Name,rowguid\n1,"Ada, Ltd",x\n2,"The ""B""",y\n'),
}  # fmt: skip

SHOP = """
[format]
absent = ["NULL"]
[files]
orders = { path = "orders.csv", ignore = ["Kind"] }
rows = { path = "rows.csv" }
goods = { path = "goods.csv" }
groups = { path = "groups.csv" }

[[stages]]
resource = "sales-orders"
title = "orders"
file = "orders"
[stages.fields]
number = "ID"
assigned_user = { column = "Clerk", known = "users.username" }
status = [{ value = "Delivered", when = { Shipped = true } }, { value = "Approved" }]
ship_date = "Shipped"
"custom.first" = "row.Text"
[stages.joins.row]
file = "rows"
on = "ID"
key = "Order"
first = true
optional = true
[stages.children.rows]
file = "rows"
on = "ID"
key = "Order"
[stages.children.rows.joins.good]
file = "goods"
on = "Good"
key = "ID"
[stages.children.rows.joins.group]
file = "groups"
on = "good.Group"
key = "ID"
[stages.children.rows.fields]
line_number = { position = true }
part_number = "good.Number"
description = { template = "{Text} ({group.Name})" }
"""
FILES = {
    "orders": "ID,Clerk,Shipped,Kind\n7,ada,2027-01-01,A\n8,bob,NULL,B\n",
    "rows": "Order,Good,Text\n7,1,red\n7,2,\n7,,free\n",
    "goods": "ID,Number,Group\n1,PUMP,9\n2,VALVE,NULL\n",
    "groups": "ID,Name\n9,Pumps\n",
}


@pytest.fixture
def read(tmp_path):
    """Write the files and the mapping; gives the records of its only stage, and what was left out."""

    def read(mapping: str, files: dict[str, str | bytes]):
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
        reading = read_records(read_mapping(tmp_path / "mapping.toml"), tmp_path, USERS.__getitem__)
        return reading.stages[0][1], reading.remarks

    return read


@pytest.mark.parametrize("file, written", [pytest.param(*row, id=name) for name, row in WRITTEN.items()])
def test_reads_files_as_they_are_written(read, file, written):
    records, remarks = read(PEOPLE.replace("[[stages]]", f"{file}\n[[stages]]"), {"people": written})

    assert (records, remarks) == (ADA, [])


def test_joins_files_and_lists_children(read):
    records, remarks = read(SHOP, FILES)

    assert records == [
        {
            "number": "7", "assigned_user": "ada", "status": "Delivered", "ship_date": "2027-01-01",
            "custom": {"first": "red"},
            "rows": [
                {"line_number": "1", "part_number": "PUMP", "description": "red (Pumps)"},
                {"line_number": "2", "part_number": "VALVE"},
                {"line_number": "3", "description": "free ()"},
            ],
        },
        {"number": "8", "status": "Approved", "rows": []},
    ]  # fmt: skip
    assert remarks == ["1 values of Clerk in orders.csv are no users.username of the hub: left out."]


def test_leaves_lines_out_and_says_so(read):
    mapping = SHOP.replace('title = "orders"', 'unless = { Kind = "A" }').replace(', ignore = ["Kind"]', "")

    records, remarks = read(mapping, FILES)

    assert [record["number"] for record in records] == ["8"]
    assert "1 lines of orders.csv are left out by where and unless." in remarks


def test_takes_each_key_once_where_lines_are_not_distinct(read):
    mapping = PEOPLE.replace('"Name" }', '"Name" }\ndistinct = true')

    records, remarks = read(mapping, {"people": "ID,Name\n1,A\n2,B\n1,C\n"})

    assert records == [{"number": "1", "company": "A"}, {"number": "2", "company": "B"}]
    assert remarks == ["1 lines of people.csv have a key of customers again."]


def test_clears_blanks_where_the_stage_says_so(read):
    records, _ = read(PEOPLE.replace('"Name" }', '"Name" }\nclear = true'), {"people": "ID,Name\n1,\n"})

    assert records == [{"number": "1", "company": None}]


GOOD = {"people": "ID,Name\n1,Ada\n"}

SAME = ("", "")

# The mapping of people with something replaced, the file, and a part of the sentence.
WRONG = {
    "no TOML": (("[[stages]]", "[[stages"), GOOD, "mapping.toml is not TOML: "),
    "an unknown table": (("[files.people]", "[file.people]"), GOOD, "mapping.toml: 'file' is unknown; known are"),
    "one stage alone": (("[[stages]]", "[stages]"), GOOD, "mapping.toml: stages cannot be {"),
    "an unknown key of a stage": (("resource", "ressource"), GOOD, "'ressource' is unknown; known are file, where"),
    "a missing key": (('resource = "customers"\n', ""), GOOD, "resource is missing; say it."),
    "a value of another kind": (('"customers"', "5"), GOOD, "Stage 5: resource cannot be 5"),
    "fields of another kind": (("fields = {", "fields = 1 #"), GOOD, "Stage customers: fields cannot be 1"),
    "joins of another kind": (("fields", "joins = [1]\nfields"), GOOD, "joins cannot be [1]; it is a table of tables."),
    "an unknown key of a field": (
        ('"Name"', '{ column = "Name", rounds = 2 }'), GOOD,
        "Stage customers, field company: 'rounds' is unknown; known are column, template",
    ),
    "a field without a source": (('"Name"', "{ round = 2 }"), GOOD, "field company: say one of column, template,"),
    "a field with two": (('"Name"', '{ column = "Name", value = 2 }'), GOOD, "field company: say one of column,"),
    "an unknown file": (
        ('file = "people"', 'file = "peeple"'), GOOD,
        "Stage customers: there is no file 'peeple'; add [files.peeple], or name one of people.",
    ),
    "an unknown map": (('"Name"', '{ column = "Name", map = "x" }'), GOOD, "there is no map 'x'; add [maps.x]."),
    "a rounding that is none": (
        ('file = "people"', 'file = "people"\nrounding = "cent"'), GOOD,
        "Stage customers: rounding is row or order, not 'cent'.",
    ),
    "a file that is not there": (("people.csv", "peeple.csv"), GOOD, "peeple.csv cannot be read: No such file"),
    "another encoding": (SAME, {"people": "ID,Name\n1,Ä\n".encode("latin-1")}, "people.csv is not utf-8-sig"),
    "no such encoding": (('.csv"', '.csv"\nencoding = "utf-7000"'), GOOD, "people.csv is not utf-7000"),
    "a line that is too short": (SAME, {"people": "ID,Name\n1,A\n2\n"}, "people.csv, line 3: 1 values for 2 columns"),
    "columns of one name": (SAME, {"people": "ID,ID\n1,A\n"}, "people.csv has columns without a name of their own"),
    "an unknown column": (
        ('"Name"', '"Nmae"'), GOOD,
        "people.csv has no column 'Nmae', which stage customers, field company uses; it has ID, Name.",
    ),
    "columns that nothing uses": (
        SAME, {"people": "ID,Name,Fax,Web\n1,A,2,3\n"},
        "people.csv: nothing uses Fax, Web: map it, or ignore it in [files.people].",
    ),
    "a column that is ignored and used": (
        ('.csv"', '.csv"\nignore = ["Name"]'), GOOD, "people.csv: Name is ignored in [files.people], but is used",
    ),
    "a column that is ignored and not there": (
        ('.csv"', '.csv"\nignore = ["Fax"]'), GOOD, "Fax is ignored in [files.people], but is no column of it",
    ),
    "a value that cannot be read": (
        ('"Name"', '{ column = "Name", date = "iso" }'), GOOD, "people.csv, line 2, Name: 'Ada' is no date",
    ),
    "a key twice": (SAME, {"people": "ID,Name\n1,A\n1,B\n"}, "people.csv, line 3, number: 1 is in line 2, too"),
    "no key": (SAME, {"people": "ID,Name\n,A\n"}, "people.csv, line 2, number: there is none"),
}  # fmt: skip

# The same of the shop: what is replaced in the mapping, or in a file by its name, and how the sentence begins.
WRONG_IN_A_SHOP = {
    "a join to no line": (
        "goods",
        "2,VALVE",
        "3,VALVE",
        "rows.csv, line 3, Good: goods.csv has no line with 2: add it",
    ),
    "a join to two lines": ("goods", "2,VALVE", "1,VALVE", "goods.csv, line 3, ID: 1 is in line 2, too: say first"),
    "a child of no line": (
        "rows",
        "7,2",
        "9,2",
        "rows.csv, line 3, Order: no line of orders.csv has 9: add it, or say",
    ),
    "a join that comes later": ("mapping", 'on = "Good"', 'on = "group.ID"', "rows.csv has no column 'group.ID'"),
    "an unknown column of a join": ("mapping", '"good.Number"', '"good.Nr"', "goods.csv has no column 'Nr'"),
    "an unknown file of a join": (
        "mapping",
        'file = "groups"',
        'file = "g"',
        "Stage orders, rows: there is no file 'g'",
    ),
}


@pytest.mark.parametrize("change, files, sentence", [pytest.param(*row, id=name) for name, row in WRONG.items()])
def test_tells_what_is_wrong(read, change, files, sentence):
    with pytest.raises(MappingError) as error:
        read(PEOPLE.replace(*change), files)

    assert sentence in str(error.value)
    assert change == SAME or change[0] in PEOPLE
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "name, old, new, sentence", [pytest.param(*row, id=name) for name, row in WRONG_IN_A_SHOP.items()]
)
def test_tells_what_is_wrong_between_files(read, name, old, new, sentence):
    texts = {"mapping": SHOP, **FILES}
    assert old in texts[name]
    texts[name] = texts[name].replace(old, new)

    with pytest.raises(MappingError) as error:
        read(texts.pop("mapping"), texts)

    assert str(error.value).splitlines()[0].startswith(sentence)


def test_tells_all_at_once_and_each_reason_once(read):
    files = FILES | {"rows": "Order,Good,Text\n7,4,red\n7,5,\n7,4,free\n"}

    with pytest.raises(MappingError) as error:
        read(SHOP, files)

    assert [line.partition(":")[0] for line in str(error.value).splitlines()] == [
        "rows.csv, line 2, Good",
        "rows.csv, line 3, Good",
    ]


def test_takes_lines_that_belong_to_none_where_the_mapping_says_so(read):
    files = FILES | {"rows": "Order,Good,Text\n9,1,red\n"}

    records, _ = read(SHOP.replace('key = "Order"\n[', 'key = "Order"\norphans = true\n['), files)

    assert [record["rows"] for record in records] == [[], []]


def test_the_mapping_of_northwind_is_one():
    mapping = read_mapping(Path(__file__).parents[1] / "northwind.toml")

    assert [stage.name for stage in mapping.stages] == ["customers", "parts", "orders"]
