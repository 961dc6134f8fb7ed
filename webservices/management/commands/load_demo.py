"""`manage.py load_demo`: the demo world, once; a second run changes nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from customers.models import Portal, PortalUser, Territory
from records.models import CustomField
from records.shapes.callers import Caller
from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import Values
from webservices.demo.records import (
    CUSTOM_FIELDS,
    KINDS,
    PORTALS,
    SIGNS_IN,
    STEPS,
    TERRITORIES,
    USERS,
    DemoUser,
    demo_records,
)
from webservices.gateway import answer
from webservices.publishing.site_operations import current_operations
from webservices.wire.messages import Answer, Call, Failure, Options
from webservices.wire.operations import Verb


class Command(BaseCommand):
    """What an admin defines where it is missing, then each kind of record through the gateway in one batch or few."""

    help = "Loads the demo world: records of every kind, custom fields, the users ada (may do everything) and bob."

    def add_arguments(self, parser: CommandParser) -> None:
        for user in USERS:
            parser.add_argument(
                f"--{user.name}-password", default="", help=f"Gives {user.name} this password; else none can sign in."
            )
        contact, portal = SIGNS_IN
        parser.add_argument(
            "--portal-password", default="", help=f"Gives contact {contact} this password for the portal {portal}."
        )

    def handle(self, *args: object, **options: str) -> None:
        with transaction.atomic():
            users = [ensure_user(user, options[f"{user.name}_password"]) for user in USERS]
            define()
        result = load(by=users[0])
        let_sign_in(options["portal_password"], by=users[0])
        loaded = [f"{count} {what}" for what, count in result.items()]
        self.stdout.write(f"Demo world: {', '.join(loaded)}; users {' and '.join(user.username for user in users)}.")


def define() -> None:
    """What the records name, where it is missing: custom fields, territories, portals."""
    for definition in CUSTOM_FIELDS:
        names = {"resource": definition["resource"], "name": definition["name"]}
        CustomField.objects.get_or_create(**names, defaults=definition)
    for name in TERRITORIES:
        Territory.objects.get_or_create(name=name)
    for name in PORTALS:
        Portal.objects.get_or_create(name=name)


def ensure_user(wanted: DemoUser, password: str) -> User:
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


def load(*, by: User) -> Counter[str]:
    """All records; how many of each kind became what. Raises CommandError when one is refused."""
    caller = _caller(by)
    result: Counter[str] = Counter()
    for plural in KINDS:
        result += _counted(plural, _write(plural, Verb.PUT, demo_records(plural), caller))
    return result + _counted("sales_orders", _load_orders(caller))


def let_sign_in(password: str, *, by: User) -> None:
    """Give a contact this password for a portal, unless it is theirs; without one nobody can sign in as them."""
    number, portal = SIGNS_IN
    if not password or check_password(password, _entry(number, portal).password):
        return
    (contact,) = (record for record in demo_records("contacts") if record["number"] == number)
    portals = [{**row, "password": password} if row["portal"] == portal else row for row in contact["portals"]]
    _write("contacts", Verb.UPDATE, [{"number": number, "portals": portals}], _caller(by))


def _entry(number: str, portal: str) -> PortalUser:
    return PortalUser.objects.get(contact__number=number, portal__name=portal)


def _caller(by: User) -> Caller:
    return Caller(by.pk, by.username, "load_demo", superuser=True, generation=current_operations().generation)


def _counted(plural: str, given: Answer) -> Counter[str]:
    return Counter(f"{outcome.result} {plural.replace('_', ' ')}" for outcome in given.outcomes)


def _load_orders(caller: Caller) -> Answer:
    """
    The orders that are missing, each then led step by step to where it stands; gives the answer to the first step.

    An order that is there already stays as it is, but for one that was left on its way.
    """
    orders = demo_records("sales_orders")
    stands = _statuses(orders, caller)
    new = [{**order, "status": STEPS[order["status"]][0]} for order in orders if order["number"] not in stands]
    added = _write("sales_orders", Verb.ADD, new, caller)
    stands |= {order["number"]: order["status"] for order in new}
    while moves := [*_moves(orders, stands)]:
        _write("sales_orders", Verb.UPDATE, moves, caller)
        stands |= {move["number"]: move["status"] for move in moves}
    return added


def _statuses(orders: Sequence[Values], caller: Caller) -> dict[str, str]:
    """The status of each order that is there, by its number."""
    numbers = tuple(order["number"] for order in orders)
    find = current_operations().get("sales_orders", Verb.FIND)
    call = Call(find, criteria=(Criterion(("number",), Comparator.IN, numbers),))
    return {order["number"]: order["status"] for order in answer(call, caller, at=datetime.now(UTC)).records}


def _moves(orders: Sequence[Values], stands: dict[str, str]) -> Iterator[Values]:
    """The next step of each order that is on its way."""
    for order in orders:
        steps, stand = STEPS[order["status"]], stands[order["number"]]
        if stand in steps[:-1]:
            yield {"number": order["number"], "status": steps[steps.index(stand) + 1]}


def _write(plural: str, verb: Verb, records: Sequence[Values], caller: Caller) -> Answer:
    """One call, all or none."""
    call = Call(current_operations().get(plural, verb), records=records, options=Options(all_or_none=True))
    given: Answer | Failure = answer(call, caller, at=datetime.now(UTC))
    problems = given.problems if isinstance(given, Failure) else [p for o in given.outcomes for p in o.problems]
    if problems:
        raise CommandError(f"The demo world was refused: {problems[0].sentence()}")
    return given
