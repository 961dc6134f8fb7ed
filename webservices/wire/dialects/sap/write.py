"""
SAP CPQ answers: HTTP 200 with a Result, even where all customers failed.

    <CustomerAdministrationResponse xmlns="http://webcominc.com/"><CustomerAdministrationResult>
      <Result xmlns="">
        <Status>NOK</Status><Message>ADDORUPDATE failed</Message>
        <Errors><Error>
          <ErrorCode>104005</ErrorCode><Description>…</Description>
          <Customer><ExternalId>C-0007</ExternalId>…</Customer>       the failed customer as it was sent
        </Error></Errors>
        <Added><Customer><Position>2</Position><Id>17</Id></Customer></Added>      only where it was asked for
      </Result>
    </CustomerAdministrationResult></CustomerAdministrationResponse>

A Result of products is in the vendor's namespace, and has one Error for all of them:

      <Result xmlns="http://webcominc.com/">
        <Status>NOK</Status><Message>ADDORUPDATE failed</Message>
        <Error><ErrorCode>100000</ErrorCode><Description>ProductType is required. (PUMP-100)</Description></Error>
      </Result>

A request that cannot be read as a call of a function is answered by a SOAP fault. doUSeeMe answers XML as a text:
ICANSEEYOU, or a Result.
"""

from collections.abc import Iterator, Sequence

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Problem
from webservices.wire.dialects.sap.codes import NOT_AUTHENTICATED, UNEXPECTED, ErrorCode, find_code
from webservices.wire.dialects.sap.context import SapContext
from webservices.wire.dialects.sap.functions import HEALTH, NAMESPACE, UPSERT, Function
from webservices.wire.dialects.sap.names import HEALTH_ROOT, spell
from webservices.wire.dialects.sap.products import find_part_number
from webservices.wire.dialects.sap.values import echo_customer
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Kind, Verb
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.faults import Fault, fault_of_envelope, write_fault
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.writing import NOTHING, Markup, element, join

SUCCESS, DRY = "Action successful.", "Dry run: nothing was kept."
OK, NOK = "OK", "NOK"
FAULT_CODES = {SOAP_11: {"Client": "Client", "Server": "Server"}, SOAP_12: {"Client": "Sender", "Server": "Receiver"}}


def write(answer: Answer | Failure, context: SapContext) -> WireResponse:
    """Write an answer as bytes, in the envelope of its request."""
    function = context.function
    if isinstance(answer, Failure):
        if function is None or find_code(answer.problems[0]).fault:
            return _write_fault(answer, context)
        result = _write_failure(answer, function, context)
    elif function is None:
        raise ValueError("An answer is in the context of the function that was called.")
    elif answer.operation.kind is Kind.ACTION:
        result = _write_languages(answer, function, context) if function is not HEALTH else _write_health(answer)
    else:
        result = _write_outcomes(answer, function, context)
    # A str that is no Markup is escaped: doUSeeMe answers its XML as a text.
    content = str(result) if function is HEALTH else result
    body = element(
        f"{function.name}Response", element(f"{function.name}Result", content), attributes={"xmlns": NAMESPACE}
    )
    return WireResponse(200, write_envelope(body, context.version), context.version.content_type)


def _write_health(answer: Answer) -> Markup:
    """Write ICANSEEYOU with the caller's user name."""
    return element(HEALTH_ROOT, *(element("UserName", str(record["user_name"])) for record in answer.records))


def _write_languages(answer: Answer, function: Function, context: SapContext) -> Markup:
    """Write the vendor's names of the languages, the site's own first."""
    own = context.settings.language
    names = {code: name for name, code in context.settings.languages.items()}
    codes = sorted((str(record["code"]) for record in answer.records), key=lambda code: code != own)
    return _write_result(function, OK, ", ".join(names.get(code, code) for code in codes))


def _write_outcomes(answer: Answer, function: Function, context: SapContext) -> Markup:
    failed = [(number, outcome) for number, outcome in enumerate(answer.outcomes) if outcome.failed]
    write_errors = _join_errors if function.joins_errors else _write_errors
    errors = [*write_errors(failed, context, is_delete=answer.operation.verb is Verb.REMOVE)]
    added = _write_new_records(answer.outcomes, function) if context.return_ids else NOTHING
    message = f"{function.find_action(answer.operation) or UPSERT} failed" if errors else SUCCESS
    if answer.dry:
        message = f"{message} {DRY}"
    message = " ".join([message, *_describe_warnings(answer.outcomes, function)])
    return _write_result(function, NOK if errors else OK, message, errors, added)


