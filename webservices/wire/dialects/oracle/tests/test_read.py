"""Oracle's requests become Calls: the spec's own example first, then what real clients send."""

import pytest

from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import EMPTY, Tags
from records.tests.cast import table
from webservices.wire.credentials import Password
from webservices.wire.dialects.oracle.tests.parts import GET_PARTS, OLD, PARTS, asked, criterion, message, read, record
from webservices.wire.messages import Options
from webservices.wire.operations import Verb
from webservices.wire.soap.versions import SOAP_11, SOAP_12

OPTIONS = "urn:counterpart:options"


def test_reads_the_example_of_the_specification():
    call = read(GET_PARTS)

    assert call.operation.name == "parts.find"
    assert call.criteria == (Criterion(("number",), Comparator.EQUAL, ("PUMP-100",)),)
    assert call.credentials == Password("erp_sync", "s3cret")
    assert call.limit == 300
    assert (call.context.version, call.context.namespace, call.context.plural) == (SOAP_11, PARTS, "parts")


@pytest.mark.parametrize("namespace", [PARTS, OLD, "urn:soap.oracle.com", "http://xmlns.oracle.com/cpqcloud/other"])
def test_takes_every_namespace_that_oracle_has_used(namespace):
    call = read(message(asked("getParts", "", namespace)))

    assert call.context.namespace == namespace


def test_takes_names_in_no_namespace():
    call = read(message("<getParts><Parts/></getParts>"))

    assert (call.operation.verb, call.criteria, call.context.namespace) == (Verb.FIND, (), "")


