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

A request that cannot be read as a call of a function is answered by a SOAP fault. doUSeeMe answers XML as a text:
ICANSEEYOU, or a Result.
"""

from collections.abc import Iterator, Sequence

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Problem
from webservices.wire.dialects.sap.codes import find_code
from webservices.wire.dialects.sap.context import SapContext
from webservices.wire.dialects.sap.names import CUSTOMERS, HEALTH, HEALTH_ROOT, NAMESPACE, VERBS, find_action, spell
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
    if isinstance(answer, Failure):
        if not context.function or find_code(answer.problems[0]).fault:
            return _write_fault(answer, context)
        result = _write_failure(answer, context)
    elif answer.operation.kind is Kind.ACTION:
        result = _write_health(answer)
    else:
        result = _write_outcomes(answer, context)
    # A str that is no Markup is escaped: doUSeeMe answers its XML as a text.
    content = str(result) if context.function == HEALTH else result
    body = element(
        f"{context.function}Response", element(f"{context.function}Result", content), attributes={"xmlns": NAMESPACE}
    )
    return WireResponse(200, write_envelope(body, context.version), context.version.content_type)


def _write_health(answer: Answer) -> Markup:
    """Write ICANSEEYOU with the caller's user name."""
    return element(HEALTH_ROOT, *(element("UserName", str(record["user_name"])) for record in answer.records))


def _write_outcomes(answer: Answer, context: SapContext) -> Markup:
    errors = [*_write_errors(answer, context)]
    added = _write_new_customers(answer.outcomes) if context.return_ids else NOTHING
    message = f"{find_action(answer.operation)} failed" if errors else SUCCESS
    return _write_result(NOK if errors else OK, f"{message} {DRY}" if answer.dry else message, errors, added)


def _write_failure(failure: Failure, context: SapContext) -> Markup:
    """Write the Result of a whole call that failed."""
    action = context.action.upper()
    error = _write_error(failure.problems, is_delete=VERBS.get(action) is Verb.REMOVE)
    return _write_result(NOK, f"{action if action in VERBS else 'Action'} failed", [error])


def _write_result(status: str, message: str, errors: Sequence[Markup] = (), added: Markup = NOTHING) -> Markup:
    parts = [element("Status", status), element("Message", message), element("Errors", *errors) if errors else NOTHING]
    return element("Result", *parts, added, attributes={"xmlns": ""})  # the vendor's Result is in no namespace


def _write_errors(answer: Answer, context: SapContext) -> Iterator[Markup]:
    """Write an Error for each failed customer, with the customer as it was sent."""
    is_delete = answer.operation.verb is Verb.REMOVE
    for number, outcome in enumerate(answer.outcomes):
        if outcome.failed:
            sent = context.customers[number : number + 1]  # none, where the context comes from no request
            customer = join(echo_customer(node, whole=context.whole_echo) for node in sent)
            yield _write_error(outcome.problems, customer, is_delete=is_delete)


def _write_error(problems: Sequence[Problem], customer: Markup = NOTHING, *, is_delete: bool) -> Markup:
    code = find_code(problems[0])
    sentences = " ".join(problem.sentence(lambda path: spell(CUSTOMERS, path)) for problem in problems)
    return element(
        "Error",
        element("ErrorCode", (is_delete and code.delete) or code.text),
        element("Description", sentences),
        customer,
    )


def _write_new_customers(outcomes: Sequence[Outcome]) -> Markup:
    """Write the customers that were added, by their place in the request; in a dry run they have no id."""
    added = [(place, outcome.id) for place, outcome in enumerate(outcomes, 1) if outcome.result is Result.CREATED]
    return element(
        "Added",
        *(element("Customer", element("Position", str(place)), element("Id", str(id or ""))) for place, id in added),
    )


def _write_fault(failure: Failure, context: SapContext) -> WireResponse:
    problem = failure.problems[0]
    reason = problem.sentence(lambda path: spell(CUSTOMERS, path))
    fault = fault_of_envelope(problem, reason, context.version)
    if fault is None:
        fault = Fault(FAULT_CODES[context.version][find_code(problem).fault or "Server"], reason)
    status, body = write_fault(fault, context.version)
    return WireResponse(status, body, context.version.content_type)