def _describe_warnings(outcomes: Sequence[Outcome], function: Function) -> Iterator[str]:
    for outcome in outcomes:
        if outcome.warnings:
            named = f" ({outcome.key})" if outcome.key and len(outcomes) > 1 else ""
            yield _say(outcome.warnings, function) + named


def _write_failure(failure: Failure, function: Function, context: SapContext) -> Markup:
    """Write the Result of a whole call that failed."""
    action = context.action.upper() if function.has_action else UPSERT
    asked = function.actions.get(context.action.upper())
    is_delete = asked is not None and asked[1] is Verb.REMOVE
    known = asked is not None or not function.has_action
    code = _find_own_code(failure.problems[0], function)
    error = _write_code(code, _say(failure.problems, function), is_delete=is_delete)
    return _write_result(function, NOK, f"{action if known else 'Action'} failed", [error])


def _find_own_code(problem: Problem, function: Function) -> ErrorCode:
    """Return the code of a problem of a whole call; for products there is one, beside that of a failed sign-in."""
    code = find_code(problem)
    return code if not function.joins_errors or code is NOT_AUTHENTICATED else UNEXPECTED


def _write_result(
    function: Function, status: str, message: str, errors: Sequence[Markup] = (), added: Markup = NOTHING
) -> Markup:
    parts = [element("Status", status), element("Message", message)]
    if errors:
        parts += errors if function.joins_errors else [element("Errors", *errors)]
    # The vendor's Result of customers is in no namespace, that of products in its own.
    return element("Result", *parts, added, attributes={"xmlns": NAMESPACE if function.joins_errors else ""})


def _write_errors(failed: Sequence[tuple[int, Outcome]], context: SapContext, *, is_delete: bool) -> Iterator[Markup]:
    """Write an Error for each failed customer, with the customer as it was sent."""
    for number, outcome in failed:
        sent = context.records[number : number + 1]  # none, where the context comes from no request
        customer = join(echo_customer(node, whole=context.settings.whole_echo) for node in sent)
        code, text = find_code(outcome.problems[0]), _say(outcome.problems, context.function)
        yield _write_code(code, text, customer, is_delete=is_delete)


def _join_errors(failed: Sequence[tuple[int, Outcome]], context: SapContext, *, is_delete: bool) -> Iterator[Markup]:
    """Write the one Error of all failed products, each with its part number in brackets."""
    sentences = []
    for number, outcome in failed:
        named = outcome.key or next(map(find_part_number, context.records[number : number + 1]), "")
        sentences.append(_say(outcome.problems, context.function) + (f" ({named})" if named else ""))
    if sentences:
        yield _write_code(UNEXPECTED, " ".join(sentences), is_delete=is_delete)


def _write_code(code: ErrorCode, text: str, customer: Markup = NOTHING, *, is_delete: bool) -> Markup:
    number = (is_delete and code.delete) or code.text
    return element("Error", element("ErrorCode", number), element("Description", text), customer)


def _say(problems: Sequence[Problem], function: Function | None) -> str:
    plural = function.plural if function else ""
    return " ".join(problem.sentence(lambda path: spell(plural, path)) for problem in problems)


def _write_new_records(outcomes: Sequence[Outcome], function: Function) -> Markup:
    """Write the records that were added, by their place in the request; in a dry run they have no id."""
    added = [(place, outcome.id) for place, outcome in enumerate(outcomes, 1) if outcome.result is Result.CREATED]
    name = function.form.record
    return element(
        "Added",
        *(element(name, element("Position", str(place)), element("Id", str(id or ""))) for place, id in added),
    )


def _write_fault(failure: Failure, context: SapContext) -> WireResponse:
    problem = failure.problems[0]
    reason = _say([problem], context.function)
    fault = fault_of_envelope(problem, reason, context.version)
    if fault is None:
        fault = Fault(FAULT_CODES[context.version][find_code(problem).fault or "Server"], reason)
    status, body = write_fault(fault, context.version)
    return WireResponse(status, body, context.version.content_type)
