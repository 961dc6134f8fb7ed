"""
The words of a search as SQL: the tables where they may find a record, each read by an index of its own.

`PUMP` finds a part whose number begins with it, that a customer calls so, or whose texts, its own or those of its
descriptions, hold a word that begins so. These are *branches*. An OR of them has no index: PostgreSQL would read the
whole table for a word that one record has. `records.find` takes their ids, or looks at one record after the other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from records.columns import get_child_relation, get_related_model, has_words
from records.conditions import Sql, reverse_source
from records.shapes.fields import Kind
from records.sql import quote_name
from records.write.plan import Plan

# The operators of to_tsquery cannot be part of a word that is sent to it.
WORD = re.compile(r"[^\s'&|!<>():*\\]+")
LAST = "\U0010ffff"  # after every text that begins like the one it is added to

# A range, not LIKE: for a pattern that comes as a parameter PostgreSQL plans without the index.
PREFIX = "({row}.{column} >= %s AND {row}.{column} < %s)"
# In a SELECT of its own: else the text would be read again for each row.
WORDS = "{row}.words @@ (SELECT to_tsquery('simple', %s))"
# PostgreSQL takes `PUMP-100` for two words, and every number may begin with the first: only the longest is looked up in
# the index. No word holds a quote or a backslash (`WORD`).
LONGEST = """(
    SELECT string_agg('''' || lexeme || ''':*', ' & ')::tsquery FROM (
        SELECT DISTINCT ON (n) lexeme
        FROM unnest(%s::text[]) WITH ORDINALITY AS w(word, n), unnest(to_tsvector('simple', word))
        ORDER BY n, length(lexeme) DESC
    ) longest
)"""
# IS TRUE keeps a condition from the index.
COMPOUND_WORDS = f"{{row}}.words @@ {LONGEST} AND ({WORDS}) IS TRUE"
IS_COMPOUND = re.compile(r"[^\W_][\W_]+[^\W_]|^[\W_]")


@dataclass(frozen=True)
class Branch:
    """
    A table where words may find a record.

    table, record_id  quoted; the column that has the record's id. The record's own table: the id is its own
    column            quoted: of a text that may begin with the words; "": `words` have them
    may_be_blank      of that text: its index then leaves the blank ones out
    target, relation  quoted: the table that has the text or the words, and the column of `table` that leads to it; "":
                      `table` itself has them
    """

    table: str
    record_id: str
    column: str = ""
    own: bool = False
    may_be_blank: bool = False
    target: str = ""
    relation: str = ""

    def ids(self, words: str = WORDS) -> str:
        """Build a query for the ids of its records; `words`: the condition that words are held."""
        return f"SELECT c.{self.record_id} FROM {self.table} c WHERE {self._condition('c', words)}"

    def filter(self, *, one_by_one: bool) -> str:
        """Build the condition on a record, `t`; `one_by_one`: that is not to read the whole branch beforehand."""
        if self.own and not (self.target and one_by_one):
            return self._condition("t", WORDS)
        if not one_by_one:
            return f"t.id IN ({self.ids()})"
        # OFFSET 0: PostgreSQL would read the whole branch into a hash, which it reckons to be cheaper.
        if not self.target:
            return f"EXISTS ({self.ids()} AND c.{self.record_id} = t.id OFFSET 0)"
        if self.own:
            found = f"SELECT 1 FROM {self.target} r WHERE r.id = t.{self.relation}"
        else:
            rows = f"{self.table} c JOIN {self.target} r ON r.id = c.{self.relation}"
            found = f"SELECT 1 FROM {rows} WHERE c.{self.record_id} = t.id"
        return f"EXISTS ({found} AND {self._test('r', WORDS)} OFFSET 0)"

    def _condition(self, row: str, words: str) -> str:
        """Build the condition on a row of the table by its alias."""
        if not self.target:
            return self._test(row, words)
        return f"{row}.{self.relation} IN (SELECT r.id FROM {self.target} r WHERE {self._test('r', words)})"

    def _test(self, row: str, words: str) -> str:
        """Build the condition on a row of what has the text or the words."""
        if not self.column:
            return words.format(row=row)
        text = PREFIX.format(row=row, column=self.column)
        return f"{text} AND {row}.{self.column} <> ''" if self.may_be_blank else text


@dataclass(frozen=True)
class Words:
    """The words of a search, and the branches where they are looked for."""

    text: str
    branches: Sequence[Branch]

    def ids(self, limit: int) -> Sql:
        """Build a statement that gives the ids of the records that are found, some of them twice, at most so many."""
        words = WORD.findall(self.text)
        is_compound = any(IS_COMPOUND.search(word) for word in words)
        texts, parameters = [], []
        for branch in self.branches:
            compound = is_compound and not branch.column
            texts.append(branch.ids(COMPOUND_WORDS if compound else WORDS))
            parameters += [words, *self._parameters(branch)] if compound else self._parameters(branch)
        return f"SELECT * FROM ({' UNION ALL '.join(texts)}) AS found LIMIT {limit}", parameters

    def filter(self, *, one_by_one: bool) -> Sql:
        """Build the condition that a record, `t`, is found."""
        conditions = [branch.filter(one_by_one=one_by_one) for branch in self.branches]
        parameters = [parameter for branch in self.branches for parameter in self._parameters(branch)]
        return f"({' OR '.join(conditions)})", parameters

    def _parameters(self, branch: Branch) -> list[object]:
        return [self.text, self.text + LAST] if branch.column else [build_query(self.text)]


def build_query(text: str) -> str:
    """Return the words of a text as `to_tsquery` takes them: the beginnings of each; "": it has none."""
    return " & ".join(f"{word}:*" for word in WORD.findall(text))


def read_words(plan: Plan, text: str) -> Words:
    """Return the words of a text, and where they are looked for among the records of a plan."""
    text = text.strip()
    has_query = bool(build_query(text))
    return Words(text, [branch for branch in _branches(plan) if branch.column or has_query])


@lru_cache(maxsize=256)
def _branches(plan: Plan) -> tuple[Branch, ...]:
    further = (_branch(plan, path) for path in plan.resource.search_fields)
    return (*_prefix_branches(plan), *_full_text_branches(plan), *further)


def _prefix_branches(plan: Plan) -> list[Branch]:
    """List the branches of texts that may begin with the words: of the key, or the numbers that others have for it."""
    texts = {field.stored_as for field in plan.resource.key_fields if field.kind is Kind.TEXT}
    numbers = [plan.columns[name] for name in plan.resource.key if name in texts and plan.columns[name].target is None]
    branches = [Branch(quote_name(plan.table), "id", quote_name(column.name), own=True) for column in numbers]
    for field in (each for each in plan.resource.fields if each.kind is Kind.LIST and each.reverse_column):
        branches.append(Branch(*reverse_source(plan, field)))
    return branches


def _full_text_branches(plan: Plan) -> list[Branch]:
    """List the branches of texts that hold the words: the record's own `words` column, and its children's."""
    branches = [Branch(quote_name(plan.table), "id", own=True)] if has_words(plan.model) else []
    for table in plan.children:
        if has_words(get_related_model(get_child_relation(plan.model, table.source))):
            branches.append(Branch(quote_name(table.table), quote_name(table.parent)))
    return branches


def _branch(plan: Plan, path: str) -> Branch:
    """Build the branch of one of the resource's `search_fields`."""
    name, _, rest = path.partition(".")
    field = plan.resource.by_name[name]
    if field.kind is Kind.ROWS:
        table, row = plan.child_table(field), field.child.by_name[rest]
        column = next(each for each in (*table.key, *table.values) if each.field == row.stored_as)
        target = column.relation_target
        return Branch(
            quote_name(table.table), quote_name(table.parent), quote_name(target.name_column),
            target=quote_name(target.table), relation=quote_name(column.name),
        )  # fmt: skip
    column = plan.columns[field.stored_as]
    if rest:
        related = quote_name(column.relation_target.table)
        return Branch(quote_name(plan.table), "id", own=True, target=related, relation=quote_name(column.name))
    return Branch(quote_name(plan.table), "id", quote_name(column.name), own=True, may_be_blank=True)
