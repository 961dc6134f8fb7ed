"""Functions are named by verbs or nouns, and docstrings begin with one: no bare participle, no question word."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

PACKAGES = ["config", "customers", "orders", "parts", "records", "webservices"]
NO_PRODUCT = {"tests", "migrations", "node_modules"}
BEGINNINGS = re.compile(r"(What|Whether|Those|These|Who|Whose|How|Of|That|Which)\b")
IRREGULAR = {
    "begun", "built", "caught", "chosen", "drawn", "found", "given", "got", "held", "hidden", "kept", "known", "left",
    "lost", "made", "meant", "met", "said", "seen", "sent", "shown", "spent", "taken", "told", "written",
}  # fmt: skip

ALLOWED = {
    "feed", "need", "seed", "succeed",  # not participles
    "failed",  # a property of an Outcome: `outcome.failed`, as `future.cancelled` has it
    "elapsed",  # a property of a watch: seconds, as `response.elapsed` of requests
}  # fmt: skip


def modules():
    """The product's own modules."""
    found = [path for package in PACKAGES for path in sorted((settings.BASE_DIR / package).rglob("*.py"))]
    return [path for path in found if not NO_PRODUCT & {*path.parts} and path.name != "conftest.py"]


def is_participle(name):
    word = name.strip("_")
    return "_" not in word and word not in ALLOWED and (word in IRREGULAR or word.endswith("ed"))


def is_model(node):
    """True for a class whose docstring is the help of a resource: callers read it, so it begins as they would."""
    return isinstance(node, ast.ClassDef) and [ast.unparse(base) for base in node.bases] in (
        ["Record"],
        ["models.Model"],
    )


def oddities(source):
    """The functions named by a bare participle and the docstrings that begin with a question word, by line."""
    for node in ast.walk(ast.parse(source)):
        function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if function and is_participle(node.name):
            yield f"{node.lineno}: {node.name}"
        if function or (isinstance(node, ast.ClassDef | ast.Module) and not is_model(node)):
            text = ast.get_docstring(node) or ""
            if BEGINNINGS.match(text):
                yield f"{getattr(node, 'lineno', 1)}: {text[:60]}"


def repeated_names(source):
    """The names that a module gives to two things: whoever reads the first one then gets the second."""
    names = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return sorted({name for name in names if names.count(name) > 1})


def test_no_module_gives_a_name_to_two_things():
    repeated = {str(path): repeated_names(path.read_text()) for path in modules()}

    assert {path: names for path, names in repeated.items() if names} == {}
    assert repeated_names("A = 1\n\ndef f(): ...\n\nA: int = 2\n") == ["A"]


@pytest.mark.parametrize("package", PACKAGES)
def test_names_and_docstrings_are_plain(package):
    root = Path(settings.BASE_DIR)
    paths = [path for path in modules() if path.relative_to(root).parts[0] == package]

    assert [f"{path.relative_to(root)}:{each}" for path in paths for each in oddities(path.read_text())] == []


@pytest.mark.parametrize(
    "source, count",
    [
        ("def asked(): ...", 1),
        ("class A:\n    async def _kept(self): ...", 1),
        ('def f():\n    """Whether it is."""', 1),
        ('"""What is here."""', 1),
        ('def is_stored():\n    """True if it is stored."""', 0),
        ("def feed(): ...\ndef find_stored(): ...", 0),
    ],
)
def test_what_is_odd_is_found(source, count):
    assert len([*oddities(source)]) == count
