"""
The options of a call: over SOAP elements of {N}Options, over REST parameters of the address.

    <PartOptions>                                      ?_username=ada&_password=…&_logoutSession=false
      <Username>ada</Username><Password>…</Password>   &_includeMetaData=true&_logLevel=DETAIL&_logTitle=Nightly+load
      <LogoutSession>false</LogoutSession>             &_logDebug=INPUT_DATA
      <IncludeMetaData>true</IncludeMetaData>
      <LogLevel>DETAIL</LogLevel> <LogTitle>Nightly load</LogTitle> <LogDebug>INPUT_DATA</LogDebug>
    </PartOptions>

Two underscores are taken for one. Credentials are taken from the address first, then from the options, then from HTTP's
own header, then from the session's cookie.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from records.shapes.problems import ProblemError, invalid_problem
from records.shapes.values import quote_text
from webservices.wire.credentials import Bearer, Credentials, Password, SessionToken, read_authorization
from webservices.wire.dialects.ecosys.names import COOKIE, operation_name
from webservices.wire.dialects.ecosys.published import LEVELS, PublishedApi
from webservices.wire.messages import Call, LogOptions, SessionOption
from webservices.wire.operations import Kind

USERNAME, PASSWORD, LOGOUT, META = "Username", "Password", "LogoutSession", "IncludeMetaData"
LEVEL, TITLE, DEBUG = "LogLevel", "LogTitle", "LogDebug"
OPTIONS = (USERNAME, PASSWORD, LOGOUT, LEVEL, TITLE, DEBUG, META)

LEVELS_WITH_INPUT = LEVELS[1:]
INPUT = "INPUT_DATA"
MAX_TITLE = 200
FLAGS = {"true": True, "1": True, "false": False, "0": False}  # those of xsd:boolean, in any case
COOKIES = re.compile(rf"(?:^|;)\s*{COOKIE}=\"?([^;\"\s]+)")

Texts = Mapping[str, str]


def parameter_name(name: str) -> str:
    """Return an option as a parameter of an address: `_logLevel` for `LogLevel`."""
    return f"_{name[0].lower()}{name[1:]}"


OPTIONS_BY_PARAMETER = {parameter_name(name): name for name in OPTIONS}


def find_option(parameter: str) -> str:
    """Return the option of a parameter of an address, with one underscore or two; "" for any other parameter."""
    return OPTIONS_BY_PARAMETER.get("_" + parameter.lstrip("_"), "") if parameter.startswith("_") else ""


def read_credentials(address: Texts, options: Texts, headers: Mapping[str, str]) -> Credentials | None:
    """Return who is calling; None: nobody is named. `address` and `options` are texts by the names of options."""
    for texts in (address, options):
        if _names_somebody(texts):
            return Password(texts.get(USERNAME, "").strip(), texts.get(PASSWORD, ""))
    if found := read_authorization(headers.get("authorization", "")):
        return found
    session = COOKIES.search(headers.get("cookie", ""))
    return SessionToken(session[1]) if session else None


def is_known_by_options(address: Texts, options: Texts, headers: Mapping[str, str]) -> bool:
    """True if the credentials that count are those of a SOAP message's options: a bearer goes before all others."""
    is_bearer = isinstance(read_authorization(headers.get("authorization", "")), Bearer)
    return _names_somebody(options) and not _names_somebody(address) and not is_bearer


def _names_somebody(texts: Texts) -> bool:
    return bool(texts.get(USERNAME, "").strip() or texts.get(PASSWORD, ""))


def read_session_wish(options: Texts, credentials: Credentials | None) -> SessionOption:
    """Return the end of the session with the call, unless LogoutSession is false; NONE where there is no session."""
    logout = read_flag(options, LOGOUT)
    if logout is None:
        return SessionOption.END if isinstance(credentials, SessionToken) else SessionOption.NONE
    return SessionOption.END if logout else SessionOption.KEEP


def read_flag(options: Texts, name: str) -> bool | None:
    """Return the flag of an option; None where it is blank. Raises ProblemError for any other text."""
    text = options.get(name, "").strip()
    if text and text.lower() not in FLAGS:
        raise _wrong_option(f"{name} is true or false, not {quote_text(text)}.")
    return FLAGS[text.lower()] if text else None


def read_log_wish(options: Texts, api: PublishedApi, call: Call) -> LogOptions | None:
    """
    Return how a call is logged; None: it is not, as it reads, or names no level.

    The input is logged with FAIL and DETAIL alone. Raises ProblemError for an unknown level or debug.
    """
    level, debug = options.get(LEVEL, "").strip(), options.get(DEBUG, "").strip()
    if level and level not in LEVELS:
        raise _wrong_option(f"{LEVEL} is one of {', '.join(LEVELS)}, not {quote_text(level)}.")
    if debug and debug != INPUT:
        raise _wrong_option(f"{DEBUG} is {INPUT}, not {quote_text(debug)}.")
    # All options are checked, even where nothing is logged: a misspelled level must not pass in silence.
    title = options.get(TITLE, "").strip() or operation_name(api, call.operation.verb)
    if len(title) > MAX_TITLE:
        raise _wrong_option(f"{TITLE} has at most {MAX_TITLE} characters.")
    if call.operation.kind is Kind.TRIGGER:
        level, debug = api.log_level, ""  # an event is logged as it was published
    if not level or not call.operation.writes:
        return None
    return LogOptions(level, title, bool(debug) and level in LEVELS_WITH_INPUT)


def _wrong_option(sentence: str) -> ProblemError:
    return ProblemError(invalid_problem(sentence, code="wrong-option"))


def apply_options(call: Call, api: PublishedApi, address: Texts, options: Texts, headers: Mapping[str, str]) -> Call:
    """Return the call with its credentials, the end of its session and its log, by its options; raises ProblemError."""
    credentials = read_credentials(address, options, headers)
    return replace(
        call,
        credentials=credentials,
        session=read_session_wish(options, credentials),
        log=read_log_wish(options, api, call),
    )


def build_options(call: Call, api: PublishedApi, meta: bool) -> dict[str, str]:
    """Build the options of a call, but for its credentials: undoes `apply_options`."""
    options: dict[str, str] = {}
    if call.session is not SessionOption.NONE:
        options[LOGOUT] = "false" if call.session is SessionOption.KEEP else "true"
    if call.log is not None:
        default_title = operation_name(api, call.operation.verb)
        if call.operation.kind is not Kind.TRIGGER:
            options[LEVEL] = call.log.level
        if call.log.title not in ("", default_title):
            options[TITLE] = call.log.title
        if call.log.input:
            options[DEBUG] = INPUT
    if meta:
        options[META] = "true"
    return options


def cookie_header(credentials: Credentials | None) -> dict[str, str]:
    """Return the request's header that carries a session; {} for any other credentials."""
    return {"cookie": f"{COOKIE}={credentials.token}"} if isinstance(credentials, SessionToken) else {}
