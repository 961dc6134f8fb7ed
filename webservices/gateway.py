"""
The one place where a Call meets a service: permission, options, transaction, retries, and unanticipated errors.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.db import DatabaseError, transaction

from records import replica
from records.attempts import TryWithSavepoints, has_savepoints
from records.customization import definitions
from records.find import Search
from records.retry import DATABASE_LOST, RETRY_AFTER, find_outage, first_line, retry
from records.shapes.callers import Caller
from records.shapes.copying import replace
from records.shapes.criteria import Criterion, Scope
from records.shapes.matching import BY_KEY
from records.shapes.options import WriteOptions
from records.shapes.outcomes import ROLLED_BACK, Outcome, OutcomeList, Result, failed_outcome
from records.shapes.problems import Family, Problem, ProblemError, invalid_problem
from records.shapes.streams import PagedRecords
from records.shapes.values import EMPTY, Precondition, Values, quote_text
from webservices.timing import Transaction
from webservices.wire.messages import Answer, Call, DialectSettings, Failure, Options, RequestError
from webservices.wire.operations import Kind, Operation
from webservices.wire.options import WRONG_OPTION, set_options

log = logging.getLogger(__name__)

PAGE_SIZE = 500  # records of a streamed answer that are held at a time


def answer(call: Call, caller: Caller, *, at: datetime) -> Answer | Failure:
    """
    Run a call on behalf of a caller.

    Raises RequestError when the records turn out to be unreadable as they are parsed; nothing is saved then. And
    TryWithSavepoints in an attempt without them.
    """
    operation = _extend(call, caller)
    try:
        problem = find_refusal(operation, caller, call.name) or find_option_refusal(operation, caller, call.options)
        if problem:
            return _failure(operation, caller, at, problem)
        answer = _RUN[operation.kind](call, operation, caller, at)
    except (RequestError, TryWithSavepoints):
        raise
    except ProblemError as error:
        return _failure(operation, caller, at, error.problem)
    except Exception as error:
        if find_outage(error):
            log.warning("call %s: %s has failed: %s", caller.call_id, operation.name, first_line(error))
        else:
            log.exception("call %s: %s failed unexpectedly", caller.call_id, operation.name)
        return _failure(operation, caller, at, unanticipated_problem(error, caller.call_id))
    return replace(answer, call_id=caller.call_id, at=at)


def _extend(call: Call, caller: Caller) -> Operation:
    """Return the operation on the resource as the site has it in the caller's generation, with the vendor's data."""
    resource = definitions(caller.generation).extend(call.operation.resource, call.vendor)
    return replace(call.operation, resource=resource)


def find_refusal(operation: Operation, caller: Caller, name: str = "") -> Problem | None:
    """Return the problem of a caller who may not run it: the credential does not list it, or lacks a permission."""
    if operation.public:
        return None
    if not caller.lists(operation.name):
        return listing_problem(operation, caller, name)
    has_all = all(caller.has_perm(permission) for permission in operation.permissions)
    if not has_all and not any(caller.has_perm(permission) for permission in operation.or_permissions):
        return permission_problem(operation, caller, name)
    return None


def find_option_refusal(operation: Operation, caller: Caller, options: Options) -> Problem | None:
    """Return the problem of an option that the operation does not take, or that the caller may not use."""
    if not operation.writes:  # as what is only read is the same with it
        return None
    for option, _ in set_options(options):
        own = next((each for each in operation.options if each.field == option.field), None)
        if own is None and not option.general:
            text = (
                f"{option.name} ({option.header}) does not go with this call: to {operation.words} has no such option."
            )
            return invalid_problem(text, code=WRONG_OPTION)
        if own is not None and own.listed_as and not caller.lists(own.listed_as):
            return _listing_problem(own.listed_as, caller)
        if own is not None and own.permission and not caller.has_perm(own.permission):
            text = f"{caller.user_name} may not {operation.words} with the option {option.name} ({option.header})."
            return Problem("forbidden", Family.FORBIDDEN, text)
    return None


def permission_problem(operation: Operation, caller: Caller, name: str = "") -> Problem:
    """Return the problem of a caller without a permission; `name` is what the caller knows the operation by."""
    words = f"{operation.words} ({name})" if name else operation.words
    return Problem("forbidden", Family.FORBIDDEN, f"{caller.user_name} may not {words}.")


def listing_problem(operation: Operation, caller: Caller, name: str = "") -> Problem:
    """Return the problem of an API key that does not list the operation, likewise."""
    return _listing_problem(name or operation.name, caller)


def _listing_problem(name: str, caller: Caller) -> Problem:
    return Problem("not-listed", Family.FORBIDDEN, f"The API key {caller.credential} does not list {name}.")


def unexpected_problem(call_id: str) -> Problem:
    """Return all that a caller learns of an error that nobody anticipated."""
    text = f"Something went wrong in the server and nothing was kept. The call is logged as {call_id}."
    return Problem("unexpected", Family.INTERNAL, text)


def unanticipated_problem(error: Exception | None, call_id: str) -> Problem:
    """
    Return the problem of an error that nobody anticipated: an outage of the database, or that it is logged.

    Nothing was kept, for the call's transaction was not committed; a commit that was begun has a problem of its own.
    """
    problem = find_outage(error)
    if problem is DATABASE_LOST:
        return replace(problem, text="The database was lost during the call. Nothing was kept; send it again.")
    return problem or unexpected_problem(call_id)


def unknown_commit_problem(call: Call) -> Problem:
    """Return the problem of a write whose connection to the database was lost in the commit."""
    text = "The database was lost as the call was to be kept, so it is not known if it was."
    if key := call.options.idempotency_key:
        text += f" Send it again with the same Idempotency-Key, {quote_text(key)}: it is done once."
    else:
        text += " Look first; a call that has an Idempotency-Key can be sent again."
    return replace(DATABASE_LOST, text=text)


def retry_after(problem: Problem) -> int | None:
    """Return in how many seconds it is worth coming back; None: it is not."""
    return RETRY_AFTER.get(problem.code, 1) if problem.family is Family.BUSY else None


def _failure(operation: Operation, caller: Caller, at: datetime, problem: Problem) -> Failure:
    return Failure((problem,), operation, caller.call_id, retry_after(problem), at)


def _find(call: Call, operation: Operation, caller: Caller, at: datetime) -> Answer:
    search = Search(call.criteria or (), call.search, None, call.after, call.limit, call.order, call.offset, call.count)
    page_size = PAGE_SIZE if call.streamable else None
    find = partial(_finder(operation), search=search, resource=operation.resource, page_size=page_size)
    found = replica.read(find)
    return Answer(operation, records=found.records, cut=found.cut, total=found.total)


def _write(call: Call, operation: Operation, caller: Caller, at: datetime) -> Answer | Failure:
    # Records that criteria name are found in the transaction, each time that it is tried.
    records: Sequence[Values] = [] if call.criteria is not None else _set_condition(_read_all(call), call.options)
    write = partial(_write_once, call, operation, records, caller, at)
    return retry(write, name=f"call {caller.call_id}: {operation.name}")


def _read_all(call: Call) -> Sequence[Values]:
    """Return the records, all of which could be read."""
    len(call.records)  # raises the error of one that could not
    return call.records


def _trigger(call: Call, operation: Operation, caller: Caller, at: datetime) -> Answer | Failure:
    trigger = partial(_trigger_once, call, operation, caller, at)
    return retry(trigger, name=f"call {caller.call_id}: {operation.name}")


def _trigger_once(call: Call, operation: Operation, caller: Caller, at: datetime) -> Answer:
    """Do it for all records that the criteria match, or for none."""
    dry, most = operation.trial or call.options.dry_run, call.limit or DialectSettings().records_limit
    with _attempt():
        outcomes = operation.service(
            criteria=call.criteria or (), most=most, by=caller, at=at, resource=operation.resource
        )
        undone = any(outcome.failed for outcome in outcomes)
        if undone or dry:
            transaction.set_rollback(True)
    if undone:
        outcomes = [_undo_outcome(outcome) for outcome in outcomes]
    elif dry:
        outcomes = [dry_outcome(outcome) for outcome in outcomes]
    return Answer(operation, tuple(outcomes), dry=dry)


def _undo_outcome(outcome: Outcome) -> Outcome:
    """Return the outcome of a record whose call is undone because of others."""
    return outcome if outcome.failed else failed_outcome(outcome.key, ROLLED_BACK)


def _run_action(call: Call, operation: Operation, caller: Caller, at: datetime) -> Answer:
    secrets = {field.name for field in operation.resource.fields if field.secret}
    with Transaction():
        result = operation.service(records=list(call.records), by=caller, at=at, resource=operation.resource)
        if call.options.dry_run:
            transaction.set_rollback(True)
            result = [{**record, **dict.fromkeys(secrets & record.keys(), EMPTY)} for record in result]
    return Answer(operation, records=tuple(result), dry=call.options.dry_run)


_RUN: Mapping[Kind, Callable[[Call, Operation, Caller, datetime], Answer | Failure]] = {
    Kind.SEARCH: _find,
    Kind.WRITE: _write,
    Kind.ACTION: _run_action,
    Kind.TRIGGER: _trigger,
}


def _set_condition(records: Sequence[Values], options: Options) -> Sequence[Values]:
    """Return the records, with the condition that a call sets for its only one."""
    if options.if_match is None and options.if_none_match is None:
        return records
    if len(records) != 1:
        text = "If-Match and If-None-Match go with a single record; in a batch give each record its version."
        raise ProblemError(invalid_problem(text, code="if-match-needs-one-record"))
    version = records[0].get("version", EMPTY)
    return [{**records[0], "version": Precondition(options.if_match, options.if_none_match, version)}]


@contextmanager
def _attempt() -> Iterator[None]:
    """Run what is inside in a savepoint; in an attempt without savepoints, undo the whole transaction with it."""
    if has_savepoints():
        with Transaction():
            yield
        return
    try:
        yield
    except Exception as error:  # whatever it is, nothing of the attempt may stay
        transaction.set_rollback(True)
        if isinstance(error, DatabaseError) and find_outage(error) is None:
            raise TryWithSavepoints from error
        raise


def _write_once(
    call: Call, operation: Operation, records: Sequence[Values], caller: Caller, at: datetime
) -> Answer | Failure:
    options, scope, matching = call.options, call.scope, call.matching
    with _attempt():
        if call.criteria is not None:
            (records, scope), matching = _find_keys(call.criteria, call.scope, operation), BY_KEY
            records = _set_condition(records, options)
        # Only those services have such options whose operations say so.
        own = {"options": WriteOptions(options.check_totals, options.import_finished)} if operation.options else {}
        outcomes = operation.service(
            records=records, by=caller, at=at, resource=operation.resource, scope=scope, matching=matching, **own
        )
        undone = options.all_or_none and any(outcome.failed for outcome in outcomes)
        echo = () if undone or options.dry_run or not options.echo else _echo(operation, outcomes)
        if undone or options.dry_run:
            transaction.set_rollback(True)
    if undone:
        outcomes = [_undo_outcome(outcome) for outcome in outcomes]
    elif options.dry_run:
        outcomes = [dry_outcome(outcome) for outcome in outcomes]
    held = outcomes if isinstance(outcomes, OutcomeList) else tuple(outcomes)
    return Answer(operation, held, echo, dry=options.dry_run)


def _find_keys(criteria: Sequence[Criterion], scope: Scope, operation: Operation) -> tuple[Sequence[Values], Scope]:
    """Return the keys of the records that the criteria match; they must still match when they are locked."""
    found = _finder(operation)(search=Search(criteria), resource=operation.resource, keys_only=True)
    return found.records, replace(scope, before=(*scope.before, *criteria))


def _echo(operation: Operation, outcomes: Sequence[Outcome]) -> Sequence[Values]:
    """Return the records as they are now, one for each outcome; many are found as they are written."""

    def find(ids: Sequence[int]) -> Sequence[Values]:
        return tuple(_finder(operation)(search=Search(ids=ids), resource=operation.resource).records)

    records = PagedRecords([outcome.id for outcome in outcomes], find, PAGE_SIZE)
    return records if len(records) > PAGE_SIZE else tuple(records)


def _finder(operation: Operation) -> Callable:
    if operation.find is None:
        raise TypeError(f"{operation.name} finds no records.")
    return operation.find


def dry_outcome(outcome: Outcome) -> Outcome:
    """Return an outcome of a dry run: without the id and the version that there would be."""
    if outcome.result is Result.CREATED:
        return replace(outcome, id=None, version=None)
    return replace(outcome, version=None) if outcome.result is Result.UPDATED else outcome
