"""What makes two answers the same to a tester, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from records.tests.cast import table
from webservices.tester.send.compare import Difference, build_tree, canonical_text, differences, first_index, normalize

SAME = {
    "prefixes and namespaces": ('<a:x xmlns:a="one"><a:y>1</a:y></a:x>', '<b:x xmlns:b="two"><b:y>1</b:y></b:x>'),
    "the order of children of different names": ("<x><a>1</a><b>2</b></x>", "<x><b>2</b><a>1</a></x>"),
    "the order of attributes": ('<x a="1" b="2"/>', '<x b="2" a="1"/>'),
    "white space between elements": ("<x><a>1</a></x>", "<x>\n  <a> 1 </a>\n</x>"),
    "comments": ("<x><a>1</a></x>", "<x><!-- no --><a>1<!-- no --></a></x>"),
    "moments in ISO": ("<x>2026-11-21T10:00:00Z</x>", "<x>2026-11-22T11:30:00.123+01:00</x>"),
    "moments inside a sentence, as Java writes them": (
        "<x>Sun Jun 04 18:43:24 UTC 2017 - done</x>",
        "<x>Sat Nov 21 09:00:00 UTC 2026 - done</x>",
    ),
    "the order of members": ('{"a": 1, "b": [1, 2]}', '{"b": [1, 2], "a": 1}'),
    "how JSON is laid out": ('{"a":"x"}', '{\n  "a": "x"\n}'),
}
DIFFERENT = {
    "a text": ("<x><a>1</a></x>", "<x><a>2</a></x>", [Difference("x.a", "1", "2")]),
    "a child more": ("<x/>", "<x><a>2</a></x>", [Difference("x", "", '{\n  "a": "2"\n}')]),
    "an attribute": ('<x a="1"/>', '<x a="2"/>', [Difference("x.@a", "1", "2")]),
    "the order of what repeats": (
        "<x><a>1</a><a>2</a></x>",
        "<x><a>2</a><a>1</a></x>",
        [Difference("x.a[1]", "1", "2"), Difference("x.a[2]", "2", "1")],
    ),
    "one of what repeats missing": ("<x><a>1</a><a>2</a></x>", "<x><a>1</a></x>", [Difference("x.a[2]", "2", None)]),
    "a number of JSON": ('{"a": 1.50}', '{"a": 1.5}', [Difference("a", "1.50", "1.5")]),
    "null and text": ('{"a": null}', '{"a": ""}', [Difference("a", "null", "")]),
    "what is empty and what is not there": (
        "<x><a/></x>",
        "<x><b/></x>",
        [Difference("x.a", "", None), Difference("x.b", None, "")],
    ),
    "what is neither": ("nothing", "something", [Difference("", "nothing", "something")]),
}


@pytest.mark.parametrize("before, after", table(SAME))
def test_means_the_same_in_spite_of(before, after):
    assert differences(build_tree(before), build_tree(after)) == []


@pytest.mark.parametrize("before, after, found", table(DIFFERENT))
def test_differs_by(before, after, found):
    assert differences(build_tree(before), build_tree(after)) == found


def test_the_id_of_the_call_is_another_one_each_time():
    answers = [f'{{"instance": "urn:counterpart:call:{call_id}", "title": "No"}}' for call_id in ("ab12", "cd34")]

    trees = [build_tree(answer, "", call_id) for answer, call_id in zip(answers, ("ab12", "cd34"), strict=True)]

    assert differences(*trees) == []
    assert len(differences(*map(build_tree, answers))) == 1


class TestMarked:
    BEFORE = build_tree('{"id": 7, "rows": [{"id": 1, "total": 5}, {"id": 2, "total": 6}]}')
    AFTER = build_tree('{"id": 8, "rows": [{"id": 3, "total": 5}, {"id": 4, "total": 7}]}')

    def test_everything_of_a_name(self):
        assert differences(self.BEFORE, self.AFTER, ["*.id"]) == [Difference("rows[2].total", "6", "7")]

    @pytest.mark.parametrize(
        "content_type, path", [("application/json", "rows[1].total"), ("text/xml", "rows[2].total")]
    )
    def test_is_counted_as_its_paths_count(self, content_type, path):
        found = differences(self.BEFORE, self.AFTER, ["*.id"], first=first_index(content_type))

        assert [each.path for each in found] == [path]

    def test_one_place_in_every_repetition(self):
        found = differences(self.BEFORE, self.AFTER, ["rows.total", "rows.id"])

        assert found == [Difference("id", "7", "8")]

    def test_is_told_in_the_text_that_is_compared(self):
        assert "«not compared»" in canonical_text(normalize(self.BEFORE, ["id"]))


TREES = some.recursive(
    some.text("ab1", max_size=3),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@given(TREES)
def test_nothing_differs_from_itself(tree):
    assert differences(tree, tree) == []


@given(TREES, TREES)
def test_what_differs_is_told_and_what_does_not_is_not(before, after):
    assert bool(differences(before, after)) == (normalize(before) != normalize(after))
