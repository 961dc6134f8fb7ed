"""What testers write is evaluated within bounds of time, memory and room, which the kernel holds."""

import json
import os
import signal
from pathlib import Path

import pytest

from webservices.tester.errors import TesterError
from webservices.tester.send import expressions
from webservices.tester.send.expressions import evaluate

WIDE = f"<a>{'<b>x</b>' * 3000}</a>"
JSON = json.dumps([{"b": "x"}] * 2000)
DOUBLED = "concat(., .)"
for _ in range(4):
    DOUBLED = f"concat({DOUBLED}, {DOUBLED}, {DOUBLED}, {DOUBLED}, {DOUBLED}, {DOUBLED})"

WITHOUT_END = {
    "an XPath of each element with each, over and over": ("xpath", WIDE, "count(//b[count(//b[count(//b) > 0]) > 0])"),
    "a JSONPath of each value with each": ("jsonpath", JSON, "$[?count($..[?count($..*) > 1]) > 1]"),
    "a regular expression that goes back": ("pattern", "r" * 60 + "x", "^(r|rr)+$"),
}  # fmt: skip
TOO_MUCH = {
    "an XPath that doubles a text": ("xpath", f"<a>{'x' * 1_000_000}</a>", DOUBLED),
    "texts that are found again and again": ("xpath", f"<a>{'<b>' * 200}{'x' * 10_000}{'</b>' * 200}</a>", "//b"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _end_the_process():
    yield
    expressions.stop()


@pytest.mark.parametrize("kind, text, expression", WITHOUT_END.values(), ids=WITHOUT_END)
def test_one_that_never_ends_is_ended(kind, text, expression):
    with pytest.raises(TesterError, match="takes too long"):
        evaluate(kind, text, expression)

    assert list(evaluate("xpath", "<a>1</a>", "//a")) == ["1"]


@pytest.mark.parametrize("kind, text, expression", TOO_MUCH.values(), ids=TOO_MUCH)
def test_one_that_needs_too_much_is_refused(kind, text, expression):
    with pytest.raises(TesterError, match=r"too much memory|more than 1,000,000 characters|takes too long"):
        evaluate(kind, text, expression)

    assert list(evaluate("pattern", "abc", "b")) == ["b"]


def test_a_process_that_was_killed_is_replaced():
    evaluate("xpath", "<a>1</a>", "//a")
    os.kill(expressions._worker.pid, signal.SIGKILL)
    expressions._worker.wait()

    assert list(evaluate("xpath", "<a>2</a>", "//a")) == ["2"]


def test_the_process_ends_with_the_server():
    evaluate("xpath", "<a>1</a>", "//a")
    worker = expressions._worker
    worker.stdin.close()

    assert worker.wait(timeout=60) == 0


def test_the_process_knows_no_secret_of_the_server(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of the server")
    evaluate("xpath", "<a>1</a>", "//a")

    assert "of the server" not in Path(f"/proc/{expressions._worker.pid}/environ").read_text()
