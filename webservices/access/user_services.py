"""
The action that shows a user of the site by name, as callers see one: what a session says of its own user, of any.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User as Account

from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import ScalarField
from records.shapes.parsing import is_blank
from records.shapes.problems import Family, Problem, ProblemError, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import Values, quote_text
from webservices.access.session_services import SESSION, describe_user

NAME = "user_name"
USER = Resource(
    name="user_account",
    plural="user_accounts",
    label="User account",
    label_plural="User accounts",
    fields=(
        ScalarField(
            NAME, label="name", help="By which the user signs in.", required=True, max_length=150, example="ada"
        ),
        *(replace(field, read_only=True) for field in SESSION.fields if field.name not in (NAME, "id")),
    ),
    key=(),
    examples=({NAME: "ada"},),
    help="Somebody who may sign in to the site.",
)
VIEW_USERS = "auth.view_user"


def show_user(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = USER, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """
    Return a user by name: the caller, or anybody to those who may view users.

    Raises ProblemError without a name, for a name that nobody has, and for others' names where they may not be seen.
    """
    name = records[0].get(NAME, "") if records else ""
    if is_blank(name):
        raise ProblemError(missing_problem((NAME,)))
    if name != by.user_name and not by.has_perm(VIEW_USERS):
        raise ProblemError(Problem("no-permission", Family.FORBIDDEN, "You may see no user but yourself."))
    account = Account.objects.filter(username=str(name)).first()
    if account is None:
        raise ProblemError(
            Problem("no-such-user", Family.NOT_FOUND, f"There is no user {quote_text(str(name))}.", (NAME,))
        )
    return (describe_user(account),)
