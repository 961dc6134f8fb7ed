"""The rules of tables of codes: a code that a setting names stays, and stays active."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from records.customization import find_named_codes
from records.models import Code
from records.rules import Draft, Rules
from records.shapes.problems import Family


@dataclass(frozen=True)
class CodeRules:
    """The rules of one table of codes."""

    model: type[Code]

    def check(self, drafts: Sequence[Draft], at: datetime) -> None:
        """Reject that a code which a setting names is switched off."""
        named = find_named_codes(self.model)
        for draft in drafts:
            if (setting := named.get(draft.after["code"])) and not draft.after["active"]:
                sentence = f"The setting {setting} names {draft.after['code']}, so it stays active."
                draft.reject("named-by-setting", sentence, "active", family=Family.LOCKED)

    def check_removal(self, drafts: Sequence[Draft]) -> None:
        """Reject that a code which a setting names is removed."""
        named = find_named_codes(self.model)
        for draft in drafts:
            if setting := named.get(draft.before["code"]):
                sentence = f"The setting {setting} names {draft.before['code']}, so it cannot be removed."
                draft.reject("named-by-setting", sentence, family=Family.IN_USE)


def code_rules(model: type[Code]) -> Rules:
    rules = CodeRules(model)
    return Rules(rules.check, rules.check_removal)
