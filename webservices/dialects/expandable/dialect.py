"""Expandable as a Dialect."""

from webservices.contracts.openapi_requests import schemas_in
from webservices.dialects.expandable.ask import ask
from webservices.dialects.expandable.calls import carried, manners
from webservices.dialects.expandable.manner import ExpandableTerms
from webservices.dialects.expandable.openapi import document
from webservices.dialects.expandable.read import read
from webservices.dialects.expandable.spelling import HELP, PASSWORD, PLAIN, PROGRAMS, TOKEN, spell
from webservices.dialects.expandable.statuses import FAMILIES
from webservices.dialects.expandable.values import seen
from webservices.dialects.expandable.write import write
from webservices.dialects.shape import Dialect, Secrets

STAMPS = ("created_by", "created_at", "changed_by", "changed_at")

EXPANDABLE = Dialect(
    name="expandable",
    label="Expandable",
    media="json",
    read=read,
    ask=ask,
    write=write,
    manners=manners,
    spell=spell,
    families=FAMILIES,
    secrets=Secrets(members=frozenset({PASSWORD, TOKEN})),
    terms=ExpandableTerms(),
    lists={
        plural: (*program.by_hub, *([program.lines.name] if program.lines else ()), *STAMPS)
        for plural, program in PROGRAMS.items()
    },
    custom=lambda plural, entry: PROGRAMS[plural].has_custom(entry),
    seen=seen,
    single={"description": "en", "price": "USD"},
    credentials=carried,
    titles={plural: plain.title.partition(",")[0] for (plural, _), plain in PLAIN.items()}
    | {plural: program.title for plural, program in PROGRAMS.items()},
    contract=lambda plural: (HELP, "Help pages"),
    schemas=lambda request, operations, terms: schemas_in(document(operations), request),
)
