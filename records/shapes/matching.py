"""
How the records of a call find their stored twins: by their key, unless a call says otherwise.

    Matching((MatchRule(("crm_account_id", "last_name")), MatchRule(("id", "external_id"), first_alone=True)),
    in_turn=True)

A way finds none, one or several. The first way that finds exactly one decides; when none does, several is what counts,
and only if no way found any the record has no twin. Texts are compared by code points; a value that a field cannot have
finds none. To add records, nothing is looked for.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchRule:
    """
    One way to find a twin: it equals the record in all these fields.

    A field that the record leaves out or sends empty is left out of the condition; when that leaves nothing, the way
    finds none.

    first_alone  only the first of the fields that has a value counts
    existing     what a record says in these of its fields is there: one that finds no twin by them is not new, it fails
    """

    fields: tuple[str, ...]
    first_alone: bool = False
    existing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """
    How records find their twins.

    ways     in the order in which they are tried; (): by key
    in_turn  records are written one after the other: later ones see what became of earlier ones, and the same record
             may come several times
    """

    ways: tuple[MatchRule, ...] = ()
    in_turn: bool = False


BY_KEY = Matching()
