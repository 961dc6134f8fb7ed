"""Names that are not known, and rights that are missing, in the names of the caller's own wire."""

import html
import json
from dataclasses import replace

import pytest

from records.shapes.criteria import Comparator, Criterion
from records.shapes.resources import nearest_name
from records.shapes.values import Value
from records.tests.cast import table
from webservices import endpoint
from webservices.publishing import current_operations, dialect_settings
from webservices.tests.api_keys import key_for
from webservices.wire.credentials import Bearer, Password
from webservices.wire.dialects.crm.dialect import CRM
from webservices.wire.dialects.ecosys.dialect import ECOSYS, ECOSYS_REST_JSON, ECOSYS_REST_XML
from webservices.wire.dialects.expandable.dialect import EXPANDABLE
from webservices.wire.dialects.hints import MOST_HINTS
from webservices.wire.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.sap.dialect import SAP
from webservices.wire.messages import Call
from webservices.wire.operations import Kind, Verb

ADA, BOB = Password("ada", "ada-ada!"), Password("bob", "bob-bob!")


def ask(dialect, plural, verb, record, who=ADA, *, swap=("", ""), context=-1):
    """The answer to a call of which a name was written otherwise, as one text."""
    operation = current_operations().get(plural, verb)
    call = Call(operation, records=[] if verb is Verb.FIND else [record])
    if verb is Verb.FIND:
        call = replace(call, criteria=[Criterion((name,), Comparator.EQUAL, (text,)) for name, text in record.items()])
    spoken = dialect.for_site(dialect_settings(dialect))
    request = spoken.build_request(call, spoken.contexts(operation)[context])
    old, new = (each.encode() for each in swap)
    request = replace(request, body=request.body.replace(old, new), query=request.query.replace(*swap))
    response = endpoint.serve(dialect, request, who)
    body = b"".join(response.chunks) if response.chunks is not None else response.body
    return html.unescape(body.decode())


ROW: Value = [{"part_number": "A", "quantity": "1"}]
# What is sent, the name in it that is written otherwise, and what is suggested; "": nothing.
HINTS = {
    "SAP, a slip": (SAP, "customers", Verb.PUT, {"city": "X"}, ("City", "Cty"), "City"),
    "SAP, another's case": (SAP, "customers", Verb.PUT, {"last_name": "X"}, ("LastName", "last_name"), "LastName"),
    "SAP, the hub's own name": (SAP, "customers", Verb.PUT, {"city": "X"}, ("City", "notes"), ""),
    "SAP, another record's name": (SAP, "customers", Verb.PUT, {"city": "X"}, ("City", "rows"), ""),
    "Expandable, a slip": (
        EXPANDABLE, "contacts", Verb.ADD, {"code": "A", "customer": "B", "phone": "1"}, ("PHONE_NO", "PHNE_NO"),
        "PHONE_NO",
    ),
    "Expandable, another program's name": (
        EXPANDABLE, "contacts", Verb.ADD, {"code": "A", "customer": "B", "phone": "1"}, ("PHONE_NO", "LINES"), "",
    ),
    "Expandable, in a line": (
        EXPANDABLE, "sales_orders", Verb.ADD, {"number": "A", "customer": "B", "rows": ROW}, ("ORDER_QTY", "ORDERQTY"),
        "ORDER_QTY",
    ),
    "Expandable, a delete takes its key": (
        EXPANDABLE, "parts", Verb.REMOVE, {"number": "A", "notes": "x"}, ("NOTES", "NOTE"), "",
    ),
    "Expandable, a criterion": (EXPANDABLE, "parts", Verb.FIND, {"number": "A"}, ("PART_ID", "PARTID"), "PART_ID"),
    "CRM, a slip": (CRM, "contacts", Verb.UPDATE, {"number": "A", "phone": "1"}, ("phone", "fone_nr"), ""),
    "CRM, an id that it calls otherwise": (
        CRM, "contacts", Verb.UPDATE, {"number": "A", "phone": "1"}, ("phone", "contact_id"), "id",
    ),
    "CRM, a number": (
        CRM, "contacts", Verb.UPDATE, {"number": "A", "customer": "B"}, ("account_no", "acount_no"), "account_no",
    ),
    "Oracle 1.0": (ORACLE_1_0, "parts", Verb.PUT, {"number": "A", "notes": "x"}, ("bm:notes", "bm:note"), "notes"),
    "Oracle 2.0": (ORACLE_2_0, "parts", Verb.PUT, {"number": "A", "notes": "x"}, ("bm:notes", "bm:note"), "notes"),
    "Oracle, the hub's own name": (
        ORACLE_2_0, "customers", Verb.PUT, {"number": "A", "notes": "x"}, ("bm:notes", "bm:created_att"), "",
    ),
    "Oracle, in a row": (
        ORACLE_2_0, "sales_orders", Verb.ADD, {"number": "A", "customer": "B", "rows": ROW},
        ("bm:quantity", "bm:quantiti"), "quantity",
    ),
    "Oracle, a criterion": (ORACLE_2_0, "parts", Verb.FIND, {"notes": "A"}, (">notes", ">notess"), "notes"),
    "Oracle, a criterion alone": (
        ORACLE_2_0, "parts", Verb.FIND, {"notes": "A"}, (">notes", ">customer_part_nummbers"), "customer_part_numbers",
    ),
    "EcoSys": (ECOSYS, "parts", Verb.PUT, {"number": "A", "units": "1"}, ("Units", "Unit"), "Units"),
    "EcoSys XML": (ECOSYS_REST_XML, "parts", Verb.PUT, {"number": "A", "units": "1"}, ("Units", "Unit"), "Units"),
    "EcoSys JSON": (ECOSYS_REST_JSON, "parts", Verb.PUT, {"number": "A", "units": "1"}, ("Units", "Unit"), "Units"),
    "EcoSys, what it left out": (
        ECOSYS, "parts", Verb.PUT, {"number": "A", "units": "1"}, ("Units", "CreatedAtt"), "",
    ),
    "EcoSys, in a row": (
        ECOSYS_REST_JSON, "sales_orders", Verb.ADD, {"number": "A", "customer": "B", "rows": ROW},
        ("Quantity", "Quantiti"), "Quantity",
    ),
    "REST": (REST, "parts", Verb.PUT, {"number": "A", "units": "1"}, ('"units"', '"untis"'), "units"),
    "REST, the kind of record before": (
        REST, "parts", Verb.PUT, {"number": "A", "units": "1"}, ('"units"', '"part_units"'), "units",
    ),
    "REST, what is like nothing": (REST, "parts", Verb.PUT, {"number": "A", "units": "1"}, ('"units"', '"colour"'), ""),
    "REST, a criterion": (REST, "parts", Verb.FIND, {"units": "1"}, ('"units"', '"pric.USD"'), "price.USD"),
}  # fmt: skip


