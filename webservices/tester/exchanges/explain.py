"""
One exchange explained: its caller and request, its time, and for each record the result, the reason and the changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from records.models import Change
from records.shapes.outcomes import Result
from webservices.checks import find_model
from webservices.declarations import OPERATIONS
from webservices.exchanges import sign_ins
from webservices.models import Exchange
from webservices.publishing import current_operations
from webservices.tester.collections.files import CallContent
from webservices.tester.collections.reopen import find_offer
from webservices.tester.exchanges.comparison import Outcome
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Operation, Verb

ADDED = "It was to be added, and no record has its key."
WHY: Mapping[str, str] = {
    Result.CREATED: "No record was found by {by}, so a new one was made.",
    Result.UPDATED: "Found by {by}; something that was sent differs from what was stored.",
    Result.UNCHANGED: "Found by {by}; all that was sent is stored already.",
    Result.DELETED: "Found by {by}; nothing refers to it, so it was removed.",
    Result.INACTIVATED: "Found by {by}; it is in use, so it was made inactive instead of being removed.",
}
FAMILIES: Mapping[str, str] = {
    "missing": "A required value is missing.",
    "invalid": "A value does not fit its field.",
    "duplicate": "The key is taken, or comes twice in this call.",
    "not-found": "No record is found by what it is found by.",
    "ambiguous": "Several records are found.",
    "unresolved": "A field names a record that there is not.",
    "in-use": "Something refers to the record.",
    "filtered": "The call may not write such a record.",
    "locked": "The record's state, or the call, forbids the change.",
    "conflict": "Another version, or another writer, came first.",
    "rolled-back": "Another record of an all-or-none call failed.",
    "internal": "Something that nobody anticipated; the log has the rest under the call's id.",
}
MOST_CHANGES = 1000
CREDENTIALS: Mapping[str, str] = {
    "password": "with a password",
    "session": "with a session",
    "ticket": "from the test page",
    "token": "with an auth token",
    "anybody": "without credentials",
    "": "",
}


@dataclass(frozen=True)
class ChangedField:
    """One field of a record, before and after the call; None: it had no value."""

    name: str
    before: object
    after: object


@dataclass(frozen=True)
class RecordExplanation:
    """
    One record of the call.

    reasons  the rule that decided, in words, and the warnings; or the problems
    record   address of its page in the admin; `history`: of its changes; blank where there is none
    """

    number: int
    key: str
    result: str
    version: int | None
    reasons: Sequence[str]
    codes: Sequence[str]
    record: str
    history: str
    changes: Sequence[ChangedField]


@dataclass(frozen=True)
class Explanation:
    """All that a page shows of one exchange beside its bodies; `omitted` records are not recorded."""

    caller: str
    request: str
    rest_ms: float | None
    records: Sequence[RecordExplanation]
    omitted: int


def explain(exchange: Exchange) -> Explanation:
    """Explain an exchange (one query)."""
    operation = next((each for each in OPERATIONS if each.name == exchange.operation), None)
    dialect = next((each for each in DIALECTS if each.name == exchange.dialect), None)
    changes = _changes(exchange, operation)
    records = [_explain_record(outcome, operation, dialect, changes) for outcome in exchange.outcomes]
    rest = None
    if exchange.cpu_ms is not None and exchange.database_ms is not None:
        rest = max(exchange.duration_ms - exchange.database_ms, 0.0)
    return Explanation(
        _caller_words(exchange), _request_words(exchange, operation), rest, records, exchange.records_in - len(records)
    )


def _caller_words(exchange: Exchange) -> str:
    credential = CREDENTIALS.get(exchange.credential, f"with the API key {exchange.credential}")
    name = exchange.user_name or "An unknown caller"
    return " ".join(part for part in (name, credential, f"from {exchange.peer}" if exchange.peer else "") if part)


def _request_words(exchange: Exchange, operation: Operation | None) -> str:
    if exchange.dialect == sign_ins.SITE:
        return f"asked to {sign_ins.PAGES.get(exchange.operation, exchange.operation)}"
    words = operation.words if operation else "something that was not understood"
    return f"asked to {words} over {get_version_label(exchange)}{', as a dry run' if exchange.dry else ''}"


def get_version_label(exchange: Exchange) -> str:
    """The name of the version as pages show it; the stored name for one that is no longer here."""
    labels = {dialect.name: dialect.label for dialect in DIALECTS} | {sign_ins.SITE: sign_ins.LABEL}
    return labels.get(exchange.dialect, exchange.dialect)


def get_api_label(exchange: Exchange) -> str:
    """`modifyParts`, `PUT /api/v1/parts/{number}/`; the address for a request that was not understood."""
    path = exchange.path.partition("?")[0]
    call = CallContent("", exchange.method, exchange.path, exchange.dialect, exchange.operation)
    found = find_offer(call, current_operations().generation)
    return found[1].label if found else exchange.operation or path


def _changes(exchange: Exchange, operation: Operation | None) -> dict[tuple[int, int], Change]:
    """The changes of the records that were sent, by id and version."""
    if operation is None:
        return {}
    # A call may change records of other kinds, too, whose ids may be the same.
    resource = operation.resource
    found = Change.objects.filter(call_id=exchange.call_id, resource=resource.added_as or resource.name)
    return {(change.record_id, change.version): change for change in found[:MOST_CHANGES]}


def _explain_record(
    outcome: Outcome,
    operation: Operation | None,
    dialect: Dialect | None,
    changes: Mapping[tuple[int, int], Change],
) -> RecordExplanation:
    change = changes.get((outcome.get("id") or 0, outcome.get("version") or 0))
    problems, warnings = outcome.get("problems", []), outcome.get("warnings", [])
    record, history = _links(operation, outcome.get("id"), str(outcome["became"]))
    return RecordExplanation(
        number=outcome["number"],
        key=outcome["key"],
        result=outcome["became"],
        version=outcome["version"],
        reasons=[each.get("says") or FAMILIES.get(each["family"], "") for each in problems]
        or [_rule(outcome, operation, dialect), *(each.get("says") or each["code"] for each in warnings)],
        codes=[f"{each['code']}: {FAMILIES.get(each['family'], each['family'])}" for each in problems],
        record=record,
        history=history,
        changes=[ChangedField(name, *pair) for name, pair in change.fields.items()] if change else [],
    )


def _rule(outcome: Outcome, operation: Operation | None, dialect: Dialect | None) -> str:
    """The rule that decided, with the fields of the lookup as the caller spells them."""
    if operation is None or dialect is None:
        return ""
    if operation.verb is Verb.ADD:
        return ADDED
    resource = operation.resource
    by = outcome.get("by") or [dialect.spell(resource.plural, (name,)) for name in resource.key]
    return WHY.get(str(outcome["became"]), "").format(by=" and ".join(by))


def _links(operation: Operation | None, id_: object, result: str) -> tuple[str, str]:
    """The addresses of a record's page and of its history in the admin site; blank where there is none."""
    is_stored = operation is not None and (operation.find is not None or operation.resource.added_as)
    model = find_model(operation.resource) if operation and is_stored else None
    if model is None or not isinstance(id_, int) or result == Result.DELETED:
        return "", ""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    try:
        return reverse(f"{name}_change", args=[id_]), reverse(f"{name}_history", args=[id_])
    except NoReverseMatch:  # a kind of record without pages of its own, such as a price
        return "", ""