def test_takes_soap_12():
    body = GET_PARTS.replace(b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope")

    assert read(body).context.version is SOAP_12


@pytest.mark.parametrize(
    "path", ["/v2_0/receiver/parts", "/v2_0/receiver/parts/", "/behind/a/proxy/v2_0/receiver/parts"]
)
def test_the_address_names_the_service(path):
    assert read(GET_PARTS, path).operation.name == "parts.find"


@pytest.mark.parametrize(
    "name, verb",
    [("addParts", Verb.ADD), ("updateParts", Verb.UPDATE), ("modifyParts", Verb.PUT)],
)
def test_reads_the_records_of_a_write(name, verb):
    call = read(message(record("<bm:part_number>A</bm:part_number>", name)))

    assert (call.operation.verb, list(call.records)) == (verb, [{"number": "A"}])


VALUES = {
    "the key": ("<bm:part_number>PUMP-100</bm:part_number>", {"number": "PUMP-100"}),
    "the second number": ("<bm:part_display_number>P</bm:part_display_number>", {"display_number": "P"}),
    "a comment in a text": ("<bm:part_number>PUMP<!-- -->-100</bm:part_number>", {"number": "PUMP-100"}),
    "a number": ("<bm:lead_time>-1</bm:lead_time>", {"lead_time": "-1"}),
    "a map": ("<bm:price><bm:USD>10</bm:USD><bm:EUR/></bm:price>", {"price": {"USD": "10", "EUR": EMPTY}}),
    "a regional language": ("<bm:description><bm:pt_BR>B</bm:pt_BR></bm:description>", {"description": {"pt_BR": "B"}}),
    "an empty map": ("<bm:price/>", {}),
    "a map of white space": ("<bm:price>\n  </bm:price>", {}),
    "a map that stays": ('<bm:price clear="false"/>', {}),
    "a map that is cleared": ('<bm:price clear="true"/>', {"price": EMPTY}),
    "a map that is cleared, qualified": ('<bm:price bm:clear="1"></bm:price>', {"price": EMPTY}),
    "a map of nothing but nil": (
        '<bm:price xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><bm:EUR xsi:nil="1"/></bm:price>',
        {},
    ),
    "a list of one": ("<bm:company_associations>A</bm:company_associations>", {"company_associations": ["A"]}),
    "a list of two": (
        "<bm:company_associations>A~B</bm:company_associations><bm:company_associations>C</bm:company_associations>",
        {"company_associations": ["A~B", "C"]},
    ),
    "an empty list": ("<bm:company_associations/>", {"company_associations": EMPTY}),
    "a custom field": ("<bm:_part_custom_field1>x</bm:_part_custom_field1>", {"custom_field1": "x"}),
    "a named custom field": ("<bm:_part_custom_tier>Gold</bm:_part_custom_tier>", {"custom_tier": "Gold"}),
    "a custom field that nobody defined": (
        "<bm:_part_custom_field99>x</bm:_part_custom_field99>",
        {"custom_field99": "x"},
    ),
    "classic fields that nobody defined, as clients send all of them": (
        "<bm:_part_custom_field2/><bm:_part_custom_field5>0.0</bm:_part_custom_field5>"
        "<bm:_part_custom_field6>0.0</bm:_part_custom_field6><bm:_part_custom_field30> </bm:_part_custom_field30>"
        "<bm:_part_custom_field7>0</bm:_part_custom_field7>",
        {"custom_field5": "0.0"},
    ),
    "a classic field that nobody defined, with a value": (
        "<bm:_part_custom_field7>1</bm:_part_custom_field7>",
        {"custom_field7": "1"},
    ),
    "a field past the classic ones, blank": ("<bm:_part_custom_field31/>", {"custom_field31": EMPTY}),
    "a classic field that is defined, blank": ("<bm:_part_custom_field1/>", {"custom_field1": EMPTY}),
    "an empty element": ("<bm:notes></bm:notes>", {"notes": EMPTY}),
    "nil is absent": ('<bm:notes xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>', {}),
    "an entry that is nil is absent": (
        '<bm:price xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><bm:EUR xsi:nil="1"/><bm:USD/></bm:price>',
        {"price": {"USD": EMPTY}},
    ),
    "nil that nobody knows is absent": (
        '<bm:colour xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
        {},
    ),
    "an empty flag is absent": ("<bm:active> </bm:active>", {}),
    "a flag": ("<bm:active>false</bm:active>", {"active": "false"}),
    "a flag in a word of its own": ("<bm:eligible_to_sell> y</bm:eligible_to_sell>", {"eligible_to_sell": "true"}),
    "a flag that says no": ("<bm:enable_self_service>N</bm:enable_self_service>", {"self_service": "false"}),
    "a flag as a number": (
        "<bm:eligible_for_service>1</bm:eligible_for_service>",
        {"eligible_for_service": "1"},
    ),
    "a flag that is unset": ("<bm:eligible_to_sell/>", {"eligible_to_sell": EMPTY}),
    "a flag that is a word": ("<bm:eligible_to_sell>maybe</bm:eligible_to_sell>", {"eligible_to_sell": "maybe"}),
    "a unit of measure": ("<bm:default_uom_code>EA</bm:default_uom_code>", {"default_unit_of_measure": "EA"}),
    "its other name": ("<bm:default_uom>EA</bm:default_uom>", {"default_unit_of_measure": "EA"}),
    "external keys by two names": (
        "<bm:external_key1>A</bm:external_key1><bm:external_key_2>B</bm:external_key_2>",
        {"external_key_1": "A", "external_key_2": "B"},
    ),
    "one external key by two names": (
        "<bm:external_key1>A</bm:external_key1><bm:external_key_1>B</bm:external_key_1>",
        {"external_key_1": ["A", "B"]},
    ),
    "a long text": (
        "<bm:extended_description1><bm:en>Long</bm:en></bm:extended_description1>",
        {"extended_description_1": {"en": "Long"}},
    ),
    "the dates that only answers have": (
        "<bm:date_added>2017-10-19T01:28:51.000Z</bm:date_added><bm:date_modified>x</bm:date_modified>",
        {},
    ),
    "a scalar twice": ("<bm:units>1</bm:units><bm:units>2</bm:units>", {"units": ["1", "2"]}),
    "a currency twice": ("<bm:price><bm:USD>1</bm:USD><bm:USD>2</bm:USD></bm:price>", {"price": {"USD": ["1", "2"]}}),
    "a group where text is": ("<bm:units><bm:a>1</bm:a></bm:units>", {"units": {"a": "1"}}),
    "an unknown element": ("<bm:part_numbr>A</bm:part_numbr>", {"part_numbr": "A"}),
    "the hub's own name for the key": ("<bm:number>A</bm:number>", {":number": "A"}),
    "the hub's own name of a custom field": ("<bm:custom_field1>A</bm:custom_field1>", {":custom_field1": "A"}),
    "a version": ("<bm:version>7</bm:version>", {":version": "7"}),
    "the rows of prices": ("<bm:prices>x</bm:prices>", {":prices": "x"}),
}


@pytest.mark.parametrize("content, values", table(VALUES))
def test_reads_values(content, values):
    assert list(read(message(record(content))).records) == [values]


CRITERIA = {
    "=": (("part_number", "A", "="), (("number",), Comparator.EQUAL, ("A",))),
    "!=": (("part_number", "A", "!="), (("number",), Comparator.NOT_EQUAL, ("A",))),
    "<> is !=": (("part_number", "A", "&lt;&gt;"), (("number",), Comparator.NOT_EQUAL, ("A",))),
    "<": (("lead_time", "3", "&lt;"), (("lead_time",), Comparator.LESS, ("3",))),
    "<=": (("lead_time", "3", "&lt;="), (("lead_time",), Comparator.AT_MOST, ("3",))),
    ">": (("lead_time", "3", ">"), (("lead_time",), Comparator.MORE, ("3",))),
    ">=": (("lead_time", "3", ">="), (("lead_time",), Comparator.AT_LEAST, ("3",))),
    "like": (("part_number", "PUMP%", "like"), (("number",), Comparator.LIKE, ("PUMP%",))),
    "ilike": (("part_number", "pump%", "ilike"), (("number",), Comparator.ILIKE, ("pump%",))),
    "In": (("part_number", "A, B,C", "In"), (("number",), Comparator.IN, ("A", "B", "C"))),
    "blank": (("company_associations", "", "="), (("company_associations",), Comparator.EQUAL, ("",))),
    "an entry of a map": (("price.USD", "10", ">"), (("price", "USD"), Comparator.MORE, ("10",))),
    "a custom field": (("_part_custom_field1", "x", "="), (("custom_field1",), Comparator.EQUAL, ("x",))),
    "a moment": (
        ("date_modified", "2026-01-01T00:00:00Z", ">="),
        (("changed_at",), Comparator.AT_LEAST, ("2026-01-01T00:00:00Z",)),
    ),
    "a flag": (("eligible_to_sell", "Y", "="), (("eligible_to_sell",), Comparator.EQUAL, ("true",))),
    "the other name of a field": (
        ("default_uom", "EA", "="),
        (("default_unit_of_measure",), Comparator.EQUAL, ("EA",)),
    ),
    "an unknown field": (("colour", "x", "="), (("colour",), Comparator.EQUAL, ("x",))),
}


@pytest.mark.parametrize("texts, expected", table(CRITERIA))
def test_reads_criteria(texts, expected):
    call = read(message(asked("getParts", criterion(*texts))))

    assert call.criteria == (Criterion(*expected),)


STAMPED = {
    "one on date_modified": ("getParts", ("date_modified", "2026-01-01T00:00:00Z", ">"), True),
    "one on date_added": ("getParts", ("date_added", "", "!="), True),
    "one on the number": ("getParts", ("part_number", "A", "="), False),
}


@pytest.mark.parametrize("name, texts, stamps", table(STAMPED))
def test_dates_are_answered_to_a_criterion_that_names_one(name, texts, stamps):
    assert read(message(asked(name, criterion(*texts)))).context.stamps is stamps


def test_reads_the_criteria_of_a_removal():
    call = read(message(asked("deleteParts", criterion("part_number", "A,B", "IN") + criterion("notes", "", "="))))

    assert call.operation.verb is Verb.REMOVE
    assert call.criteria[0] == Criterion(("number",), Comparator.IN, ("A", "B"))
    assert call.limit is None


HEADERS = {
    "none": ("", {}, Options()),
    "block DryRun": (f'<o:DryRun xmlns:o="{OPTIONS}">true</o:DryRun>', {}, Options(dry_run=True)),
    "block AllOrNone": (f'<o:AllOrNone xmlns:o="{OPTIONS}">1</o:AllOrNone>', {}, Options(all_or_none=True)),
    "block IfMatch": (f'<o:IfMatch xmlns:o="{OPTIONS}">7</o:IfMatch>', {}, Options(if_match=Tags((7,)))),
    "block IdempotencyKey": (
        f'<o:IdempotencyKey xmlns:o="{OPTIONS}">k</o:IdempotencyKey>',
        {},
        Options(idempotency_key="k"),
    ),
    "HTTP": ("", {"x_dry_run": "true", "if_match": '"7"'}, Options(dry_run=True, if_match=Tags((7,)))),
    "an option that must be understood": (
        f'<o:DryRun xmlns:o="{OPTIONS}" soapenv:mustUnderstand="1">true</o:DryRun>',
        {},
        Options(dry_run=True),
    ),
    "what 1.0 had": (
        f'<b:userInfo xmlns:b="{OLD}"><b:sessionId>x</b:sessionId></b:userInfo>'
        f'<b:category xmlns:b="{OLD}" soapenv:mustUnderstand="1">Security</b:category>'
        f'<b:xsdInfo xmlns:b="{OLD}"><b:schemaLocation>https://x.example/Parts.xsd</b:schemaLocation></b:xsdInfo>',
        {},
        Options(),
    ),
    "a block of somebody else's": ('<x:Trace xmlns:x="urn:x">1</x:Trace>', {}, Options()),
}


@pytest.mark.parametrize("header, http, options", table(HEADERS))
def test_reads_options(header, http, options):
    call = read(message(asked("getParts", ""), header), **http)

    assert (call.options, call.credentials) == (options, None)


ACTIONS = [
    '""',
    "",
    "getParts",
    '"urn:soap.bigmachines.com#getParts"',
    "login",
    "urn:whatever",
    "http://x/y/getCustomers",
]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_that_names_no_other_operation_is_ignored(action):
    assert read(GET_PARTS, soapaction=action).operation.verb is Verb.FIND
