"""
The nodes of a product, as data: those that a field of a part holds, and those that are vendor data.

The shape is closed: a product has these nodes, in any case, and no custom fields. ProductSystemId is vendor data, as no
other API shall write it by the name of a key.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from records.shapes.problems import Path
from records.shapes.values import Values


class Form(StrEnum):
    """The forms of a node's content."""

    TEXT = "text"
    TEXTS = "texts"  # an element for each language
    FLAG = "flag"
    DATE = "date"
    XML = "xml"


UNKNOWN = ":"  # put before the name of an unknown element, lest the core take it for a field of its own
VENDOR = "vendor"
IDENTIFICATOR = "Identificator"
PRODUCT_ID, NUMBER, SYSTEM_ID = "CPQProductID", "PartNumber", "ProductSystemId"
PRODUCT_NAME, PRICING_CODE, PRICE, LEAD_TIME, ACTIVE = "ProductName", "PricingCode", "Price", "LeadTime", "Active"
CATEGORIES, PERMISSIONS, PRODUCT_TYPE, DISPLAY_TYPE = "Categories", "Permissions", "ProductType", "DisplayType"
MADE_UP = "_cpq"  # the end of a ProductSystemId that was made of the part number

# The nodes that are fields of a part, in the order in which they are written.
FIELDS: Mapping[str, str] = {
    NUMBER: "number",
    "ExternalId": "external_key_1",
    PRODUCT_NAME: "description",
    "Description": "extended_description_1",
    "LongDescription": "extended_description_2",
    PRICE: "price",
    "UnitOfMeasure": "default_unit_of_measure",
    LEAD_TIME: "lead_time",
    ACTIVE: "active",
}
NODES: Mapping[str, str] = {name: node for node, name in FIELDS.items()} | {"id": PRODUCT_ID}
PART_FIELDS: Sequence[str] = tuple(FIELDS.values())
TEXTS = frozenset({PRODUCT_NAME, "Description", "LongDescription"})

CONTRACT_LISTS: Sequence[str] = (
    "BillingCycle", "ContractDuration", "ContractExtensionPeriod", "ServiceProfile", "ResponseProfile",
    "ServiceContractDuration", "SettlementPeriod", "BillingDate",
)  # fmt: skip
VENDOR_NODES: Mapping[str, Form] = {
    SYSTEM_ID: Form.TEXT,
    PRODUCT_TYPE: Form.TEXT,
    CATEGORIES: Form.XML,
    DISPLAY_TYPE: Form.TEXT,
    "CartDescription": Form.XML,
    PRICING_CODE: Form.TEXT,
    PERMISSIONS: Form.XML,
    **dict.fromkeys(("Image", "Weight", "PriceFormula", "CostFormula", "PricingMechanism", "UPC", "MPN"), Form.TEXT),
    **dict.fromkeys(("StartDate", "EndDate"), Form.DATE),
    **dict.fromkeys(("Obsolete", "UserCanEnterQuantity", "IsSyncedFromBackOffice"), Form.FLAG),
    **dict.fromkeys(("ShippingCosts", "ProductFamilyCode", "RecurringPriceFormula", "RecurringCostFormula"), Form.TEXT),
    **dict.fromkeys(("BaseRecurringPrice", "Inventory", "ProductVersion", "RDResponderTemplate"), Form.TEXT),
    **dict.fromkeys(("ResponderAttributes", "ResponderLineItems", "Tabs", "GlobalScripts", "Attributes"), Form.XML),
    **dict.fromkeys(("OrderItemType", "GeneralItemCategoryGroup", "ContractAutoRenewalIndicator"), Form.TEXT),
    **dict.fromkeys(("IsSubscription", "IsBundleProduct", "HasUsagePricing"), Form.FLAG),
    **dict.fromkeys(CONTRACT_LISTS, Form.XML),
}
ALL_NODES: Sequence[str] = (IDENTIFICATOR, PRODUCT_ID, *FIELDS, *VENDOR_NODES)
# The vendor's own samples have the first; the second was its name before the release 2111.
ALIASES: Mapping[str, str] = {"producttypes": PRODUCT_TYPE, "issapproduct": "IsSyncedFromBackOffice"}
BY_LOWER_CASE: Mapping[str, str] = {**{node.lower(): node for node in ALL_NODES}, **ALIASES}

DISPLAY_TYPES = ("Simple", "Configurable", "System", "Collection", "Parent_child")
REQUIRED = (PRODUCT_NAME, CATEGORIES, PRODUCT_TYPE)  # of a new product
# What a new product of a skeleton has besides.
EXAMPLE: Values = {VENDOR: {PRODUCT_TYPE: "Hardware", CATEGORIES: "<USEnglish>Everything&gt;Pumps</USEnglish>"}}
# Attributes of Products, in lower case, and the nodes that a stored product keeps where they are true.
SKIPPED: Mapping[str, Sequence[str]] = {
    "skipcategoriesonproductupdate": (CATEGORIES,),
    "skippermissionsonproductupdate": (PERMISSIONS,),
    "skipserviceorsubscriptioncontractattributevaluesonproductupdate": CONTRACT_LISTS,
}

# The vendor's names of languages, without blanks and brackets; any other language goes by its code.
LANGUAGE_NAMES: Mapping[str, str] = {
    "USEnglish": "en", "UKEnglish": "en_GB", "French": "fr", "German": "de", "Spanish": "es", "Italian": "it",
    "Portuguese": "pt", "PortugueseBrasil": "pt_BR", "Dutch": "nl", "Danish": "da", "Swedish": "sv", "Norwegian": "nb",
    "Finnish": "fi", "Polish": "pl", "Czech": "cs", "Hungarian": "hu", "Russian": "ru", "Turkish": "tr",
    "Japanese": "ja", "Korean": "ko", "ChineseSimplified": "zh_CN", "ChineseTraditional": "zh_TW",
}  # fmt: skip


def product_path(node: str, language: str) -> Path:
    """Return the hub's path of a node; of a text in several languages, of the one in this language."""
    if node in FIELDS:
        return (FIELDS[node], language) if node in TEXTS else (FIELDS[node],)
    return VENDOR, node


def spell_product(path: Path) -> str:
    """Return `ProductName` for `("description", "en")`, and `Categories` for `("vendor", "Categories")`."""
    name, *rest = map(str, path)
    if name == VENDOR and rest:
        return rest[0]
    return NODES.get(name) or name.removeprefix(UNKNOWN)
