"""
The members of a body as texts: a flat object, or an object with lists, in one of two shapes.

    {"SO_ID": "1", "LINES": [{…}], "COMMENTS": [{…}], "AUTH_TOKEN": "…"}          the head at the root
    {"SalesOrder": {"SO_ID": "1"}, "SalesOrderLine": [{…}], "AUTH_TOKEN": "…"}    the older generation's
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.values import quote_text
from webservices.wire.dialects.expandable.tables import TOKEN, Program
from webservices.wire.json import Json, to_values
from webservices.wire.operations import Verb

Texts = dict[str, str]
OLD_PREFIX = "SalesOrder"
OLD_HEAD = "SalesOrder"


@dataclass(frozen=True)
class Members:
    """
    The members of a body.

    own    those of the record itself, without the token
    lists  the entries of each list that was sent, by the name of its member in the newer generation
    old    the body has the older generation's shape
    """

    own: Texts
    token: str = ""
    lists: Mapping[str, list[Texts]] = field(default_factory=dict)
    old: bool = False


def read_text(found: Json, name: str) -> str:
    """Return a value as the text that it stands for; raises ProblemError for an array or an object."""
    if isinstance(found, dict | list):
        shape = "an array" if isinstance(found, list) else "an object"
        raise shape_error(f"{quote_text(name)} takes a text, not {shape}.")
    # A client that writes numbers as numbers means the same: its digits are kept as they came.
    text = to_values(found)
    return text if isinstance(text, str) else ""


def read_texts(found: Json, name: str = "") -> Texts:
    """Return the members of an object, each as text; raises ProblemError where there is no object."""
    if not isinstance(found, dict):
        what = quote_text(name) if name else "The body"
        raise shape_error(f"{what} must be an object.")
    return {member: read_text(value, member) for member, value in found.items()}


def shape_error(sentence: str, code: str = "wrong-shape") -> ProblemError:
    """The error of JSON that is none of the shapes that are taken."""
    return ProblemError(Problem(code, Family.MALFORMED, sentence))


def list_members(program: Program) -> dict[str, str]:
    """Return the members that hold lists, each with its name in the older generation."""
    lines = {program.lines.member: program.lines.old_member} if program.lines else {}
    return lines | {each.member: each.old_member for each in program.lists}


def read_members(program: Program | None, verb: object, found: Json) -> Members:
    """Return the members of a body; raises ProblemError for what has another shape."""
    names = list_members(program) if program else {}
    if not names:
        own = read_texts(found)
        return Members(own, own.pop(TOKEN, ""))
    if not isinstance(found, dict):
        raise shape_error("The body must be an object.")
    if program is not None and not program.is_entry and any(name.startswith(OLD_PREFIX) for name in found):
        return _read_old_members(names, verb, found)
    not_taken = program.not_taken if program is not None else {}
    own = read_texts({name: value for name, value in found.items() if name not in (*names, *not_taken)})
    own |= {name: "" for name in not_taken if found.get(name)}
    return Members(own, own.pop(TOKEN, ""), _read_lists({name: name for name in names}, found))


def _read_old_members(names: Mapping[str, str], verb: object, found: Mapping[str, Json]) -> Members:
    """Return the members of a body of the older generation's shape, whose head is a member of its own."""
    token = read_text(found.get(TOKEN), TOKEN)
    others = [name for name in found if not name.startswith(OLD_PREFIX) and name != TOKEN]
    if others:
        raise shape_error(f"{quote_text(others[0])} stands beside {OLD_HEAD}; send all fields of the order inside it.")
    if found.get(OLD_HEAD) is None:
        raise shape_error(f"{OLD_HEAD} is missing.", "no-header")
    own = read_texts(found[OLD_HEAD], OLD_HEAD)
    if verb in (Verb.UPDATE, Verb.REMOVE) and "SO_ID" not in own:
        raise shape_error(f"{OLD_HEAD} has no SO_ID.", "header-without-key")
    known = {OLD_HEAD, TOKEN, *names.values()}
    # Kept under their names, for the record to be refused for them as for any other unknown name.
    unknown = {name: "" for name in found if name not in known}
    return Members({**own, **unknown}, token, _read_lists(names, found), old=True)


def _read_lists(names: Mapping[str, str], found: Mapping[str, Json]) -> dict[str, list[Texts]]:
    lists: dict[str, list[Texts]] = {}
    for member, name in names.items():
        entries: Sequence[Json] | Json = found.get(name)
        if entries is None:  # null as well: generated classes send it for what nobody set
            continue
        if not isinstance(entries, list):
            raise shape_error(f"{quote_text(name)} must be an array of objects.")
        lists[member] = [read_texts(entry, name) for entry in entries]
    return lists
