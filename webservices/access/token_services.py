"""The action that gives a signed token, which later calls send instead of a password."""

from collections.abc import Sequence
from datetime import datetime

from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import ScalarField
from records.shapes.parsing import is_blank
from records.shapes.problems import Family, Problem, ProblemError, invalid_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Values, quote_text
from webservices.access.signed_tokens import signed_token
from webservices.conf import server_settings

DATA_SOURCE = ScalarField(
    "data_source", label="data source", help="The site's name; without one it is meant.", example="DEMO"
)
AUTH_TOKEN = Resource(
    name="auth_token",
    plural="auth_tokens",
    label="Auth token",
    label_plural="Auth tokens",
    fields=(
        DATA_SOURCE,
        ScalarField(
            "token", label="token", help="What later calls send.", read_only=True, secret=True, example="WzFd:xyz"
        ),
    ),
    key=(),
    examples=({"data_source": "DEMO"},),
    help="What stands for a user's name and password for some hours.",
)

NO_PASSWORD = Problem(
    "needs-a-password", Family.UNAUTHENTICATED, "An auth token is given for a user name and password, for nothing else."
)


def open_token(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = AUTH_TOKEN, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """
    Return a token of the caller.

    Raises ProblemError for a caller with anything but a password: a token has all of a user's permissions, an API key
    may have fewer, and a token that could get another would never end.
    """
    if not by.proof or by.user_id is None:
        raise ProblemError(NO_PASSWORD)
    requested = records[0].get(DATA_SOURCE.name, EMPTY) if records else EMPTY
    if not is_blank(requested) and requested != server_settings().data_source:
        text = f"{{field}} {quote_text(requested)} is not known."
        raise ProblemError(invalid_problem(text, code="unknown-data-source", path=(DATA_SOURCE.name,)))
    return ({"token": signed_token(by.user_id, by.proof, at=at)},)
