"""Shared by the tests of products: requests of both functions, and their Result."""

from lxml import etree

from webservices.wire.dialects.sap.functions import ADMIN_PATH, NAMESPACE
from webservices.wire.dialects.sap.tests.calls import envelope
from webservices.wire.soap.versions import SOAP_11

ADMINISTRATION = (
    f'<SimpleProductAdministration xmlns="{NAMESPACE}"><userName>{{user}}</userName><password>{{word}}</password>'
    "<action>{action}</action><xDoc>{document}</xDoc></SimpleProductAdministration>"
)
IMPORT = (
    f'<ImportMaterialsFromERP xmlns="{NAMESPACE}"><userName>{{user}}</userName><password>{{word}}</password>'
    "<xDoc>{document}</xDoc></ImportMaterialsFromERP>"
)
# The vendor's example, with values of ours.
EXAMPLE = f"""\
<SimpleProductAdministration xmlns="{NAMESPACE}">
  <userName>ada#ACME</userName><password>ada-ada!</password><action>ADDORUPDATE</action>
  <xDoc><Products xmlns="" SkipCategoriesOnProductUpdate="true"><Product>
    <Identificator>PartNumber</Identificator><PartNumber>PUMP-100</PartNumber>
    <Categories><USEnglish>Everything&gt;Pumps</USEnglish></Categories><ProductType>Hardware</ProductType>
    <ProductName><USEnglish>Pump, small</USEnglish></ProductName><Price>250</Price><UnitOfMeasure>PC</UnitOfMeasure>
  </Product></Products></xDoc>
</SimpleProductAdministration>"""


def node(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def product(number: str = "", name: str = "", identificator: str = "", **nodes: str) -> str:
    """The content of a product's element; `product("P", Price="5")`."""
    parts = [node("Identificator", each) for each in identificator.split()]
    parts += [node("PartNumber", number)] if number else []
    parts += [node("ProductName", node("USEnglish", name))] if name else []
    return "".join([*parts, *(node(each, content) for each, content in nodes.items())])


def new(number: str = "", name: str = "New", **nodes: str) -> str:
    """A product with all that a new one must have."""
    nodes = {"Categories": "<USEnglish>All</USEnglish>", "ProductType": "Hardware", **nodes}
    return product(number, name, **nodes)


def document(*products: str, attributes: str = "") -> str:
    inside = "".join(node("Product", each) for each in products)
    return f'<Products xmlns=""{attributes}>{inside}</Products>'


def request(payload: str, action: str = "ADDORUPDATE", user: str = "ada", word: str = "ada-ada!", **more) -> bytes:
    return envelope(ADMINISTRATION.format(user=user, word=word, action=action, document=payload), **more)


def material_request(payload: str, user: str = "ada", word: str = "ada-ada!", **more) -> bytes:
    return envelope(IMPORT.format(user=user, word=word, document=payload), **more)


def post(client, body: bytes, path: str = ADMIN_PATH, content_type: str = SOAP_11.content_type, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic("POST", path, body, content_type=content_type, headers=named)


class Result:
    """The Result of products: status, message, and the one error, as (code, description)."""

    def __init__(self, response):
        assert response.status_code == 200, response.content
        self.root = etree.fromstring(response.content).find(f".//{{{NAMESPACE}}}Result")
        self.status, self.message = self.root.findtext("{*}Status"), self.root.findtext("{*}Message")
        errors = [*self.root.iterfind("{*}Error")]
        assert len(errors) <= 1
        self.code, self.description = ([child.text or "" for child in errors[0]] + [""])[:2] if errors else ("", "")


def send(client, *products: str, action: str = "ADDORUPDATE", attributes: str = "", **more) -> Result:
    return Result(post(client, request(document(*products, attributes=attributes), action, **more)))


def send_materials(client, *products: str, attributes: str = "", **more) -> Result:
    return Result(post(client, material_request(document(*products, attributes=attributes), **more)))
