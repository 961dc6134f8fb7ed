"""
The fields of a module as `getCrmFields` answers them: with this wire's names, its types of data and its uitypes.

    <item xsi:type="tns:CrmField">
      <active>1</active><custom>0</custom><datatype>string</datatype><label>Customer number</label><lenght>20</lenght>
      <name>account_no</name><picklist_id xsi:nil="true"/><readonly>0</readonly><required>0</required>
      <translations>{"en_us":"Customer number"}</translations><uitype>1</uitype>
    </item>
"""

from collections.abc import Iterable, Iterator, Mapping

from records.shapes.fields import Kind
from records.shapes.values import Values
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.names import CUSTOM_PREFIX, FIELDS, VENDOR_FIELDS, wire_name
from webservices.wire.json import write_json

DATA_TYPES: Mapping[str, str] = {
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "double",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
}
ENTRY_KINDS: Mapping[str, str] = {"description": Kind.TEXT, "price": Kind.DECIMAL}  # the kind of a map's one entry

# The vendor's numbers of the widgets that edit a field.

LINE, TEXT_AREA, DATE, NUMBER, PHONE, EMAIL = "1", "19", "5", "7", "11", "13"
PICKLIST, ADDRESS, CHECKBOX, DATETIME, USER, RELATION = "15", "24", "56", "792", "53", "101"
LONG = 1000  # characters: a longer text has an area

UITYPES: Mapping[str, str] = {
    Kind.TEXT: LINE,
    Kind.INTEGER: NUMBER,
    Kind.DECIMAL: NUMBER,
    Kind.BOOLEAN: CHECKBOX,
    Kind.DATE: DATE,
    Kind.DATETIME: DATETIME,
}
BY_NAME: Mapping[str, str] = {
    **dict.fromkeys(("phone", "mobile", "fax"), PHONE),
    "email": EMAIL,
    **dict.fromkeys(("address_1", "address_2", "bill_street", "ship_street", "street"), ADDRESS),
}
OWN: Values = {
    **dict.fromkeys(("required", "read_only", "custom"), "false"),
    "active": "true",
    "kind": Kind.TEXT,
}  # of a field that this wire alone has
ENGLISH = {"en": "en_us"}


def crm_fields(records: Iterable[Values], settings: CrmSettings) -> Iterator[Values]:
    """Describe the fields that this wire has, in its own words; rows are left out, as they are a type of their own."""
    module = ""
    for record in records:
        module, field = str(record["module"]), str(record["name"])
        listed = field in FIELDS[module].values() or field.startswith(CUSTOM_PREFIX)
        if listed and record["kind"] != Kind.ROWS:
            yield _describe_field(record, module, field, settings)
    for own in VENDOR_FIELDS.get(module, ()):
        yield _describe_field({**OWN, "module": module, "label": own.label.capitalize()}, module, own.name, settings)


def _describe_field(record: Values, module: str, field: str, settings: CrmSettings) -> Values:
    name = wire_name(module, field)
    kind = ENTRY_KINDS.get(field, str(record["kind"])) if record["kind"] == Kind.MAP else str(record["kind"])
    locale = ENGLISH.get(settings.language, settings.language).lower()
    return {
        **record,
        "name": name,
        "kind": DATA_TYPES[kind],
        "translations": write_json({locale: record.get("label") or ""}),
        "uitype": _find_uitype(record, name, kind),
    }


def _find_uitype(record: Values, name: str, kind: str) -> str:
    if record.get("picklist_id"):
        return PICKLIST
    if record.get("names") and kind == Kind.INTEGER:
        return USER if "user" in name else RELATION
    if kind == Kind.TEXT and int(str(record.get("length") or 0)) > LONG:
        return TEXT_AREA
    return BY_NAME.get(name) or UITYPES[kind]
