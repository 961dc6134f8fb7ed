"""The WSDLs: rpc style, the names of their parts, types with the fields that a site has defined."""

import pytest
from lxml import etree

from records.shapes.fields import ScalarField
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.methods import MANAGERS, METHODS
from webservices.wire.dialects.crm.modules import ADDED_ONLY, MODULES
from webservices.wire.dialects.crm.names import FIELDS, members
from webservices.wire.dialects.crm.wsdl import wsdl
from webservices.wire.operations import Verb

ADDRESS = "https://crm.example/CrmIntegrationWebservice/service.php?class={}"
PART = OPERATIONS.get("parts", Verb.FIND).resource.add_custom_fields([ScalarField("custom_tier", custom=True)], 7)
EXTENDED = OPERATIONS.replace_resources({"parts": PART}, 7)


def parse_wsdl(manager, **settings):
    return etree.fromstring(wsdl(manager, ADDRESS.format(manager), CrmSettings(**settings), EXTENDED))


@pytest.mark.parametrize("manager", MANAGERS)
class TestAManager:
    def test_names_its_parts_after_itself(self, manager):
        root = parse_wsdl(manager)

        names = {each.tag.rpartition("}")[2]: each.get("name") for each in root if each.get("name")}
        assert (names["portType"], names["binding"], names["service"]) == (
            f"{manager}PortType",
            f"{manager}Binding",
            manager,
        )
        assert root.find("{*}service/{*}port").get("name") == f"{manager}Port"
        assert root.find("{*}service/{*}port/{*}address").get("location") == ADDRESS.format(manager)

    def test_has_a_message_each_way_for_each_method(self, manager):
        root = parse_wsdl(manager)

        for method in MANAGERS[manager]:
            asked, told = (root.find(f"{{*}}message[@name='{method.name}{way}']") for way in ("Request", "Response"))
            assert [part.get("name") for part in asked] == [each.name for each in method.parameters]
            assert [part.get("name") for part in told] == [f"{method.name}Return"]

    @pytest.mark.parametrize("use", ["literal", "encoded"])
    def test_is_bound_in_rpc_style(self, manager, use):
        binding = parse_wsdl(manager, use=use).find("{*}binding")

        assert binding[0].get("style") == "rpc"
        for operation in binding.findall("{*}operation"):
            body = operation.find("{*}input/{*}body")
            assert (body.get("use"), "encodingStyle" in body.attrib) == (use, use == "encoded")
            action = operation[0].get("soapAction")
            assert action == f"{ADDRESS.format(manager)}&method={operation.get('name')}"

    def test_declares_every_type_that_it_names(self, manager):
        root = parse_wsdl(manager)

        declared = {each.get("name") for each in root.iter("{http://www.w3.org/2001/XMLSchema}complexType")}
        named = {each.get("type", "") for each in root.iter()} - {""}
        assert {name.removeprefix("tns:") for name in named if name.startswith("tns:")} - {
            f"{manager}PortType"
        } <= declared


def test_types_have_members_in_any_order_with_those_of_the_site():
    product = parse_wsdl("productManager").find(".//{*}complexType[@name='Product']")

    names = [each.get("name") for each in product[0]]
    assert etree.QName(product[0]).localname == "all"
    assert names[:2] == ["id", "product_no"]
    assert "cf_tier" in names


def test_a_name_is_declared_where_the_site_answers_it():
    types = [
        parse_wsdl("accountManager", **settings).find(".//{*}complexType[@name='Account']")
        for settings in ({}, {"answer_names": False})
    ]

    assert ["name" in [each.get("name") for each in found[0]] for found in types] == [True, False]


def test_arrays_restrict_those_of_the_encoding():
    array = parse_wsdl("productManager").find(".//{*}complexType[@name='ProductArray']//{*}attribute")

    assert array.get("{http://schemas.xmlsoap.org/wsdl/}arrayType") == "tns:Product[]"


def test_every_kind_of_record_has_the_five_methods_and_what_is_only_added_is_saved():
    found = {(plural, verb) for method in METHODS for plural, verb in method.operations}

    verbs = {plural: (Verb.ADD,) if plural in ADDED_ONLY else (*Verb,) for plural in MODULES.values()}
    assert {(plural, verb) for plural in verbs for verb in verbs[plural]} <= found


def test_rows_list_fields_that_there_are():
    rows = OPERATIONS.get("sales_orders", Verb.FIND).resource.by_name["rows"].child

    assert [*members(rows)] == [*FIELDS["rows"]]
