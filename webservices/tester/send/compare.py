"""
Comparison of two answers by their meaning.

    <a:status xmlns:a="…"><a:success>true</a:success><a:message>Sat Nov 21 … - done</a:message></a:status>
    <status><message>Sun Nov 22 … - done</message><success>true</success></status>                        the same

Prefixes and namespaces have no meaning, nor has the order of children (members) with different names; repeated ones
keep their order. Any two dates with times are equal. Paths that the tester ignores are not compared:

    Envelope.Body.addPartsResponse.status.message     one path, in every repetition
    *.id                                              everything of this name
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from lxml import etree

from records.shapes.problems import ProblemError
from webservices.wire.json import read_json, write_json
from webservices.wire.xml.documents import InvalidXml, parse_document

MOMENT = "«moment»"
IGNORED = "«not compared»"
CALL_MARK = "«call»"
DAY, ZONE = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)", r"(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})"
MOMENT_PATTERN = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}[T ]\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d+)?(?:{ZONE})?"
    rf"|{DAY} [A-Z][a-z]{{2}} \d{{1,2}} \d{{2}}:\d{{2}}:\d{{2}} (?:{ZONE} )?\d{{4}}"
    rf"|{DAY}, \d{{2}} [A-Z][a-z]{{2}} \d{{4}} \d{{2}}:\d{{2}}:\d{{2}} GMT"
)

Tree = str | list["Tree"] | dict[str, "Tree"]


@dataclass(frozen=True)
class Difference:
    """One path at which two answers differ; `before` or `after` is None where there is no value."""

    path: str
    before: str | None
    after: str | None

    @property
    def place(self) -> str:
        """The path as it is ignored: `records.id` for `records[2].id`."""
        return re.sub(r"\[\d+\]", "", self.path)

    @property
    def everywhere(self) -> str:
        """`*.id`: everything of this name."""
        return f"*.{self.place.rpartition('.')[2]}" if self.path else ""


def build_tree(body: str, content_type: str = "", call_id: str = "") -> Tree:
    """
    Build the tree of a body: elements and members by name, sorted; a body that is neither XML nor JSON stays text.

    call_id  of the call, which is replaced by a mark: it is another one each time
    """
    body = body.replace(call_id, CALL_MARK) if call_id else body
    if "json" in content_type or body.lstrip()[:1] in ("{", "["):
        try:
            # `read_json` refuses what `json.loads` lets pass, a name twice; numbers become texts as they are spelled.
            return _json_tree(json.loads(write_json(read_json(body.encode())), parse_float=str, parse_int=str))
        except (ProblemError, ValueError):
            return body.strip()
    try:
        root = parse_document(body.strip().encode(), remove_comments=True, remove_pis=True)
    except InvalidXml:
        return body.strip()
    return {etree.QName(root).localname: _element_tree(root)}


def _json_tree(found: object) -> Tree:
    match found:
        case dict():
            return {name: _json_tree(found[name]) for name in sorted(found)}
        case list():
            return [_json_tree(each) for each in found]
        case str():
            return found
    return json.dumps(found)


def _element_tree(element: etree._Element) -> Tree:
    children: dict[str, list[Tree]] = {}
    for child in element.iterchildren(tag=etree.Element):
        children.setdefault(etree.QName(child).localname, []).append(_element_tree(child))
    attributes = {f"@{etree.QName(name).localname}": value.strip() for name, value in element.attrib.items()}
    text = "".join(element.itertext()).strip() if not children else ""
    if not children and not attributes:
        return text
    single = {name: each[0] if len(each) == 1 else each for name, each in children.items()}
    return dict(sorted({**attributes, **single, **({"text": text} if text else {})}.items()))


def normalize(tree: Tree, ignored: Collection[str] = (), path: str = "") -> Tree:
    """Replace by marks the parts of a tree that are not compared: dates with times, and ignored paths."""
    if path and _is_ignored(path, ignored):
        return IGNORED
    match tree:
        case dict():
            return {name: normalize(each, ignored, f"{path}.{name}" if path else name) for name, each in tree.items()}
        case list():
            return [normalize(each, ignored, path) for each in tree]
    return MOMENT_PATTERN.sub(MOMENT, tree)


def _is_ignored(path: str, ignored: Collection[str]) -> bool:
    name = path.rpartition(".")[2]
    return path in ignored or f"*.{name}" in ignored


def first_index(content_type: str) -> int:
    """The number of the first of several: 0 in JSONPath, 1 in XPath."""
    return 0 if "json" in content_type else 1


def differences(before: Tree, after: Tree, ignored: Collection[str] = (), *, first: int = 1) -> list[Difference]:
    """The differences in meaning of two answers, in the order of the earlier one; lists are counted from `first`."""
    return list(_walk_differences(normalize(before, ignored), normalize(after, ignored), "", first))


def _walk_differences(before: Tree | None, after: Tree | None, path: str, first: int) -> Iterator[Difference]:
    if before == after:
        return
    match before, after:
        case dict(), dict():
            for name in dict.fromkeys([*before, *after]):
                inner = f"{path}.{name}" if path else name
                yield from _walk_differences(before.get(name), after.get(name), inner, first)
        case (list(), _) | (_, list()):
            ours, theirs = (_as_list(each) for each in (before, after))
            for number, (one, other) in enumerate(zip_longest(ours, theirs), first):
                yield from _walk_differences(one, other, f"{path}[{number}]", first)
            if ours == theirs:  # a list of one against a single value
                yield Difference(path, _display(before), _display(after))
        case _:
            yield Difference(path, _display(before), _display(after))


def _as_list(tree: Tree | None) -> list[Tree]:
    return tree if isinstance(tree, list) else [] if tree is None else [tree]


def _display(tree: Tree | None) -> str | None:
    """The text of a leaf, the JSON of anything else; None where there is nothing."""
    return tree if tree is None or isinstance(tree, str) else canonical_text(tree)


def canonical_text(tree: Tree) -> str:
    """Write a tree as indented text, equal for equal trees; the editor's merge view compares these texts."""
    return json.dumps(tree, indent=2, ensure_ascii=False)
