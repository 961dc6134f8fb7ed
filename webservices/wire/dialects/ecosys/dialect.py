"""EcoSys as Dialects: SOAP, REST XML and REST JSON, for the same published APIs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from webservices.wire.dialects.base import Dialect, Secrets
from webservices.wire.dialects.ecosys import read, request, write
from webservices.wire.dialects.ecosys.columns import one_entry
from webservices.wire.dialects.ecosys.context import AT_FIRST, EcoSysContext, RestContext, SoapContext
from webservices.wire.dialects.ecosys.names import (
    FAMILIES,
    LEFT_OUT,
    REST_XML_PATH,
    SOAP_PATH,
    VERBS,
    is_on,
    operation_name,
    spell,
)
from webservices.wire.dialects.ecosys.options import OPTIONS
from webservices.wire.dialects.ecosys.published import EcoSysSettings, PublishedApi
from webservices.wire.dialects.ecosys.rest_bodies import JSON, XML, Form
from webservices.wire.dialects.ecosys.rest_read import METHOD, read_form
from webservices.wire.dialects.ecosys.rest_request import SENT_AS, build_form_request, method_of
from webservices.wire.dialects.ecosys.rest_write import write_form
from webservices.wire.dialects.ecosys.results import spell_in, told
from webservices.wire.dialects.ecosys.wsdl import rest_schemas, schemas
from webservices.wire.operations import Operation

SECRETS = Secrets(
    elements=frozenset({"Password"}),
    members=frozenset({"Password"}),
    parameters=frozenset({"_password", "__password"}),
    children=frozenset(("*Options", option) for option in OPTIONS),
)


SINGLE = {"description": AT_FIRST.language, "price": AT_FIRST.currency}


def offered(settings: EcoSysSettings, operation: Operation) -> Iterator[PublishedApi]:
    """The APIs that have an operation."""
    verb, plural = operation.verb, operation.resource.plural
    return (api for api in settings.apis if api.plural == plural and verb in VERBS and is_on(api, verb))


def contexts(kind: type[EcoSysContext], settings: EcoSysSettings, operation: Operation) -> Sequence[EcoSysContext]:
    """One for each API that has the operation. SOAP 1.2 is answered in kind."""
    return [kind(api, settings.language, settings.currency) for api in offered(settings, operation)]


def contract(path: str, document: str, settings: EcoSysSettings, plural: str) -> tuple[str, str]:
    """What describes the first API of a kind of record: `/ecosys/api/soap/Part?wsdl`, `WSDL`."""
    api = next(api for api in settings.apis if api.plural == plural)
    return f"{path}{api.name}?{document.lower()}", document


def soap_called(operation: Operation, context: SoapContext) -> str:
    """`UpdatePart`."""
    return operation_name(context.api, operation.verb)


def rest_called(form: Form, operation: Operation, context: RestContext) -> str:
    """`GET /ecosys/api/restxml/Part/`, `POST /ecosys/api/restxml/Part/?_method=PATCH`."""
    method = method_of(operation.verb)
    sent = SENT_AS.get(method, method)
    override = f"?{METHOD}={method}" if sent != method else ""
    return f"{sent} {form.path}{context.api.name}/{override}"


def soap_on_site(dialect: Dialect, settings: EcoSysSettings) -> Dialect:
    """With what is published there."""
    return replace(
        dialect,
        contexts=partial(contexts, SoapContext, settings),
        contract=partial(contract, SOAP_PATH, "WSDL", settings),
    )


def rest_on_site(dialect: Dialect, settings: EcoSysSettings) -> Dialect:
    return replace(
        dialect,
        contexts=partial(contexts, RestContext, settings),
        contract=partial(contract, REST_XML_PATH, "XSD", settings),
    )


ECOSYS = Dialect(
    name="ecosys",
    label="EcoSys SOAP",
    media="xml",
    read=read.read,
    build_request=request.build_request,
    write=write.write,
    contexts=partial(contexts, SoapContext, AT_FIRST),
    spell=spell,
    spell_in=spell_in,
    messages=told,
    families=FAMILIES,
    secrets=SECRETS,
    settings=EcoSysSettings(),
    left_out=LEFT_OUT,
    single=SINGLE,
    seen=one_entry,
    called=soap_called,
    knows_site=True,
    comparators=(),
    contract=partial(contract, SOAP_PATH, "WSDL", AT_FIRST),
    on_site=soap_on_site,
    schemas=schemas,
)


def rest_dialect(form: Form, label: str) -> Dialect:
    """One of the two forms of REST: what SOAP says, in other bodies at other addresses."""
    return replace(
        ECOSYS,
        name=f"ecosys-rest-{form.media}",
        label=label,
        media=form.media,
        read=partial(read_form, form),
        build_request=partial(build_form_request, form),
        write=partial(write_form, form),
        contexts=partial(contexts, RestContext, AT_FIRST),
        called=partial(rest_called, form),
        tickets={},
        contract=partial(contract, REST_XML_PATH, "XSD", AT_FIRST),
        on_site=rest_on_site,
        schemas=rest_schemas if form is XML else Dialect.schemas,
        also_at=[f"{form.path}[^/]+/.*"],
    )


ECOSYS_REST_XML = rest_dialect(XML, "EcoSys REST XML")
ECOSYS_REST_JSON = rest_dialect(JSON, "EcoSys REST JSON")
