"""
SAP CPQ answers: HTTP 200 with a Result, whatever became of the customers.

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

What cannot be read as a call of a function is a SOAP fault. doUSeeMe answers XML as a text: ICANSEEYOU, or a Result.
"""

from collections.abc import Iterator, Sequence

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Problem
from webservices.wire.dialects.sap.context import SapContext
from webservices.wire.dialects.sap.customers import echo
from webservices.wire.dialects.sap.names import CUSTOMERS, HEALTH, NAMESPACE, SEEN, VERBS, action_of, code_of, spell
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Kind, Verb
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.faults import Fault, fault_of_envelope, write_fault
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.writing import NOTHING, Markup, element, join

SUCCESS, DRY = "Action successful.", "Dry run: nothing was kept."
OK, NOK = "OK", "NOK"
BLAMED = {SOAP_11: {"Client": "Client", "Server": "Server"}, SOAP_12: {"Client": "Sender", "Server": "Receiver"}}


def write(answer: Answer | Failure, context: SapContext) -> WireResponse:
    """An answer as bytes, in the envelope of its request."""
    if isinstance(answer, Failure):
        if not context.function or code_of(answer.problems[0]).fault:
            return _fault(answer, context)
        said = _failed(answer, context)
    elif answer.operation.kind is Kind.ACTION:
        said = _seen(answer)
    else:
        said = _done(answer, context)
    if context.function == HEALTH:
        said = str(said)  # XML as a text: it is escaped
    body = element(
        f"{context.function}Response", element(f"{context.function}Result", said), attributes={"xmlns": NAMESPACE}
    )
    return WireResponse(200, write_envelope(body, context.version), context.version.content_type)


def _seen(answer: Answer) -> Markup:
    """That who is calling was let in, and as whom."""
    return element(SEEN, *(element("UserName", str(record["user_name"])) for record in answer.records))


def _done(answer: Answer, context: SapContext) -> Markup:
    errors = [*_errors(answer, context)]
    added = _added(answer.outcomes) if context.return_ids else NOTHING
    message = f"{action_of(answer.operation)} failed" if errors else SUCCESS
    return _result(NOK if errors else OK, f"{message} {DRY}" if answer.dry else message, errors, added)


def _failed(failure: Failure, context: SapContext) -> Markup:
    """A whole call that failed."""
    action = context.action.upper()
    deleted = VERBS.get(action) is Verb.REMOVE
    error = _error(failure.problems, deleted=deleted)
    return _result(NOK, f"{action if action in VERBS else 'Action'} failed", [error])


def _result(status: str, message: str, errors: Sequence[Markup] = (), more: Markup = NOTHING) -> Markup:
    listed = element("Errors", *errors) if errors else NOTHING
    said = [element("Status", status), element("Message", message), listed, more]
    return element("Result", *said, attributes={"xmlns": ""})


def _errors(answer: Answer, context: SapContext) -> Iterator[Markup]:
    """One for each failed customer, with what was sent of it."""
    deleted = answer.operation.verb is Verb.REMOVE
    for number, outcome in enumerate(answer.outcomes):
        if outcome.failed:
            sent = context.customers[number : number + 1]
            shown = join(echo(node, whole=context.whole_echo) for node in sent)
            yield _error(outcome.problems, shown, deleted=deleted)


def _error(problems: Sequence[Problem], customer: Markup = NOTHING, *, deleted: bool) -> Markup:
    code = code_of(problems[0])
    sentences = " ".join(problem.sentence(lambda path: spell(CUSTOMERS, path)) for problem in problems)
    return element(
        "Error",
        element("ErrorCode", (deleted and code.of_delete) or code.text),
        element("Description", sentences),
        customer,
    )


def _added(outcomes: Sequence[Outcome]) -> Markup:
    """The customers that were added, by their place in the request; in a dry run they have no id."""
    added = [(place, outcome.id) for place, outcome in enumerate(outcomes, 1) if outcome.result is Result.CREATED]
    return element(
        "Added",
        *(element("Customer", element("Position", str(place)), element("Id", str(id or ""))) for place, id in added),
    )


def _fault(failure: Failure, context: SapContext) -> WireResponse:
    problem = failure.problems[0]
    reason = problem.sentence(lambda path: spell(CUSTOMERS, path))
    fault = fault_of_envelope(problem, reason, context.version)
    if fault is None:
        fault = Fault(BLAMED[context.version][code_of(problem).fault or "Server"], reason)
    status, body = write_fault(fault, context.version)
    return WireResponse(status, body, context.version.content_type)
