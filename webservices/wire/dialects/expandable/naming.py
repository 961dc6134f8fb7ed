"""What a field that a sentence is about is called here, by the hub's path to it."""

from collections.abc import Sequence

from records.shapes.problems import Path
from webservices.wire.dialects.expandable.names import PLAIN, PROGRAMS
from webservices.wire.dialects.expandable.tables import NAME_OF_NONE, OF_A_NUMBER, Lines


def spell(plural: str, path: Path) -> str:
    """
    `("rows", 0, "quantity")` of an order is `SalesOrderLine[1].ORDER_QTY`, `("attachments", 1)` is `ATTACHMENTS[2]`; a
    name that is no field's stays.
    """
    name, *rest = path or ("",)
    if str(name).startswith(NAME_OF_NONE):
        return str(name).removeprefix(NAME_OF_NONE)
    program = PROGRAMS.get(plural)
    if program is None:
        return _of_plain(plural).get(str(name), str(name))
    if program.lines is not None and name == program.lines.name:
        return program.lines.member + _in_lines(program.lines, rest)
    if program.users and str(name).startswith(OF_A_NUMBER):
        return f"{program.users}_{str(name)[len(OF_A_NUMBER) :]}"
    audit = {"created_by": "CREATED_BY", "created_at": "DATE_CREATED", "changed_by": "MODIFIED_BY"}
    if name == "changed_at":
        return "TIME_LAST_UPDT" if "time" in rest else "DATE_MODIFIED"
    spelled = program.by_hub.get(str(name)) or audit.get(str(name), str(name))
    return spelled + "".join(f"[{step + 1}]" for step in rest if isinstance(step, int))


def _of_plain(plural: str) -> dict[str, str]:
    found = (plain for (about, _), plain in PLAIN.items() if about == plural)
    return {name: wire for plain in found for wire, name in (*plain.says.items(), *plain.takes.items())}


def _in_lines(lines: Lines, rest: Sequence[str | int]) -> str:
    """`[1].ORDER_QTY` of `(0, "quantity")`."""
    wire = {name: wire for wire, name in lines.fields.items()}
    names = [wire.get(step, str(step).removeprefix(NAME_OF_NONE)) for step in rest]
    pairs = zip(rest, names, strict=True)
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{name}" for step, name in pairs)
