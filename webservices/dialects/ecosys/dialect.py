"""EcoSys as Dialects: SOAP, REST XML and REST JSON, for the same published APIs."""

from collections.abc import Sequence
from functools import partial

from webservices.dialects.ecosys import ask, read, write
from webservices.dialects.ecosys.manner import AT_FIRST, RestManner, SoapManner
from webservices.dialects.ecosys.published import EcoSysTerms
from webservices.dialects.ecosys.rest_ask import SENT_AS, ask_form, method_of
from webservices.dialects.ecosys.rest_bodies import JSON, XML, Form
from webservices.dialects.ecosys.rest_read import METHOD, read_form
from webservices.dialects.ecosys.rest_write import write_form
from webservices.dialects.ecosys.results import spell_in, told
from webservices.dialects.ecosys.spelling import DEFAULT_APIS, FAMILIES, LEFT_OUT, SOAP_PATH, VERBS, spell
from webservices.dialects.shape import Dialect, Secrets
from webservices.operations import Operation

SECRETS = Secrets(
    elements=frozenset({"Password"}),
    members=frozenset({"Password"}),
    parameters=frozenset({"_password", "__password"}),
)


SINGLE = {"description": AT_FIRST.language, "price": AT_FIRST.currency}


def soap_manners(operation: Operation) -> Sequence[SoapManner]:
    """SOAP 1.1, at the API that is published at first; none where there is none. Version 1.2 is answered in kind."""
    api = DEFAULT_APIS.get(operation.resource.plural)
    return [SoapManner(api)] if api is not None and operation.verb in VERBS else []


def rest_manners(operation: Operation) -> Sequence[RestManner]:
    api = DEFAULT_APIS.get(operation.resource.plural)
    return [RestManner(api)] if api is not None and operation.verb in VERBS else []


def rest_called(form: Form, operation: Operation) -> str:
    """`GET /ecosys/api/restxml/Part/`, `POST /ecosys/api/restxml/Part/?_method=PATCH`."""
    method = method_of(operation.verb)
    sent = SENT_AS.get(method, method)
    override = f"?{METHOD}={method}" if sent != method else ""
    return f"{sent} {form.path}{DEFAULT_APIS[operation.resource.plural].name}/{override}"


ECOSYS = Dialect(
    name="ecosys",
    label="EcoSys SOAP",
    media="xml",
    read=read.read,
    ask=ask.ask,
    write=write.write,
    manners=soap_manners,
    spell=spell,
    spell_in=spell_in,
    messages=told,
    families=FAMILIES,
    secrets=SECRETS,
    terms=EcoSysTerms(),
    left_out=LEFT_OUT,
    single=SINGLE,
    knows_site=True,
    comparators=(),
    contract=lambda plural: (f"{SOAP_PATH}{DEFAULT_APIS[plural].name}?wsdl", "WSDL"),
)


def rest_dialect(form: Form, label: str) -> Dialect:
    """One of the two forms of REST."""
    return Dialect(
        name=f"ecosys-rest-{form.media}",
        label=label,
        media=form.media,
        read=partial(read_form, form),
        ask=partial(ask_form, form),
        write=partial(write_form, form),
        manners=rest_manners,
        spell=spell,
        spell_in=spell_in,
        messages=told,
        families=FAMILIES,
        secrets=SECRETS,
        terms=EcoSysTerms(),
        left_out=LEFT_OUT,
        single=SINGLE,
        knows_site=True,
        comparators=(),
        called=partial(rest_called, form),
        tickets={},
        contract=lambda plural: (f"{XML.path}{DEFAULT_APIS[plural].name}/?xsd", "XSD"),
    )


ECOSYS_REST_XML = rest_dialect(XML, "EcoSys REST XML")
ECOSYS_REST_JSON = rest_dialect(JSON, "EcoSys REST JSON")
