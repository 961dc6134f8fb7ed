"""
The options of a call: over SOAP elements of {N}Options, over REST parameters of the address.

    <PartOptions>                                      ?_username=ada&_password=…&_logoutSession=false
      <Username>ada</Username><Password>…</Password>   &_includeMetaData=true&_logLevel=DETAIL&_logTitle=Nightly+load
      <LogoutSession>false</LogoutSession>             &_logDebug=INPUT_DATA
      <IncludeMetaData>true</IncludeMetaData>
      <LogLevel>DETAIL</LogLevel> <LogTitle>Nightly load</LogTitle> <LogDebug>INPUT_DATA</LogDebug>
    </PartOptions>

Two underscores are taken for one. Of credentials those of the address go first, then those of the options, then HTTP's
own, then the session's cookie.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from records.shapes.problems import ProblemError, invalid
from records.shapes.values import quoted
from webservices.wire.authorization import from_authorization
from webservices.wire.credentials import Credentials, Password, SessionToken
from webservices.wire.dialects.ecosys.names import COOKIE, operation_name
from webservices.wire.dialects.ecosys.published import PublishedApi
from webservices.wire.messages import Call, LogWish, SessionWish

USERNAME, PASSWORD, LOGOUT, META = "Username", "Password", "LogoutSession", "IncludeMetaData"
LEVEL, TITLE, DEBUG = "LogLevel", "LogTitle", "LogDebug"
OPTIONS = (USERNAME, PASSWORD, LOGOUT, LEVEL, TITLE, DEBUG, META)

LEVELS = ("SUMMARY", "FAIL", "DETAIL")
LEVELS_WITH_INPUT = LEVELS[1:]
INPUT = "INPUT_DATA"
LONGEST_TITLE = 200
FLAGS = {"true": True, "1": True, "false": False, "0": False}
COOKIES = re.compile(rf"(?:^|;)\s*{COOKIE}=\"?([^;\"\s]+)")

Texts = Mapping[str, str]


def in_address(name: str) -> str:
    """`_logLevel` of `LogLevel`: an option as a parameter of an address."""
    return f"_{name[0].lower()}{name[1:]}"


BY_PARAMETER = {in_address(name): name for name in OPTIONS}


def named_in_address(parameter: str) -> str:
    """The option that a parameter of an address is, with one underscore or two; "" for any other."""
    return BY_PARAMETER.get("_" + parameter.lstrip("_"), "") if parameter.startswith("_") else ""


def credentials_of(address: Texts, options: Texts, headers: Mapping[str, str]) -> Credentials | None:
    """Who is calling; None: it is not said. A bearer token of HTTP is the door's to see."""
    for texts in (address, options):
        if texts.get(USERNAME, "").strip() or texts.get(PASSWORD, ""):
            return Password(texts.get(USERNAME, "").strip(), texts.get(PASSWORD, ""))
    if found := from_authorization(headers.get("authorization", "")):
        return found
    session = COOKIES.search(headers.get("cookie", ""))
    return SessionToken(session[1]) if session else None


def session_wish(options: Texts, credentials: Credentials | None) -> SessionWish:
    """A session ends with the call, unless LogoutSession is false; where there is none, nothing is asked of it."""
    said = flag(options, LOGOUT)
    if said is None:
        return SessionWish.END if isinstance(credentials, SessionToken) else SessionWish.NONE
    return SessionWish.END if said else SessionWish.KEEP


def flag(options: Texts, name: str) -> bool | None:
    """True or false; None where it is not said. Raises ProblemError."""
    text = options.get(name, "").strip()
    if text and text.lower() not in FLAGS:
        raise _wrong(f"{name} is true or false, not {quoted(text)}.")
    return FLAGS[text.lower()] if text else None


def log_wish(options: Texts, api: PublishedApi, call: Call) -> LogWish | None:
    """
    That a call that writes be logged; raises ProblemError for a level or a debug that there is not.

    Of a read nothing is logged, and without a level nothing is; the input is logged with FAIL and DETAIL alone.
    """
    level, debug = options.get(LEVEL, "").strip(), options.get(DEBUG, "").strip()
    if level and level not in LEVELS:
        raise _wrong(f"{LEVEL} is one of {', '.join(LEVELS)}, not {quoted(level)}.")
    if debug and debug != INPUT:
        raise _wrong(f"{DEBUG} is {INPUT}, not {quoted(debug)}.")
    title = options.get(TITLE, "").strip() or operation_name(api, call.operation.verb)
    if len(title) > LONGEST_TITLE:
        raise _wrong(f"{TITLE} has at most {LONGEST_TITLE} characters.")
    if not level or not call.operation.writes:
        return None
    return LogWish(level, title, bool(debug) and level in LEVELS_WITH_INPUT)


def _wrong(sentence: str) -> ProblemError:
    return ProblemError(invalid(sentence, code="wrong-option"))


def with_options(call: Call, api: PublishedApi, address: Texts, options: Texts, headers: Mapping[str, str]) -> Call:
    """The call with what its options say of who calls, of the session and of the log; raises ProblemError."""
    credentials = credentials_of(address, options, headers)
    return replace(
        call,
        credentials=credentials,
        session=session_wish(options, credentials),
        log=log_wish(options, api, call),
    )


def options_from(call: Call, api: PublishedApi, meta: bool) -> dict[str, str]:
    """Undoes `with_options`, but for who is calling."""
    said = {}
    if call.session is not SessionWish.NONE:
        said[LOGOUT] = "false" if call.session is SessionWish.KEEP else "true"
    if call.log is not None:
        usual = operation_name(api, call.operation.verb)
        said |= {LEVEL: call.log.level} | ({TITLE: call.log.title} if call.log.title not in ("", usual) else {})
        said |= {DEBUG: INPUT} if call.log.input else {}
    return said | ({META: "true"} if meta else {})


def cookie_header(credentials: Credentials | None) -> dict[str, str]:
    """The header that carries a session."""
    return {"cookie": f"{COOKIE}={credentials.token}"} if isinstance(credentials, SessionToken) else {}
