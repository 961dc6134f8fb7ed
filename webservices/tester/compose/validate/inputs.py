"""
Validation of an input by the contract before it is sent: problems, each with its line and the path of its field.

    validate_input(dialect, "POST", "/v2_0/receiver/parts", text, operations)
        Validation([Problem(14, "Parts/each_record/direct_buy", "direct_buy: '7' is not one of 0, 1, 2.")])

XML is validated by the contract's XSD, JSON by the schema of OpenAPI. An input without a schema is read as the
endpoint would read it. Nothing is sent, and no problem keeps an input from being sent.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from records.shapes.fields import Kind
from records.shapes.problems import CounterpartError
from webservices.publishing import dialect_settings
from webservices.tester.compose.validate import json_schema, xml_schema
from webservices.tester.compose.validate.problem import Problem, Validation
from webservices.wire.contracts.annotations import strip_comments
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import MessageContext, WireRequest
from webservices.wire.operations import Operation, Operations

MAX_PROBLEMS = 50  # of one input


def validate_input(
    dialect: Dialect,
    method: str,
    target: str,
    text: str,
    operations: Operations,
    operation: Operation | None = None,
    headers: Mapping[str, str] | None = None,
    context: MessageContext | None = None,
) -> Validation:
    """
    The problems of an input, at most MAX_PROBLEMS, in the order of their lines.

    target     path and query; the host does not matter
    operation  for which the input was generated; its fields explain the allowed values
    context    in which it was, where that was one of this dialect: the names that fields have there
    """
    parts = urlsplit(target)
    is_xml = dialect.media == "xml"
    bare = text if is_xml else strip_comments(text)
    if is_xml and xml_schema.is_only_comments(bare):
        bare = ""
    # surrogatepass: half a character becomes bytes that are no UTF-8, which the endpoint refuses with a sentence.
    request = WireRequest(method, parts.path, bare.encode("utf-8", "surrogatepass"), headers or {}, parts.query)
    limits = _limits(dialect, operation, context)
    if not bare.strip():
        return Validation(_read_problems(dialect, request, operations))
    schemas = dialect.request_schemas(request, operations, dialect_settings(dialect, operations.generation))
    if is_xml:
        found = xml_schema.validate(request.body, [each for each in schemas if isinstance(each, bytes)], limits)
    else:
        found = json_schema.validate(request.body, [each for each in schemas if not isinstance(each, bytes)], limits)
    if not found:
        found = _read_problems(dialect, request, operations)
    return Validation(sorted(found, key=lambda problem: problem.line)[:MAX_PROBLEMS], has_schema=bool(schemas))


def _limits(dialect: Dialect, operation: Operation | None, context: MessageContext | None) -> dict[str, str]:
    """Words for the allowed values of each field, by its name on the wire."""
    if operation is None:
        return {}
    plural = operation.resource.plural
    found = {}
    for entry in operation.resource.writable:
        found[dialect.spell(plural, (entry.name,))] = dialect.describe(entry).limits()
        for inner in entry.child.writable if entry.kind is Kind.ROWS else ():
            spelled = dialect.spell(plural, (entry.name, 0, inner.name)).rpartition(".")[2]
            found.setdefault(spelled, dialect.describe(inner).limits())
    for own in dialect.vendor_fields.get(plural, ()):
        found.setdefault(own.name.rpartition(".")[2], own.limits())
    named = dialect.wire_fields(operation, context) if context is not None else ()
    return found | {each.name: dialect.describe(each.field).limits() for each in named}


def _read_problems(dialect: Dialect, request: WireRequest, operations: Operations) -> list[Problem]:
    """The problem for which the endpoint would refuse the request as a whole; the database is not asked."""
    try:
        # Some dialects read their records one by one: counting them reads them all.
        len(dialect.read(request, operations, dialect_settings(dialect, operations.generation)).records)
    except CounterpartError as error:
        return [Problem(1, "", error.problem.sentence())]
    return []
