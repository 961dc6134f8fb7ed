"""`manage.py load_demo`: the demo world, once; a second run changes nothing."""

from collections import Counter
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from records.models import CustomField
from records.shapes.callers import Caller
from webservices.demo import CUSTOM_FIELDS, USERS, DemoUser, demo_parts
from webservices.gateway import answer
from webservices.messages import Answer, Call, Failure, Options
from webservices.operations import Verb
from webservices.site import current_operations


class Command(BaseCommand):
    """Custom fields and users where they are missing, parts through the gateway in one batch, all or none."""

    help = "Loads the demo world: parts, two custom fields, the users ada (may do everything) and bob (nothing)."

    def add_arguments(self, parser: CommandParser) -> None:
        for user in USERS:
            parser.add_argument(
                f"--{user.name}-password", default="", help=f"Gives {user.name} this password; else none can sign in."
            )

    def handle(self, *args: object, **options: str) -> None:
        with transaction.atomic():
            for definition in CUSTOM_FIELDS:
                names = {"resource": definition["resource"], "name": definition["name"]}
                CustomField.objects.get_or_create(**names, defaults=definition)
            users = [have_user(user, options[f"{user.name}_password"]) for user in USERS]
        outcomes = put_parts(by=users[0])
        became = ", ".join(f"{count} {what}" for what, count in sorted(outcomes.items()))
        self.stdout.write(f"Demo world: {became} parts; users {' and '.join(user.username for user in users)}.")


def have_user(wanted: DemoUser, password: str) -> User:
    """The user, made when missing; without a password nobody can sign in as them."""
    user, made = User.objects.get_or_create(
        username=wanted.name,
        defaults={
            "first_name": wanted.first_name,
            "last_name": wanted.last_name,
            "is_staff": True,
            "is_superuser": wanted.superuser,
        },
    )
    if password and not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    elif made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def put_parts(*, by: User) -> Counter[str]:
    """All parts of the demo world in one call; how many became what. Raises CommandError when one is refused."""
    operations = current_operations()
    caller = Caller(by.pk, by.username, "load_demo", superuser=True, generation=operations.generation)
    call = Call(operations.get("parts", Verb.PUT), records=demo_parts(), options=Options(all_or_none=True))
    given: Answer | Failure = answer(call, caller, at=datetime.now(UTC))
    problems = given.problems if isinstance(given, Failure) else [p for o in given.outcomes for p in o.problems]
    if problems:
        raise CommandError(f"The demo world was refused: {problems[0].sentence()}")
    return Counter(str(outcome.became) for outcome in given.outcomes)
