"""REST as a Dialect."""

from webservices.wire.contracts.openapi_bodies import answer_schemas_in, schemas_in
from webservices.wire.dialects.base import Dialect, Secrets
from webservices.wire.dialects.rest.names import DOCUMENTATION, FAMILIES, RestSettings, contexts, named_by, spell
from webservices.wire.dialects.rest.openapi.document import document
from webservices.wire.dialects.rest.read import read
from webservices.wire.dialects.rest.request import build_request
from webservices.wire.dialects.rest.write import write

REST = Dialect(
    name="rest",
    label="REST",
    media="json",
    read=read,
    build_request=build_request,
    write=write,
    contexts=contexts,
    spell=spell,
    families=FAMILIES,
    secrets=Secrets(members=frozenset({"password", "secret", "token"}), parameters=frozenset({"password", "token"})),
    settings=RestSettings(),
    named_by=named_by,
    contract=lambda plural: (DOCUMENTATION, "API documentation"),
    schemas=lambda request, operations, settings: schemas_in(document(operations), request),
    answers=lambda request, status, operations, settings: answer_schemas_in(document(operations), request, status),
)
