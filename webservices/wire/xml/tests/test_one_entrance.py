"""XML is parsed in one place, and a standard's namespace is written in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.launch.paths import BASE_DIR
from webservices.wire.xml import namespaces

PACKAGES = ("config", "records", "parts", "customers", "orders", "webservices")
ENTRANCE = {"webservices/wire/xml/documents.py", "webservices/wire/xml/parsing.py"}
PARSERS = {
    "fromstring", "fromstringlist", "parse", "iterparse", "XML", "XMLID", "HTML", "XMLParser", "HTMLParser",
    "XMLPullParser", "HTMLPullParser", "XMLSchema", "DTD", "XSLT", "RelaxNG",
}  # fmt: skip
OTHERS = {"xml", "html5lib", "xmltodict", "defusedxml", "bs4"}
STANDARDS = (
    "http://schemas.xmlsoap.org/",
    "http://www.w3.org/2001/",
    "http://www.w3.org/2003/05/",
    "docs.oasis-open.org",
)


def product_modules() -> list[str]:
    modules = (path.relative_to(BASE_DIR) for package in PACKAGES for path in (BASE_DIR / package).rglob("*.py"))
    return sorted(str(path) for path in modules if not {"tests", "migrations", "node_modules"}.intersection(path.parts))


def parsers(tree: ast.AST) -> Iterator[str]:
    """Calls and imports that make a parser of XML; names in annotations are none."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="etree" | "html" | "objectify"), attr=name)):
                if name in PARSERS:
                    yield f"line {node.lineno}: {name}"
            case ast.ImportFrom(module="lxml.etree" | "lxml.html" | "lxml.objectify"):
                yield f"line {node.lineno}: {node.module}"
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in OTHERS:
                yield f"line {node.lineno}: {module}"
            case ast.Import(names=names):
                yield from (f"line {node.lineno}: {each.name}" for each in names if each.name.split(".")[0] in OTHERS)


def written_namespaces(tree: ast.AST) -> Iterator[str]:
    """Texts that hold a standard's namespace, but for docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and _begins(node)}
    known = [value for name, value in vars(namespaces).items() if name.isupper() and name[0] != "_"]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from (f"line {node.lineno}: {each}" for each in (*STANDARDS, *known) if each in node.value)


def _begins(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> bool:
    return bool(node.body) and isinstance(node.body[0], ast.Expr)


@pytest.fixture(scope="module")
def trees():
    """The source of each module, by its path."""
    return {module: ast.parse(Path(BASE_DIR, module).read_text()) for module in product_modules()}


def test_no_module_but_the_entrance_makes_a_parser(trees):
    found = {module: [*parsers(tree)] for module, tree in trees.items()}

    assert {module: lines for module, lines in found.items() if lines}.keys() == ENTRANCE


def test_a_standards_namespace_is_written_once(trees):
    found = {module: [*written_namespaces(tree)] for module, tree in trees.items()}

    assert {module: lines for module, lines in found.items() if lines}.keys() == {"webservices/wire/xml/namespaces.py"}


def test_a_parser_elsewhere_is_found():
    source = "from lxml import etree\netree.fromstring(b'<a/>')\netree.XMLParser()\nfrom xml.dom import minidom\n"

    assert sorted(parsers(ast.parse(source))) == ["line 2: fromstring", "line 3: XMLParser", "line 4: xml.dom"]


def test_a_namespace_elsewhere_is_found():
    module = f'"""{namespaces.XSD}"""\nNAME = "{{{namespaces.SOAP_OVER_HTTP}}}a"\n'

    assert [*written_namespaces(ast.parse(module))] == [
        "line 2: http://schemas.xmlsoap.org/",
        f"line 2: {namespaces.SOAP_OVER_HTTP}",
    ]
