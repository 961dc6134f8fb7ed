"""The codes that parts and prices have, as records: languages and currencies."""

from parts.models import Currency, Language
from records.code_rules import code_rules
from records.derive import derive
from records.services import Services

LANGUAGE = derive(
    Language,
    key=["code"],
    fields=["code", "name", "active"],
    examples=[{"code": "gsw", "name": "Swiss German", "active": "true"}],
    site_table=True,
)
CURRENCY = derive(
    Currency,
    key=["code"],
    fields=["code", "name", "digits", "active"],
    examples=[{"code": "XTS", "name": "Test currency", "digits": "2", "active": "true"}],
    site_table=True,
)

LANGUAGES = Services(Language, LANGUAGE, code_rules(Language))
CURRENCIES = Services(Currency, CURRENCY, code_rules(Currency))
