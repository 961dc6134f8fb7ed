"""REST as a Dialect."""

from webservices.contracts.openapi import document
from webservices.contracts.openapi_requests import answer_schemas_in, schemas_in
from webservices.dialects.rest.ask import ask
from webservices.dialects.rest.read import read
from webservices.dialects.rest.spelling import DOCUMENTATION, FAMILIES, RestTerms, manners, named_by, spell
from webservices.dialects.rest.write import write
from webservices.dialects.shape import Dialect, Secrets

REST = Dialect(
    name="rest",
    label="REST",
    media="json",
    read=read,
    ask=ask,
    write=write,
    manners=manners,
    spell=spell,
    families=FAMILIES,
    secrets=Secrets(members=frozenset({"password", "secret", "token"}), parameters=frozenset({"password", "token"})),
    terms=RestTerms(),
    named_by=named_by,
    contract=lambda plural: (DOCUMENTATION, "API documentation"),
    schemas=lambda request, operations, terms: schemas_in(document(operations), request),
    answers=lambda request, status, operations, terms: answer_schemas_in(document(operations), request, status),
)
