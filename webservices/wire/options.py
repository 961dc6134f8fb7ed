"""
The options that endpoints take: as HTTP headers, and by one name each for wires that have a place of their own.

    X-Dry-Run: true          DryRun            nothing is saved
    X-All-Or-None: true      AllOrNone         one failure undoes the whole call
    X-Import: true           Import            new orders may be finished business
    X-Check-Totals: true     CheckTotals       a total that is sent and differs fails its record
    If-Match: "7", "8"       IfMatch           the one record must have one of these versions
    Idempotency-Key: 8e03…   IdempotencyKey    names the call, so that it can be sent again
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from records.shapes.problems import ProblemError, invalid_problem
from records.shapes.values import Tags, quote_text
from webservices.wire.messages import Options
from webservices.wire.operations import Operation
from webservices.wire.record_notes import WARNINGS

TRUTH = {"true": True, "1": True, "false": False, "0": False}
# A list of entity tags (RFC 9110, 8.8.3), of which ours are a version in quotes. A list may have empty places.
TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"[ \t,]*{TAG}(?:[ \t]*,(?:[ \t]*{TAG})?)*[ \t]*")
VERSION = re.compile(r'(W/)?"(0|[1-9][0-9]{0,17})"', re.ASCII)
BARE_VERSION = re.compile(r"[0-9]{1,18}", re.ASCII)
KEY = re.compile(r"[\x20-\x7e]{1,255}")
# The same for contracts, as every language of generated clients can compile it.
FLAG_PATTERN = "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|1|0)$"
TAGS_PATTERN = r'^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$'
KEY_PATTERN = "^[!-~]([ -~]{0,253}[!-~])?$"  # white space around a header is none of it
WRONG_OPTION = "wrong-option"  # code of a problem
KEY_REUSED, KEY_IN_USE = "idempotency-key-reused", "idempotency-key-in-use"  # codes of problems
REPLAYED = "Idempotent-Replayed"  # the header of an answer that was given before


@dataclass(frozen=True)
class Option:
    """
    One option: its name in Options, its HTTP header, its name elsewhere, its text read and written, its meaning.

    pattern  of its header, for contracts
    general  every write takes it; else those operations that have it among their own
    """

    field: str
    header: str
    name: str
    read: Callable[[str, str], object]
    write: Callable[[object], str]
    help: str
    pattern: str
    general: bool = True

    @property
    def member(self) -> str:
        """Its name as a member of JSON: `dry_run`."""
        return self.header.removeprefix("X-").replace("-", "_").lower()


def read_flag(name: str, text: str) -> bool:
    """Read true or false; raise ProblemError for any other text, a blank one too: it may stand for a lost `true`."""
    try:
        return TRUTH[text.lower()]
    except KeyError:
        raise _wrong_option(f"{name} is true or false, not {quote_text(text)}.") from None


def _read_version(name: str, text: str) -> Tags:
    # In a place of its own a wire may say the bare version; in the header it would be no entity tag.
    return Tags((int(text),)) if name == "IfMatch" and BARE_VERSION.fullmatch(text) else read_tags(name, text)


def read_tags(name: str, text: str, *, weak: bool = False) -> Tags:
    """
    Return the entity tags of a condition; raise ProblemError for what is no list of them.

    weak  a weak tag, W/"7", names its version: so If-None-Match compares, and If-Match does not (RFC 9110, 8.8.3.2)
    """
    if text == "*":
        return Tags(any=True)
    if not TAGS.fullmatch(text):
        raise _wrong_option(f'{name} is the version of a record in quotes, such as "7", or *, not {quote_text(text)}.')
    versions = (VERSION.fullmatch(tag) for tag in re.findall(TAG, text))
    return Tags(tuple(int(found[2]) for found in versions if found and (weak or not found[1])))


def _read_key(name: str, text: str) -> str:
    if not KEY.fullmatch(text):
        raise _wrong_option(f"{name} has 1 to 255 printable ASCII characters.")
    return text


def _wrong_option(sentence: str) -> ProblemError:
    return ProblemError(invalid_problem(sentence, code=WRONG_OPTION))


def _write_flag(flag: object) -> str:
    return "true" if flag else "false"


KEY_HELP = (
    "Names a write, such as by a new UUID, so that it is done once however often it is sent. The same call with the "
    f"same key gets the answer of the first one, byte for byte, with the header {REPLAYED}: true; another call with "
    "it is refused; while the first one is running, the answer is a refusal with Retry-After. Answers are stored for "
    "24 hours, unless the site says otherwise. A call of which nothing was written may be sent again with its key."
)
IMPORT_HELP = (
    "New records may be finished business: in any status, for inactive customers, contacts and parts, without the "
    "steps between. It needs a permission of its own."
)
CHECK_HELP = (
    "A total that is sent and is not the computed one fails its record; else that is a warning, which the header "
    f"{WARNINGS} of the answer has, too."
)
OPTIONS = (
    Option("dry_run", "X-Dry-Run", "DryRun", read_flag, _write_flag, "Nothing is saved.", FLAG_PATTERN),
    Option(
        "all_or_none",
        "X-All-Or-None",
        "AllOrNone",
        read_flag,
        _write_flag,
        "One failed record undoes the call.",
        FLAG_PATTERN,
    ),
    Option("import_finished", "X-Import", "Import", read_flag, _write_flag, IMPORT_HELP, FLAG_PATTERN, general=False),
    Option(
        "check_totals", "X-Check-Totals", "CheckTotals", read_flag, _write_flag, CHECK_HELP, FLAG_PATTERN, general=False
    ),
    Option("if_match", "If-Match", "IfMatch", _read_version, str, "The version of the one record.", TAGS_PATTERN),
    Option("idempotency_key", "Idempotency-Key", "IdempotencyKey", _read_key, str, KEY_HELP, KEY_PATTERN),
)

FLAGS = tuple(option for option in OPTIONS if option.read is read_flag)


def options_from_headers(headers: Mapping[str, str]) -> Options:
    """Return the options of an HTTP request, its headers by lower-case name; raise ProblemError for a wrong value."""
    return _read_options(lambda option: (option.header, headers.get(option.header.lower())))


def options_from_names(texts: Mapping[str, str], headers: Mapping[str, str]) -> Options:
    """The options by their names (`DryRun`), and those of the HTTP headers where no name says otherwise."""
    return _read_options(
        lambda option: (
            (option.name, texts[option.name])
            if option.name in texts
            else (option.header, headers.get(option.header.lower()))
        )
    )


def _read_options(look_up: Callable[[Option], tuple[str, str | None]]) -> Options:
    found: dict[str, Any] = {}
    for option in OPTIONS:
        name, text = look_up(option)
        if text is not None:
            found[option.field] = option.read(name, text.strip())
    return Options(**found)


def own_options(operations: Iterable[Operation]) -> list[Option]:
    """Return the options that some of these operations have, and not every write."""
    fields = {each.field for operation in operations for each in operation.options}
    return [option for option in OPTIONS if option.field in fields]


def own_options_help(operations: Iterable[Operation]) -> str:
    """Return the sentences of a contract about those, with a space before; "": there are none."""
    helps = [f"{option.name} ({option.header}): {option.help}" for option in own_options(operations)]
    return f" Some of its operations take more options: {' '.join(helps)}" if helps else ""


def headers_from_options(options: Options) -> dict[str, str]:
    """The HTTP headers of those options that are set: undoes `options_from_headers`."""
    return {option.header: option.write(value) for option, value in set_options(options)}


def set_options(options: Options) -> list[tuple[Option, object]]:
    """The options that differ from none being sent, with their values."""
    values = [(option, getattr(options, option.field)) for option in OPTIONS]
    return [(option, value) for option, value in values if value != getattr(NO_OPTIONS, option.field)]


NO_OPTIONS = Options()
