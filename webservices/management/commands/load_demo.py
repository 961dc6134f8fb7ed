"""`manage.py load_demo`: the demo world, once; a second run changes nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import cast

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from customers.models import Portal, PortalUser, Territory
from records.models import CustomField
from records.shapes.callers import Caller
from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import Value, Values
from webservices.demo.records import (
    CUSTOM_FIELDS,
    KINDS,
    PORTAL_LOGIN,
    PORTALS,
    STEPS,
    TERRITORIES,
    USERS,
    DemoUser,
    demo_records,
)
from webservices.gateway import answer
from webservices.publishing import current_operations
from webservices.wire.messages import Answer, Call, Failure, Options
from webservices.wire.operations import Operation, Verb

REFUSED = "The demo world was refused"


class Command(BaseCommand):
    """Loads definitions where they are missing, then each kind of record through the gateway in few batches."""

    help = "Loads the demo world: records of every kind, custom fields, the users ada (may do everything) and bob."

    def add_arguments(self, parser: CommandParser) -> None:
        for user in USERS:
            parser.add_argument(
                f"--{user.name}-password", default="", help=f"Gives {user.name} this password; else none can sign in."
            )
        contact, portal = PORTAL_LOGIN
        parser.add_argument(
            "--portal-password", default="", help=f"Gives contact {contact} this password for the portal {portal}."
        )

    def handle(self, *args: object, **options: str) -> None:
        # Committed before the records: the services write as `ada`, in transactions of their own.
        with transaction.atomic():
            users = [ensure_user(user, options[f"{user.name}_password"]) for user in USERS]
            ensure_definitions()
        result = load(by=users[0])
        set_portal_password(options["portal_password"], by=users[0])
        loaded = [f"{count} {outcome}" for outcome, count in result.items()]
        self.stdout.write(f"Demo world: {', '.join(loaded)}; users {' and '.join(user.username for user in users)}.")


def ensure_definitions() -> None:
    """Create the custom fields, territories and portals that the records name, where they are missing."""
    for definition in CUSTOM_FIELDS:
        names = {"resource": definition["resource"], "name": definition["name"]}
        CustomField.objects.get_or_create(**names, defaults=definition)
    for name in TERRITORIES:
        Territory.objects.get_or_create(name=name)
    for name in PORTALS:
        Portal.objects.get_or_create(name=name)


def ensure_user(demo_user: DemoUser, password: str) -> User:
    """Return the user, created when missing; without a password nobody can sign in as them."""
    user, is_new = User.objects.get_or_create(
        username=demo_user.name,
        defaults={
            "first_name": demo_user.first_name,
            "last_name": demo_user.last_name,
            "is_staff": True,
            "is_superuser": demo_user.superuser,
        },
    )
    if password and not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    elif is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def load(*, by: User) -> Counter[str]:
    """Load all records; return the number of each result of each kind. Raises CommandError when one is rejected."""
    caller = _caller(by)
    # PUT, so that a second run finds every record unchanged.
    result: Counter[str] = Counter()
    for plural in KINDS:
        result += _count_outcomes(plural, _write(plural, Verb.PUT, demo_records(plural), caller))
    result += _count_outcomes("sales_orders", _load_orders(caller))
    return result + _count_outcomes("shipments", _write("shipments", Verb.PUT, demo_records("shipments"), caller))


def set_portal_password(password: str, *, by: User) -> None:
    """Give a contact this password for a portal, unless it is theirs; without one nobody can sign in as them."""
    number, portal = PORTAL_LOGIN
    # Compared first: a hash has a new salt each time, and a second run must change nothing.
    if not password or check_password(password, _portal_user(number, portal).password):
        return
    (contact,) = (record for record in demo_records("contacts") if record["number"] == number)
    portals: list[Value] = []
    for row in cast(list[dict[str, Value]], contact["portals"]):
        portals.append({**row, "password": password} if row["portal"] == portal else row)
    _write("contacts", Verb.UPDATE, [{"number": number, "portals": portals}], _caller(by))


def _portal_user(number: str, portal: str) -> PortalUser:
    return PortalUser.objects.get(contact__number=number, portal__name=portal)


def _caller(by: User) -> Caller:
    return Caller(by.pk, by.username, "load_demo", superuser=True, generation=current_operations().generation)


def _count_outcomes(plural: str, answer_: Answer) -> Counter[str]:
    return Counter(f"{outcome.result} {plural.replace('_', ' ')}" for outcome in answer_.outcomes)


def _load_orders(caller: Caller) -> Answer:
    """
    Add the orders that are missing, and take them step by step to their statuses; return the answer to the addition.

    A stored order stays as it is, unless an interrupted run left it between two steps.
    """
    orders = demo_records("sales_orders")
    statuses = _find_statuses(orders, caller)
    missing = [order for order in orders if order["number"] not in statuses]
    new: list[Values] = [{**order, "status": STEPS[str(order["status"])][0]} for order in missing]
    added = _write("sales_orders", Verb.ADD, new, caller)
    statuses |= _statuses(new)
    while steps := [*_next_steps(orders, statuses)]:
        _write("sales_orders", Verb.UPDATE, steps, caller)
        statuses |= _statuses(steps)
    return added


def _find_statuses(orders: Sequence[Values], caller: Caller) -> dict[str, str]:
    """Find the status of each order that is stored, by its number."""
    numbers = tuple(str(order["number"]) for order in orders)
    call = Call(_operation("sales_orders", Verb.FIND), criteria=(Criterion(("number",), Comparator.IN, numbers),))
    return _statuses(_answer(call, caller).records)


def _statuses(orders: Iterable[Values]) -> dict[str, str]:
    return {str(order["number"]): str(order["status"]) for order in orders}


def _next_steps(orders: Sequence[Values], statuses: dict[str, str]) -> Iterator[Values]:
    """Yield the next step of each order that has not reached its status yet."""
    for order in orders:
        steps, status = STEPS[str(order["status"])], statuses[str(order["number"])]
        if status in steps[:-1]:
            yield {"number": order["number"], "status": steps[steps.index(status) + 1]}


def _write(plural: str, verb: Verb, records: Sequence[Values], caller: Caller) -> Answer:
    """Write the records in one call, all or none; raises CommandError."""
    result = _answer(Call(_operation(plural, verb), records=records, options=Options(all_or_none=True)), caller)
    for problem in (problem for outcome in result.outcomes for problem in outcome.problems):
        raise CommandError(f"{REFUSED}: {problem.sentence()}")
    return result


def _answer(call: Call, caller: Caller) -> Answer:
    """Answer one call; raises CommandError when it fails as a whole."""
    result = answer(call, caller, at=datetime.now(UTC))
    if isinstance(result, Failure):
        raise CommandError(f"{REFUSED}: {result.problems[0].sentence()}")
    return result


def _operation(plural: str, verb: Verb) -> Operation:
    """Return an operation of the site; raises CommandError when it is not declared."""
    if operation := current_operations().get(plural, verb):
        return operation
    raise CommandError(f"There is no operation {plural}.{verb}.")
