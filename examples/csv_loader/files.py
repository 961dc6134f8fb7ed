"""Files as they are written, and a look that nothing of them is left out in silence."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from .mapping import File, Mapping, Records
from .values import Line, MappingError

NUMBER = "#"  # a column that each line has: its number in the file

Columns = dict[str, list[str]]


def read_file(path: Path, file: File) -> tuple[list[str], list[Line]]:
    """Return the columns of a file, and its lines without those that are ignored; raises MappingError."""
    try:
        rows = [(number, row) for number, row in _read_rows(path, file) if row and row != [""]]
    except OSError as error:
        raise MappingError(f"{path.name} cannot be read: {error.strerror}.") from None
    except (UnicodeError, LookupError) as error:
        raise MappingError(f"{path.name} is not {file.encoding} ({error}): say its encoding.") from None
    except (csv.Error, TypeError) as error:
        raise MappingError(f"{path.name} cannot be read as CSV ({error}): say its separator and quote.") from None
    columns = file.columns or [name.strip() for name in (rows.pop(0)[1] if rows else [])]
    if len({*columns}) < len(columns) or not all(columns):
        raise MappingError(f"{path.name} has columns without a name of their own: say all of them as columns.")
    kept = [(index, name) for index, name in enumerate(columns) if name not in file.ignore]
    lines = []
    for number, row in rows:
        if len(row) != len(columns):
            raise MappingError(
                f"{path.name}, line {number}: {len(row)} values for {len(columns)} columns: correct the line, or say "
                "columns, separator, quote and line_end as they are."
            )
        line = {NUMBER: str(number)}
        for index, name in kept:
            text = row[index].strip()
            line[name] = "" if text in file.absent else text
        lines.append(line)
    return columns, lines


def _read_rows(path: Path, file: File) -> Iterator[tuple[int, list[str]]]:
    if len(file.separator) > 1 or file.line_end:  # which the csv module cannot read
        text = path.read_text(encoding=file.encoding).removeprefix("\ufeff")
        for number, each in enumerate(text.split(file.line_end or "\n"), start=1):
            yield number, each.strip("\r\n").split(file.separator)
    else:
        quoting = csv.QUOTE_MINIMAL if file.quote else csv.QUOTE_NONE
        with path.open(encoding=file.encoding, newline="") as opened:
            reader = csv.reader(opened, delimiter=file.separator, quotechar=file.quote or None, quoting=quoting)
            for row in reader:
                yield reader.line_num, row


def check_columns(mapping: Mapping, columns: Columns) -> None:
    """Raise MappingError where a mapping names a column that is none, or does not name one that is."""
    use = _Use(mapping, columns)
    for stage in mapping.stages:
        use.add_records(stage, f"stage {stage.name}")
        for name, child in stage.children.items():
            place = f"stage {stage.name}, {name}"
            use.add_records(child, place)
            use.add(stage.file, child.on, place)
            use.add(child.file, child.key, place)
    use.check()


class _Use:
    """The columns that a mapping uses, by file."""

    def __init__(self, mapping: Mapping, columns: Columns):
        self.files = mapping.files
        self.columns = columns
        self.used: dict[str, set[str]] = defaultdict(set)

    def add(self, file: str, names: Iterator[str], place: str) -> None:
        for name in names:
            if name not in self.columns[file] and name != NUMBER:
                known = ", ".join(self.columns[file])
                raise MappingError(
                    f"{self.files[file].path} has no column {name!r}, which {place} uses; it has {known}."
                )
            self.used[file].add(name)

    def add_records(self, records: Records, place: str) -> None:
        self.add(records.file, [*records.where, *records.unless], place)
        files: dict[str, str] = {}
        for alias, join in records.joins.items():
            self._add_joined(records.file, files, join.on, f"{place}, join {alias}")
            self.add(join.file, [*join.key, *join.where, *join.unless], f"{place}, join {alias}")
            files[alias] = join.file
        for field, values in records.fields.items():
            for value in values:
                self._add_joined(records.file, files, value.columns, f"{place}, field {field}")

    def _add_joined(self, file: str, files: dict[str, str], names: list[str], place: str) -> None:
        """Add columns of the file, or of a join by its name and a dot."""
        for name in names:
            alias, dot, rest = name.partition(".")
            self.add(*((files[alias], [rest]) if dot and alias in files else (file, [name])), place)

    def check(self) -> None:
        for name, file in self.files.items():
            used, known = self.used[name], self.columns[name]
            if left := [column for column in known if column not in used and column not in file.ignore]:
                columns = ", ".join(left)
                raise MappingError(f"{file.path}: nothing uses {columns}: map it, or ignore it in [files.{name}].")
            if wrong := [column for column in file.ignore if column in used or column not in known]:
                reason = "is used" if wrong[0] in used else "is no column of it"
                raise MappingError(
                    f"{file.path}: {wrong[0]} is ignored in [files.{name}], but {reason}: take it out there."
                )
