"""
Validation of an answer by the contract: XML by the XSD of its service, JSON by the response's schema of OpenAPI.

    validate_answer(dialect, request, answer, operations)      [] : it is valid
"""

from collections.abc import Sequence

from lxml import etree

from webservices.publishing import dialect_settings
from webservices.tester.compose.validate import json_schema, xml_schema
from webservices.tester.send.parsed_answer import ParsedAnswer
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Operations
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.documents import InvalidXml, parse_document

NO_CONTRACT = "There is no contract for this answer."
MAX_PROBLEMS = 20  # of one answer
FAULT = {SOAP_11.namespace: ("faultcode", "faultstring"), SOAP_12.namespace: ("Code/Value", "Reason/Text")}


def validate_answer(
    dialect: Dialect | None, request: WireRequest, answer: ParsedAnswer, operations: Operations
) -> list[str]:
    """Validate an answer; returns a sentence for each problem, at most MAX_PROBLEMS."""
    if dialect is None:
        return [NO_CONTRACT]
    body = answer.body.encode("utf-8", "surrogatepass")
    fault = _fault(body) if dialect.media == "xml" else None
    if fault is not None:
        return _fault_problems(fault)
    schemas = _schemas(dialect, request, answer.status, operations)
    if not schemas:
        return [] if not body.strip() and answer.status == 204 else [NO_CONTRACT]
    validate = json_schema.validate if answer.is_json else xml_schema.validate
    found = validate(body, schemas, {})
    return [f"Line {problem.line}: {problem.message}" for problem in found[:MAX_PROBLEMS]]


def _schemas(dialect: Dialect, request: WireRequest, status: int, operations: Operations) -> Sequence:
    settings = dialect_settings(dialect, operations.generation)
    return dialect.response_schemas(request, status, operations, settings)


def _fault(body: bytes) -> etree._Element | None:
    try:
        return parse_document(body).find("{*}Body/{*}Fault")
    except InvalidXml:
        return None


def _fault_problems(fault: etree._Element) -> list[str]:
    """The problems of a fault. No XSD of ours has faults: SOAP itself defines their elements."""
    space = etree.QName(fault).namespace
    if space not in FAULT:
        return [f"{space} is no namespace of SOAP."]
    inside = "" if space == SOAP_11.namespace else f"{{{space}}}"
    paths = {path: "/".join(inside + step for step in path.split("/")) for path in FAULT[space]}
    return [f"The fault lacks {path}." for path, qualified in paths.items() if not fault.findtext(qualified)]
