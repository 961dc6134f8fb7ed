"""
The search for stored products, by what each product says of itself.

    <Identificator>ProductName</Identificator>   PartNumber (without one), ProductName, PriceCode (with PartNumber),
                                                 ProductSystemId; anything else: CPQProductID

When that finds none, CPQProductID is looked up; when this finds none too, the product is new. All that are found are
changed. A material is found by its ProductSystemId, then by its part number.
"""

from collections.abc import Iterator, Mapping

from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import invalid_problem
from records.shapes.values import EMPTY, MATCH_BY, InvalidValue, MatchBy, Value, Values
from webservices.wire.dialects.sap.context import SapSettings
from webservices.wire.dialects.sap.functions import IMPORT, Function
from webservices.wire.dialects.sap.nodes import (
    IDENTIFICATOR,
    MADE_UP,
    NUMBER,
    PRICING_CODE,
    PRODUCT_ID,
    PRODUCT_NAME,
    SYSTEM_ID,
    UNKNOWN,
    VENDOR,
    product_path,
)
from webservices.wire.operations import Verb

BY_NUMBER = MatchRule(("number",))
# Later products see what earlier ones of the same call did, as customers do.
MATCHING = Matching((BY_NUMBER,), sequential=True)
IDENTIFIED_BY: Mapping[str, tuple[str, ...]] = {
    "partnumber": (NUMBER,),
    "productname": (PRODUCT_NAME,),
    "pricecode": (PRICING_CODE, NUMBER),
    "productsystemid": (SYSTEM_ID,),
}
SYSTEM_ID_FIELD = f"{VENDOR}.{SYSTEM_ID}"


def add_search(
    verb: object,
    values: dict[str, Value],
    found_by: Mapping[str, str],
    skipped: Mapping[str, Value],
    function: Function,
    settings: SapSettings,
) -> None:
    """
    Add to the values of a product how it is found, unless that is by its part number alone.

    found_by  the nodes Identificator and CPQProductID
    skipped   the vendor data that only a new product gets
    """
    identifiers = found_by.get(IDENTIFICATOR, "").lower().split()
    by_system_id = function is IMPORT or SYSTEM_ID.lower() in identifiers
    looked_up = dict(_find_values(values, found_by, settings, by_system_id=by_system_id))
    rules = tuple(_build_rules(identifiers, looked_up, function, settings))
    if PRODUCT_NAME.lower() in identifiers and not any(map(str.isalnum, looked_up.get(_name_field(settings), "x"))):
        # Names are found by the index of their words.
        problem = invalid_problem("{field} needs a letter or a digit to be searched by.", code="no-words")
        values[UNKNOWN + PRODUCT_NAME] = InvalidValue(problem)
    new: dict[str, Value] = {VENDOR: dict(skipped)} if skipped else {}
    if "number" not in values and SYSTEM_ID_FIELD in looked_up:
        new["number"] = looked_up[SYSTEM_ID_FIELD]
    if rules != (BY_NUMBER,) or new:
        values[MATCH_BY] = MatchBy(rules, looked_up, new if verb is Verb.PUT else {})


def _name_field(settings: SapSettings) -> str:
    return ".".join(map(str, product_path(PRODUCT_NAME, settings.language)))


def _find_values(
    values: Values, found_by: Mapping[str, str], settings: SapSettings, *, by_system_id: bool
) -> Iterator[tuple[str, str]]:
    """Yield the values that are looked up, by their fields; texts in several languages in the site's own."""
    for node in (NUMBER, PRODUCT_NAME, PRICING_CODE, SYSTEM_ID):
        name, *rest = map(str, product_path(node, settings.language))
        value = values.get(name, EMPTY)
        entry = value.get(rest[0], EMPTY) if rest and isinstance(value, dict) else value
        if isinstance(entry, str) and entry:
            yield ".".join((name, *rest)), entry
            if node == SYSTEM_ID and by_system_id and "number" not in values and entry.endswith(MADE_UP):
                yield "number", entry.removesuffix(MADE_UP)
    if id_ := found_by.get(PRODUCT_ID):
        yield "id", id_


def _build_rules(
    identifiers: list[str], looked_up: Mapping[str, str], function: Function, settings: SapSettings
) -> Iterator[MatchRule]:
    nodes = [node for each in identifiers or ["partnumber"] for node in IDENTIFIED_BY.get(each, ())]
    if function is IMPORT:
        nodes = [SYSTEM_ID] if SYSTEM_ID_FIELD in looked_up else []
    if fields := tuple(dict.fromkeys(".".join(map(str, product_path(node, settings.language))) for node in nodes)):
        # A part number is the hub's key, and exact.
        exact = "number" in fields
        yield (
            BY_NUMBER
            if fields == ("number",)
            else MatchRule(fields, caseless=not exact, several=settings.several_products)
        )
    if function is IMPORT:
        yield BY_NUMBER
    elif SYSTEM_ID in nodes and "number" in looked_up and looked_up.get(SYSTEM_ID_FIELD, MADE_UP).endswith(MADE_UP):
        yield MatchRule(("number",), blank=(SYSTEM_ID_FIELD,))
    if "id" in looked_up:
        yield MatchRule(("id",))
    if SYSTEM_ID_FIELD in looked_up and function is not IMPORT:
        yield MatchRule((SYSTEM_ID_FIELD,), taken=True)
