"""
The checks that come before anything is timed: every side answers right, or it takes no part.

    a read   a rival that speaks SOAP answers element by element what the hub answers; others have the part's values
    a write  the same rows are stored, and of who keeps Changes and exchanges the same ones
    both     a rival refuses a wrong password
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from lxml import etree

from benchmarks import catalogue, stored
from benchmarks.environment import PASSWORD
from benchmarks.http_ground import FLOOR, GUNICORN, HUB
from benchmarks.http_works import STORED_PARTS, Side, Work, next_turn
from benchmarks.load import Plan, Report, Template, WrongAnswer, run

CALL = 7  # whose answer is looked at
WRONG = b"no password"


class NoRival(Exception):
    """A side answers other than the hub does; the sentence says how."""


def check_sides(work: Work, urls: Mapping[str, str]) -> dict[str, str]:
    """
    Return why rivals take no part, by the side's name; raises NoRival when it is the hub that is wrong.

    urls  of the servers that run
    """
    first = work.sides[0]
    expected = _try(work, first, urls)
    wrong = {}
    for side in work.sides:
        if side.server not in urls:
            continue
        try:
            _compare(work, side, expected, _try(work, side, urls))
            # The hub has tests of its own for that, and would count the guesses of this address.
            if side.server != HUB:
                _expect_refusal(side, urls[side.server])
        except (NoRival, WrongAnswer) as error:
            if side.server == HUB:
                raise NoRival(f"{side.name}: {error}") from error
            wrong[side.name] = str(error)
    return wrong


def _try(work: Work, side: Side, urls: Mapping[str, str]) -> dict[str, object]:
    """Make a call, and return what is compared of it."""
    turn = next_turn()
    side.prepare(turn)
    template = side.build(turn)
    report = _call(template, urls[side.server])
    if work.stored is None:
        return {"body": report.body, "tree": _read_tree(report.body)}
    found: dict[str, object] = {"rows": work.stored(f"{turn}-")}
    if side.server in (HUB, FLOOR, GUNICORN):
        found["history"] = stored.list_history(f"{turn}-")
    return found


def _call(template: Template, url: str) -> Report:
    return run(Plan(url, template, connections=1, seconds=60, calls=1, first=CALL))


def _compare(work: Work, side: Side, expected: dict[str, object], found: dict[str, object]) -> None:
    if (work.stored is None and side.server == HUB) or found.get("tree", "") is None:
        if not side.name.endswith("search"):
            # Expandable's prices are records of their own.
            _expect_values(found["body"], priced=not side.name.endswith("Expandable"))
        return
    for name in expected.keys() & found.keys() - {"body"}:
        if expected[name] != found[name]:
            raise NoRival(f"it has other {name}: {found[name]!r}, the hub {expected[name]!r}"[:1500])


def _read_tree(body: bytes) -> object:
    """Return the answer inside an Envelope as nested names and texts, without the sentence that has the time in it."""
    if not body.lstrip().startswith(b"<"):
        return None
    root = etree.fromstring(body)
    [content] = root.find("{*}Body").iterchildren(tag=etree.Element)
    return _describe(content)


def _describe(element: etree._Element) -> object:
    children = [_describe(child) for child in element.iterchildren(tag=etree.Element)]
    text = "" if element.tag.endswith("}message") else (element.text or "").strip()
    return element.tag, children or text


def _expect_values(body: bytes, *, priced: bool = True) -> None:
    """Raise NoRival unless all that a part was stored with is among the values of an answer."""
    part = catalogue.parts("READ", STORED_PARTS)[CALL * 7919 % STORED_PARTS]
    prices = part["price"].values() if priced else ()
    texts = [part["number"], *part["description"].values(), *prices, part["lead_time"], part["notes"]]
    answered = {_plain(text) for text in _list_values(body)}
    if missing := [text for text in texts if _plain(text) not in answered]:
        raise NoRival(f"it has no {missing[0]}: {body[:1500]!r}")


def _list_values(body: bytes) -> list[str]:
    if body.lstrip().startswith(b"<"):
        return [text for text in etree.fromstring(body).itertext() if text.strip()]
    waiting, found = [json.loads(body)], []
    while waiting:
        match waiting.pop():
            case dict() as members:
                waiting += members.values()
            case list() as items:
                waiting += items
            case value:
                found.append(str(value))
    return found


def _plain(text: str) -> str:
    """Return a number without the zeros that a wire may add, any other text as it is."""
    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        return text.strip()


def _expect_refusal(side: Side, url: str) -> None:
    """Raise NoRival if a wrong password, where one is sent, is taken."""
    turn = next_turn()
    side.prepare(turn)
    template = side.build(turn)
    refused = replace(
        template,
        body=template.body.replace(PASSWORD.encode(), WRONG),
        headers={
            name: re.sub(r"Basic .*", "Basic YWRhOnRoZSB3cm9uZyBvbmU=", text) for name, text in template.headers.items()
        },
    )
    if refused.body == template.body and refused.headers == template.headers:
        return  # a session, or a token
    try:
        _call(refused, url)
    except WrongAnswer:
        return
    raise NoRival("it takes a wrong password")
