"""The check of a state against its country, for whatever has both: customers, their addresses, orders."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from django.conf import settings
from django.db.models import Q

from customers.models import State
from records.rules import Draft, RowDraft
from records.shapes.problems import Family
from records.shapes.values import quote_text

NEAREST = 3  # codes that a sentence names
LONGEST_CODE = State._meta.get_field("code").max_length or 0

Place = tuple[Draft | RowDraft, str, str, str]  # what is written, its country by code or name, its state, the field


def check_states(places: Iterable[Place]) -> None:
    """
    Reject states that their countries do not have (one query; one more where a country does not have one).

    Without a country, with one that is not known, and with one of which no states are known, there is no check.
    """
    if not settings.CHECK_STATES:
        return
    given = [place for place in places if place[1] and place[2]]
    if not given:
        return
    states = {state for _, _, state, _ in given}
    known = _load_states({country for _, country, _, _ in given}, states)
    unknown = [place for place in given if place[2] not in known.get(place[1], {})]
    tables = _load_states({country for _, country, _, _ in unknown}) if unknown else {}
    for draft, country, state, field in unknown:
        if table := tables.get(country):
            sentence = f"{{field}} {quote_text(state)} is no state of {country}; {_list_nearest(state, table)}."
            draft.reject("unknown-state", sentence, field, family=Family.UNRESOLVED)


def is_code(state: str) -> bool:
    """True if a text, which may also be the name of a state, could be meant as a code."""
    return 0 < len(state) <= LONGEST_CODE and state.isalnum()


def _load_states(countries: set[str], codes: set[str] | None = None) -> Mapping[str, Mapping[str, str]]:
    """Return the states of countries, or those of some codes, each by its code with its name, by a country's names."""
    names = ("country__code", "country__code2", "country__name")
    named = Q()
    for name in names:
        named |= Q((f"{name}__in", countries))
    found: dict[str, dict[str, str]] = {}
    states = State.objects.filter(named) if codes is None else State.objects.filter(named, code__in=codes)
    for code, state_name, *country_names in states.values_list("code", "name", *names):
        for each in country_names:
            found.setdefault(each, {})[code] = state_name
    return found


def _list_nearest(state: str, table: Mapping[str, str]) -> str:
    """Say which codes come nearest to one that the table does not have: `nearest are NSW (New South Wales), …`."""
    wanted = state.upper()
    order = sorted(table, key=lambda code: (code != wanted, -SequenceMatcher(None, wanted, code).ratio(), code))
    nearest = ", ".join(f"{code} ({table[code]})" for code in order[:NEAREST])
    return f"{'nearest are' if len(table) > 1 else 'it has'} {nearest}"
