"""CRM-service as a Dialect."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from records.shapes.problems import Family, Problem
from webservices.wire.credentials import Bearer, Credentials, Password, SessionToken
from webservices.wire.dialects.base import Dialect, Secrets
from webservices.wire.dialects.crm.context import CrmContext, CrmSettings
from webservices.wire.dialects.crm.faults import FAMILIES
from webservices.wire.dialects.crm.methods import MANAGERS, Form, methods_of
from webservices.wire.dialects.crm.names import FIELDS, SERVICE, SINGLE, spell
from webservices.wire.dialects.crm.read import read
from webservices.wire.dialects.crm.request import build_request
from webservices.wire.dialects.crm.search import compares
from webservices.wire.dialects.crm.types import seen
from webservices.wire.dialects.crm.write import write
from webservices.wire.dialects.crm.wsdl import answer_schemas
from webservices.wire.operations import Action, Operation, Verb

NOT_RECORDS = frozenset({"rows"})


TERMS = CrmSettings()


def contexts(operation: Operation, settings: CrmSettings = TERMS) -> Sequence[CrmContext]:
    """Each method that the operation is."""
    return [CrmContext(method.manager, method, settings=settings) for method in methods_of(operation)]


def on_site(dialect: Dialect, settings: CrmSettings) -> Dialect:
    """With the site's own language, currency and statuses in what it asks."""
    return replace(dialect, contexts=partial(contexts, settings=settings), single=single(settings))


def single(settings: CrmSettings) -> Mapping[str, str]:
    """The one entry of each map."""
    return {field: getattr(settings, term) for field, term in SINGLE.items()}


def credentials(operation: Operation, who: Password) -> Credentials:
    """An API key opens a session; a session says who is calling everywhere else."""
    return Bearer(who.secret) if operation.verb is Action.OPEN else SessionToken(who.secret)


def named_by(operation: Operation, context: CrmContext) -> Sequence[str]:
    """A record is known by its id, but for a search by its number."""
    by_number = operation.verb is Verb.ADD or context.method.form in (Form.SEARCH, Form.ACTION)
    return operation.resource.key if by_number else ("id",)


def searched(context: CrmContext) -> Sequence[str]:
    """What a skeleton says of searching."""
    if context.method.form is not Form.SEARCH:
        return ["Gives the record with this id."]
    return [
        "Searches by one field: exact but for case, % being any text; in the order of the ids.",
        f"limit is 1 to {context.settings.most}, offset is 0 or more.",
    ]


# What comes by order has a name of its client's own: the first says who is calling, the others may be a password.
SECRETS = Secrets(
    elements=frozenset({"apiKey", "session", "sessionID", "password", "param0"}),
    containers=frozenset({"createSession", "authenticatePortalUser", "multiRef"}),
)
CRM = Dialect(
    name="crm-service",
    label="CRM-service",
    media="xml",
    read=read,
    build_request=build_request,
    write=write,
    contexts=contexts,
    spell=spell,
    families=FAMILIES,
    secrets=SECRETS,
    settings=TERMS,
    lists={plural: tuple(fields.values()) for plural, fields in FIELDS.items() if plural not in NOT_RECORDS},
    seen=seen,
    single=single(TERMS),
    credentials=credentials,
    named_by=named_by,
    compares=compares,
    comparators=(),
    searched=searched,
    service=lambda operation, context: context.manager,
    in_text=lambda context: context.method.form is Form.BULK,
    titles={manager: manager for manager in MANAGERS},
    contract=lambda manager: (f"{SERVICE}?class={manager}&wsdl", "WSDL"),
    answers=answer_schemas,
    on_site=on_site,
    stranger=("whose session has ended", Problem("session-ended", Family.UNAUTHENTICATED, "")),
    tickets={"sessionID": "", "apiKey": ""},
)
