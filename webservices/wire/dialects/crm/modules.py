"""The modules of CRM-service: the kinds of record that `bulkEntitySave` and `getCrmFields` take."""

from collections.abc import Mapping

from records.shapes.problems import ProblemError, invalid_problem
from records.shapes.values import quote_text

MODULES: Mapping[str, str] = {
    "Products": "parts",
    "Accounts": "customers",
    "Contacts": "contacts",
    "SalesOrder": "sales_orders",
    "Leads": "leads",
    "Potentials": "potentials",
}
# Modules that are not stored by themselves, so that nothing of them can be changed.
ADDED_ONLY = frozenset({"leads", "potentials"})


def find_plural(module: str) -> str:
    """Return the kind of record of a module, named in any case, in the singular too; raises ProblemError if unknown."""
    normalized = _normalize(module.strip())
    for name, plural in MODULES.items():
        if _normalize(name) == normalized:
            return plural
    known = ", ".join(MODULES)
    raise ProblemError(
        invalid_problem(f"There is no module {quote_text(module)}; the modules are {known}.", code="unknown-module")
    )


def _normalize(name: str) -> str:
    return name.lower().removesuffix("s")


def module_name(plural: str) -> str:
    """Return the module of a kind of record, or its plural name where it has none."""
    return next((module for module, kind in MODULES.items() if kind == plural), plural)
