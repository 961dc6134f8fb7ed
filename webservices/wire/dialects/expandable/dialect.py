"""Expandable as a Dialect."""

from webservices.wire.contracts.openapi_bodies import answer_schemas_in, schemas_in
from webservices.wire.dialects.base import Dialect, Secrets
from webservices.wire.dialects.expandable.calls import carried, contexts
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.names import HELP, PLAIN, PROGRAMS
from webservices.wire.dialects.expandable.naming import spell
from webservices.wire.dialects.expandable.openapi import document
from webservices.wire.dialects.expandable.qbe import NOTATION
from webservices.wire.dialects.expandable.read import read
from webservices.wire.dialects.expandable.request import build_request
from webservices.wire.dialects.expandable.statuses import FAMILIES
from webservices.wire.dialects.expandable.tables import PASSWORD, TOKEN
from webservices.wire.dialects.expandable.values import seen
from webservices.wire.dialects.expandable.write import write
from webservices.wire.messages import MessageContext

STAMPS = ("created_by", "created_at", "changed_by", "changed_at")


def how_to_ask(context: MessageContext) -> list[str]:
    """The notation of criteria, for skeletons."""
    width = max(len(example) for example, _ in NOTATION)
    return [
        "A blank criterion asks nothing. What a criterion may be:",
        *(f"    {example.ljust(width)}    {meaning}" for example, meaning in NOTATION),
        "All fields but NOTES and ATTACHMENTS can be asked for, the audit fields too, such as DATE_CREATED.",
    ]


EXPANDABLE = Dialect(
    name="expandable",
    label="Expandable",
    media="json",
    read=read,
    build_request=build_request,
    write=write,
    contexts=contexts,
    spell=spell,
    families=FAMILIES,
    secrets=Secrets(members=frozenset({PASSWORD, TOKEN})),
    settings=ExpandableSettings(),
    lists={
        plural: (*program.by_hub, *([program.lines.name] if program.lines else ()), *STAMPS)
        for plural, program in PROGRAMS.items()
    },
    custom=lambda plural, entry: PROGRAMS[plural].has_custom(entry),
    seen=seen,
    comparators=(),
    searched=how_to_ask,
    single={"description": "en", "price": "USD"},
    credentials=carried,
    titles={plural: plain.title.partition(",")[0] for (plural, _), plain in PLAIN.items()}
    | {plural: program.title for plural, program in PROGRAMS.items()},
    contract=lambda plural: (HELP, "Help pages"),
    schemas=lambda request, operations, settings: schemas_in(document(operations), request),
    answers=lambda request, status, operations, settings: answer_schemas_in(document(operations), request, status),
)
