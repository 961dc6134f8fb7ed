"""
The wire of the token endpoint (RFC 6749): a form in, a token or a refusal as JSON out.

    POST /oauth2/token
    Content-Type: application/x-www-form-urlencoded

    grant_type=client_credentials&client_id=ERP%2C+nightly&client_secret=cp_k3m9x2aq_T0bQ…&scope=parts.view_part

    200 {"access_token": "cpt_…", "token_type": "Bearer", "expires_in": 3600}
    401 {"error": "invalid_client", "error_description": "…"}

`client_id` and `client_secret` may come by Basic instead. `grant_type=password` has `username`, `password` and
`domain`, which may also follow the user name, `ada#ACME`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote_plus

from records.shapes.problems import CounterpartError, Family, Problem, ProblemError
from webservices.wire.compression import decompress
from webservices.wire.credentials import Password, read_authorization
from webservices.wire.json import write_json
from webservices.wire.messages import WireRequest, WireResponse

PATHS = ("/oauth2/token", "/basic/api/token")
FORM = "application/x-www-form-urlencoded"
MEDIA_TYPES = (FORM, "text/plain", "")  # scripts for SAP CPQ send forms as text, and some do not say what they send
CHALLENGE = 'Basic realm="Counterpart", charset="UTF-8"'
LONGEST = 20_000  # bytes of a form
MOST = 50  # parameters

INVALID_REQUEST, INVALID_SCOPE = "invalid_request", "invalid_scope"
INVALID_CLIENT, INVALID_GRANT = "invalid_client", "invalid_grant"
UNSUPPORTED_GRANT = "unsupported_grant_type"
TEMPORARILY_UNAVAILABLE, SERVER_ERROR = "temporarily_unavailable", "server_error"
STATUSES = {INVALID_CLIENT: 401, TEMPORARILY_UNAVAILABLE: 503, SERVER_ERROR: 500}  # 400 of any other

CLIENT_CREDENTIALS, PASSWORD = "client_credentials", "password"
SECRET_PARAMETERS = ("client_secret", "password")


class TokenError(CounterpartError):
    """
    A refusal to give a token.

    error        the code of RFC 6749
    retry_after  seconds after which asking again is worthwhile; None: it is not
    """

    def __init__(self, error: str, problem: Problem, *, retry_after: int | None = None):
        super().__init__(problem)
        self.error, self.retry_after = error, retry_after


@dataclass(frozen=True)
class Client:
    """
    The credentials of a client.

    names  what its name may be: by Basic it comes encoded as in a form, or as it is
    """

    names: frozenset[str]
    secret: str = field(repr=False)


@dataclass(frozen=True)
class TokenRequest:
    """
    A request for a token.

    credentials   the credentials that it is to stand for
    scope   the permissions that it is to be narrowed to; none: it is not
    domain  of the user, as the caller names it; "": not at all
    """

    credentials: Client | Password
    scope: frozenset[str] = frozenset()
    domain: str = ""


def read_token_request(request: WireRequest, *, takes_passwords: bool) -> TokenRequest:
    """
    Read a request for a token; raises TokenError.

    takes_passwords  the site gives tokens for a user's password
    """
    _check_method_and_address(request)
    parameters = _read_form(request)
    grant = parameters.get("grant_type")
    if grant is None:
        raise _build_refusal(INVALID_REQUEST, "grant_type is missing; it is client_credentials.")
    if grant not in GRANTS or (grant == PASSWORD and not takes_passwords):
        taken = " or ".join(each for each in GRANTS if takes_passwords or each != PASSWORD)
        raise _build_refusal(UNSUPPORTED_GRANT, f"The grant_type is {taken} here.")
    return GRANTS[grant](parameters, request.headers.get("authorization", ""))


def write_token(token: str, seconds: int) -> WireResponse:
    """Write the answer that gives a token, which lives for so many seconds."""
    return _write(200, {"access_token": token, "token_type": "Bearer", "expires_in": seconds})


def write_refusal(refusal: TokenError) -> WireResponse:
    """Write a refusal."""
    status = 405 if refusal.problem is NOT_POSTED else STATUSES.get(refusal.error, 400)
    headers = {405: {"Allow": "POST"}, 401: {"WWW-Authenticate": CHALLENGE}}.get(status, {})
    if refusal.retry_after is not None:
        headers = {**headers, "Retry-After": str(refusal.retry_after)}
    # The RFC allows neither quotation marks nor backslashes, and no letters beyond ASCII.
    words = refusal.problem.sentence().replace('"', "'").replace("\\", "/").encode("ascii", "replace").decode()
    return _write(status, {"error": refusal.error, "error_description": words}, headers)


def _write(status: int, members: Mapping[str, object], headers: Mapping[str, str] | None = None) -> WireResponse:
    own = {"Cache-Control": "no-store", "Pragma": "no-cache"}  # as the RFC demands
    return WireResponse(
        status, write_json(members).encode(), "application/json", {**own, **(headers or {})}, secret=True
    )


NOT_POSTED = Problem("method-not-offered", Family.UNKNOWN_OPERATION, "A token is asked for by POST.")


def _build_refusal(error: str, sentence: str) -> TokenError:
    return TokenError(error, Problem(error.replace("_", "-"), Family.MALFORMED, sentence))


def _check_method_and_address(request: WireRequest) -> None:
    if request.method != "POST":
        raise TokenError(INVALID_REQUEST, NOT_POSTED)
    # Addresses are logged everywhere on the way, so the RFC forbids parameters there.
    named = {name for name, _ in parse_qsl(request.query, keep_blank_values=True, errors="replace")}
    if named & {"grant_type", "client_id", "username", *SECRET_PARAMETERS}:
        raise _build_refusal(INVALID_REQUEST, "Parameters come in the body, not in the address, which others can read.")


def _read_form(request: WireRequest) -> dict[str, str]:
    """Return the parameters that have a value; raises TokenError."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in MEDIA_TYPES:
        raise _build_refusal(INVALID_REQUEST, f"The body is a form: the Content-Type is {FORM}.")
    try:
        body = decompress(request.body, request.headers.get("content-encoding", ""), LONGEST).decode()
        pairs = parse_qsl(body.strip(), keep_blank_values=True, errors="strict", max_num_fields=MOST)
    except (ProblemError, ValueError):  # of what is too long, compressed wrongly, no UTF-8, or has too many parameters
        raise _build_refusal(INVALID_REQUEST, f"The body is no form in UTF-8 of at most {LONGEST:,} bytes.") from None
    if len({name for name, _ in pairs}) < len(pairs):
        raise _build_refusal(INVALID_REQUEST, "A parameter comes twice.")
    # By the RFC what has no value counts as not sent.
    return {name: value for name, value in pairs if value}