@pytest.mark.parametrize("dialect, plural, verb, record, swap, hint", table(HINTS))
def test_a_hint_is_a_name_of_the_wire(ada, dialect, plural, verb, record, swap, hint):
    text = ask(dialect, plural, verb, record, swap=swap)

    _, _, after = text.partition("Did you mean ")
    assert after.partition("?")[0] == hint, text
    assert swap[1].strip('":>').removeprefix("bm:") in text


NEAR = {
    "a letter too few": ("nmber", "number"),
    "two letters changed about": ("nubmer", "number"),
    "capitals": ("CONTACTNO", "contact_no"),
    "words of a class": ("ContactNo", "contact_no"),
    "the record's own name before": ("part_number", "number"),
    "another word": ("contact_id", ""),
    "another end": ("created_by", ""),
    "another beginning": ("first_title", ""),
    "nothing": ("", ""),
    "what nobody types": ("number" * 20, ""),
    "letters of no alphabet here": ("номер", ""),
}


@pytest.mark.parametrize("name, near", table(NEAR))
def test_a_name_is_near_if_each_of_its_words_is(name, near):
    assert nearest_name(name, ("number", "contact_no", "created_at", "last_title"), "part") == near


def test_an_answer_looks_for_so_many_names_only(ada):
    operation = current_operations().get("parts", Verb.PUT)
    names = [f"unit{letter}" for letter in "abcdefghijklmnopqrtuvwxyz"]
    call = Call(operation, records=[{"number": "A", **dict.fromkeys(names, "1")}])

    errors = json.loads(endpoint.serve(REST, REST.build_request(call, REST.contexts(operation)[0]), ADA).body)["errors"]

    assert len(errors) == len(names) > MOST_HINTS
    assert sum("Did you mean units?" in error["detail"] for error in errors) == MOST_HINTS


# What a dialect calls the operation on parts, or on customers where it has no parts.
NAMES = {
    "Oracle 1.0": (ORACLE_1_0, "parts", Verb.FIND, "getParts"),
    "Oracle 2.0": (ORACLE_2_0, "parts", Verb.PUT, "modifyParts"),
    "EcoSys": (ECOSYS, "parts", Verb.FIND, "ReadPart"),
    "EcoSys XML": (ECOSYS_REST_XML, "parts", Verb.PUT, "CreateOrUpdatePart"),
    "EcoSys JSON": (ECOSYS_REST_JSON, "parts", Verb.UPDATE, "UpdatePart"),
    "SAP": (SAP, "customers", Verb.PUT, "CustomerAdministration ADDORUPDATE"),
    "CRM-service": (CRM, "parts", Verb.UPDATE, "updateProduct"),
    "Expandable": (EXPANDABLE, "parts", Verb.FIND, "part-query"),
    "REST": (REST, "parts", Verb.FIND, ""),
}


def record(verb):
    return {"number": "A"} if verb is Verb.FIND else {"number": "A", "notes": "x", "city": "X"}


@pytest.mark.parametrize("dialect, plural, verb, name", table(NAMES))
def test_a_missing_permission_names_the_operation(bob, dialect, plural, verb, name):
    sentence = f"bob may not {verb} {plural} ({name})." if name else f"bob may not {verb} {plural}."

    assert sentence in ask(dialect, plural, verb, carried(dialect, plural, verb), BOB)


@pytest.mark.parametrize("dialect, plural, verb, name", table(NAMES))
def test_a_key_that_does_not_list_it_names_the_operation(ada, dialect, plural, verb, name):
    key = key_for(ada, "sales_orders.remove")

    text = ask(dialect, plural, verb, carried(dialect, plural, verb), Bearer(key))

    assert f"does not list {name or f'{plural}.{verb}'}." in text
    assert not name or f"{plural}.{verb}" not in text


def carried(dialect, plural, verb):
    resource = current_operations().get(plural, verb).resource
    return {
        name: text
        for name, text in record(verb).items()
        if name in resource.by_name and (name == "number" or dialect.carries(plural, resource.by_name[name]))
    }


def test_each_dialect_names_each_of_its_operations_or_calls_it_as_the_hub_does(db):
    operations = current_operations()
    for dialect in DIALECTS:
        for operation in operations:
            for context in dialect.contexts(operation):
                name = dialect.spell_operation(operation, context)
                assert bool(name) is (dialect is not REST) or operation.kind is Kind.ACTION
