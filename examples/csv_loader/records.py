"""
The records that a mapping makes of files, all of them before the first is sent.

    read_records(mapping, folder, known).stages    [(stage, [{"number": "10248", "rows": [{…}, …], …}, …]), …]
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .files import NUMBER, Columns, check_columns, read_file
from .mapping import Child, Join, Lines, Mapping, Records, Stage
from .values import Line, MappingError, Value, applies

Record = dict[str, Any]
Key = tuple[str, ...]
Index = dict[Key, Line]
Known = Callable[[str], Collection[str]]


@dataclass(frozen=True)
class Reading:
    """The records of each stage, and what the mapping left out, in words."""

    stages: list[tuple[Stage, list[Record]]]
    remarks: list[str]


def read_records(mapping: Mapping, folder: Path, known: Known) -> Reading:
    """
    Return the records of all stages.

    `known` returns the values that the hub has of a field, by "resource.field". Raises MappingError with all that the
    mapping and the files lack, a sentence a line.
    """
    files = {name: read_file(folder / file.path, file) for name, file in mapping.files.items()}
    columns = {name: columns for name, (columns, _) in files.items()}
    check_columns(mapping, columns)
    reader = Reader(mapping, columns, {name: lines for name, (_, lines) in files.items()}, known)
    stages = [(stage, list(reader.read_stage(stage))) for stage in mapping.stages]
    if reader.problems:
        raise MappingError("\n".join(reader.problems.values()))
    return Reading(stages, [f"{count:,} {what}" for what, count in reader.left_out.items()])


class Reader:
    """Makes records of lines; collects the problems that it meets, each of them once."""

    def __init__(self, mapping: Mapping, columns: Columns, lines: dict[str, list[Line]], known: Known):
        self.mapping = mapping
        self.columns = columns
        self.lines = lines
        self.known = known
        self.problems: dict[tuple[str, str, str], str] = {}
        self.left_out: Counter[str] = Counter()

    def read_stage(self, stage: Stage) -> Iterator[Record]:
        """Yield the records of a stage."""
        children = {name: (child, self._group(child, stage)) for name, child in stage.children.items()}
        first_lines: dict[Key, str] = {}
        for line in self._join_lines(stage):
            record = self._read_fields(stage, line, 1, stage.clear)
            key = tuple(str(record.get(name) or "") for name in stage.key)
            earlier = first_lines.setdefault(key, line[NUMBER])
            # A key of several fields may have blanks, such as a price's code; not its first, nor the only one.
            if not key[0]:
                self._reject(stage, line, "there is none: map it, or leave such lines out with where.", stage.key)
            elif earlier != line[NUMBER] and stage.distinct:
                self.left_out[f"lines of {self.mapping.files[stage.file].path} have a key of {stage.name} again."] += 1
                continue
            elif earlier != line[NUMBER]:
                text = f"{', '.join(key)} is in line {earlier}, too: correct one of them, or say distinct = true."
                self._reject(stage, line, text, stage.key)
            for name, (child, groups) in children.items():
                group = enumerate(groups.get(_key(line, child.on), ()), start=1)
                record[name] = [self._read_fields(child, each, position, stage.clear) for position, each in group]
            yield record

    def _read_fields(self, records: Records, line: Line, position: int, clear: bool) -> Record:
        record: Record = {}
        for name, values in records.fields.items():
            found = self._read_value(records, values, line, position)
            if found is not None or clear:
                first, dot, rest = name.partition(".")
                if dot:
                    record.setdefault(first, {})[rest] = found
                else:
                    record[name] = found
        return record

    def _read_value(self, records: Records, values: list[Value], line: Line, position: int) -> Any:
        """Return the first of the values that there is."""
        path = self.mapping.files[records.file].path
        for value in values:
            try:
                found = value.read(line, position)
            except MappingError as error:
                self._reject(records, line, str(error), value.columns[:1])
                return None
            if found is not None and value.known and str(found) not in self.known(value.known):
                self.left_out[f"values of {value.columns[0]} in {path} are no {value.known} of the hub: left out."] += 1
            elif found is not None:
                return found
        return None

    def _join_lines(self, records: Records) -> Iterator[Line]:
        """Yield the lines that meet the conditions, with the columns of their joins: `{"buyer.Name": …}`."""
        path = self.mapping.files[records.file].path
        indexes = [
            (join, self._index(alias, join), {f"{alias}.{name}": "" for name in (NUMBER, *self.columns[join.file])})
            for alias, join in records.joins.items()
        ]
        for line in self.lines[records.file]:
            if not applies(line, records.where, records.unless):
                self.left_out[f"lines of {path} are left out by where and unless."] += 1
                continue
            joined = line
            for join, index, blank in indexes:
                key = _key(joined, join.on)
                found = index.get(key, blank) if all(key) else blank
                if found is blank and all(key) and not join.optional:
                    other = self.mapping.files[join.file].path
                    text = f"{other} has no line with {', '.join(key)}: add it, or say optional = true in the join."
                    self._reject(records, line, text, join.on)
                joined = joined | found
            yield joined

    def _index(self, alias: str, join: Join) -> Index:
        """Return the lines of a join by key, with the names that their columns have there."""
        index: Index = {}
        for line in self.lines[join.file]:
            if applies(line, join.where, join.unless):
                key = _key(line, join.key)
                if key not in index:
                    index[key] = {f"{alias}.{name}": text for name, text in line.items()}
                elif not join.first:
                    earlier = index[key][f"{alias}.{NUMBER}"]
                    text = f"{', '.join(key)} is in line {earlier}, too: say first = true in join {alias}, or where."
                    self._reject(join, line, text, join.key)
        return index

    def _group(self, child: Child, stage: Stage) -> dict[Key, list[Line]]:
        """Return a child's lines by the key of the line that they belong to."""
        groups: dict[Key, list[Line]] = defaultdict(list)
        for line in self._join_lines(child):
            groups[_key(line, child.key)].append(line)
        # The lines that a stage leaves out have children, too: these are no orphans.
        parents = {_key(line, child.on) for line in self.lines[stage.file]}
        for key in groups.keys() - parents if not child.orphans else ():
            path = self.mapping.files[stage.file].path
            text = f"no line of {path} has {', '.join(key)}: add it, or say orphans = true."
            self._reject(child, groups[key][0], text, child.key)
        return groups

    def _reject(self, lines: Lines, line: Line, text: str, columns: list[str]) -> None:
        path, names = self.mapping.files[lines.file].path, ", ".join(columns)
        self.problems.setdefault((path, names, text), f"{path}, line {line[NUMBER]}, {names}: {text}")


def _key(line: Line, columns: list[str]) -> Key:
    return tuple(line[name] for name in columns)