def _read_client(parameters: Mapping[str, str], header: str) -> TokenRequest:
    name, secret = parameters.get("client_id", ""), parameters.get("client_secret", "")
    if not header.strip():
        if not secret:
            raise TokenError(INVALID_CLIENT, NO_CLIENT)
        return TokenRequest(Client(frozenset({name}), secret), _read_scope(parameters))
    basic = read_authorization(header)
    if not isinstance(basic, Password):
        raise TokenError(INVALID_CLIENT, NO_CLIENT)
    names = frozenset({basic.user_name, unquote_plus(basic.user_name)})
    if secret or (name and name not in names):
        raise _build_refusal(INVALID_REQUEST, "client_id and client_secret come in the body or by Basic, not by both.")
    return TokenRequest(Client(names, basic.secret), _read_scope(parameters))


NO_CLIENT = Problem(
    "no-credentials",
    Family.UNAUTHENTICATED,
    "This needs client_id and client_secret, in the body or by Basic: the name and the text of an API key.",
)


def _read_user(parameters: Mapping[str, str], header: str) -> TokenRequest:
    basic = read_authorization(header)
    # A client of no secret may say its name, by Basic too: whoever it is, the password counts.
    if "client_secret" in parameters or (header.strip() and not (isinstance(basic, Password) and not basic.secret)):
        raise _build_refusal(
            INVALID_REQUEST, "With grant_type password come username and password, and no client_secret."
        )
    user_name, has_domain, named = parameters.get("username", "").strip().partition("#")
    secret, domain = parameters.get("password", ""), parameters.get("domain", named)
    if not user_name or not secret:
        raise _build_refusal(INVALID_REQUEST, "With grant_type password come username and password.")
    if has_domain and domain != named:
        raise _build_refusal(INVALID_REQUEST, "The domain is another than the one behind the # in username.")
    return TokenRequest(Password(user_name, secret), _read_scope(parameters), domain)


def _read_scope(parameters: Mapping[str, str]) -> frozenset[str]:
    return frozenset(parameters.get("scope", "").split())


GRANTS: Mapping[str, Callable[[Mapping[str, str], str], TokenRequest]] = {
    CLIENT_CREDENTIALS: _read_client,
    PASSWORD: _read_user,
}
