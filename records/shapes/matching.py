"""
The rules by which the records of a call find their stored records: by their key, unless a call says otherwise.

    Matching((MatchRule(("crm_account_id", "last_name")), MatchRule(("id", "external_id"), first_only=True)),
    sequential=True)

A field is named by its name; an entry of a map by both, `description.en`. A record may bring rules of its own
(`records.shapes.values.MatchBy`).

A rule finds none, one or several. The first rule that finds exactly one decides; when none does, several is what
counts, and only if no rule found any the record is not stored yet. Texts are compared by code points, unless a rule
says otherwise; a value that a field cannot have finds none. To add records, nothing is looked for.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchRule:
    """
    One rule to find a stored record: it equals the sent one in all these fields.

    A field that the record leaves out or sends empty is left out of the condition; when that leaves nothing, the rule
    finds none.

    first_only  only the first of the fields that has a value counts
    existing    a record that has a value in one of these fields and is not found by it is not new: it fails
    caseless    where no stored text is exactly the sent one, texts are compared without their case
    blank       fields that have no value in the stored record
    several     all that it finds are written, each as the record says; else several are a problem
    taken       it finds nothing to be written: where no other rule finds a record, a new one fails for what this one
                finds
    """

    fields: tuple[str, ...]
    first_only: bool = False
    existing: tuple[str, ...] = ()
    caseless: bool = False
    blank: tuple[str, ...] = ()
    several: bool = False
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Matching:
    """
    The rules by which records find their stored ones, and whether they are written in sequence.

    rules       in the order in which they are tried; (): by key
    sequential  records are written one after the other: later ones see the result of earlier ones, and the same record
                may come several times
    optional    of children that are records of their own: a part of the key that they may leave out where one stored
                child alone has the others; one that is sent, and that none has, is what that child has afterwards
    """

    rules: tuple[MatchRule, ...] = ()
    sequential: bool = False
    optional: str = ""


BY_KEY = Matching()
