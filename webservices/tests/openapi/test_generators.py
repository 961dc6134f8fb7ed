"""Generators make all of the OpenAPI documents, unedited: every operation, every field, no warning, no name twice."""

import ast
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from webservices.tests.openapi.generators import DOCUMENTS, GENERATORS, snake_case

pytestmark = pytest.mark.process

SCHEMAS = json.loads(DOCUMENTS["rest"].read_text())["components"]["schemas"]


@dataclass(frozen=True)
class Output:
    """
    What a generator wrote: `fields` of a schema by the names of the wire, `operations` by their names.

    models  the file of a schema, or of all
    """

    generator: str
    models: str
    fields: Callable[[str, str], list[str]]
    operations: tuple[str, str]


@cache
def classes(text: str) -> list[ast.ClassDef]:
    return [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]


def python_fields(text: str, name: str) -> list[str]:
    """The fields of a class of attrs or pydantic, by their alias where they have one; `next_` is `next`."""
    found = [node for node in classes(text) if node.name == name]
    assert len(found) == 1, name
    fields = [node for node in found[0].body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]
    return [_alias(node) for node in fields if not node.target.id.startswith(("_", "additional_properties", "model_"))]


def _alias(node: ast.AnnAssign) -> str:
    keywords = [word for call in ast.walk(node) if isinstance(call, ast.Call) for word in call.keywords]
    return next((word.value.value for word in keywords if word.arg == "alias"), node.target.id.rstrip("_"))


def java_fields(text: str, _name: str) -> list[str]:
    return re.findall(r'String JSON_PROPERTY_\w+ = "(\w+)"', text)


def fetch_fields(text: str, _name: str) -> list[str]:
    return re.findall(r"^ +'\w+': .*json\['(\w+)'\]", text, re.MULTILINE)


def typed_fields(text: str, name: str) -> list[str]:
    found = re.findall(rf"^        {name}: {{\n(.*?)^        }};", text, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, name
    return re.findall(r"^            (\w+)\??:", found[0], re.MULTILINE)


JAVA_CODE = "java/src/main/java/org/openapitools/client"
OUTPUTS = {
    "openapi-python-client": Output(
        "openapi-python-client", "counterpart_client/models/{snake}.py", python_fields,
        ("counterpart_client/api/*/*.py", r"^def (?!_)(sync_detailed)\("),
    ),
    "openapi-generator python": Output(
        "openapi-generator", "python/openapi_client/models/{snake}.py", python_fields,
        ("python/openapi_client/api/*_api.py", r"^    def (\w+)_with_http_info\("),
    ),
    "openapi-generator java": Output(
        "openapi-generator", f"{JAVA_CODE}/model/{{name}}.java", java_fields,
        (f"{JAVA_CODE}/api/*Api.java", r"^  private HttpRequest.Builder (\w+)RequestBuilder\("),
    ),
    "openapi-generator typescript-fetch": Output(
        "openapi-generator", "typescript-fetch/models/{name}.ts", fetch_fields,
        ("typescript-fetch/apis/*Api.ts", r"^    async (\w+)Raw\("),
    ),
    "openapi-typescript": Output(
        "openapi-typescript", "schema.ts", typed_fields, ("schema.ts", r'operations\["([\w-]+)"\]'),
    ),
    "datamodel-code-generator": Output("datamodel-code-generator", "pydantic_models.py", python_fields, ("", "")),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_field_of_every_schema_is_generated_under_its_name(name, find_client):
    output = OUTPUTS[name]
    folder = find_client(output.generator, "rest")
    schemas = {schema: set(SCHEMAS[schema]["properties"]) for schema in SCHEMAS if "properties" in SCHEMAS[schema]}

    found = {}
    for schema in schemas:
        text = (folder / output.models.format(name=schema, snake=snake_case(schema))).read_text()
        fields = output.fields(text, schema)
        assert len(fields) == len(set(fields)), schema
        found[schema] = set(fields)

    assert {"NewPart", "Part", "PartBatch", "PartBatchAnswer", "PartOutcome"} < schemas.keys()
    assert found == schemas


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("name", [name for name, output in OUTPUTS.items() if output.operations[0]])
def test_every_operation_is_generated_once(name, document, find_client):
    output = OUTPUTS[name]
    files, pattern = output.operations
    contract = json.loads(DOCUMENTS[document].read_text())
    expected = [operation["operationId"] for path in contract["paths"].values() for operation in path.values()]

    found = [
        file.stem if operation == "sync_detailed" else operation
        for file in find_client(output.generator, document).glob(files)
        for operation in re.findall(pattern, file.read_text(), re.MULTILINE)
    ]

    assert sorted(map(snake_case, found)) == sorted(map(snake_case, expected))


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("generator", GENERATORS)
def test_no_generator_warns_or_leaves_something_out(generator, document, find_client):
    said = (find_client(generator, document) / "said.txt").read_text()

    assert not re.search(r"\bwarn|\berror|duplicate|collision|skipp|conflict", said, re.IGNORECASE), said


# Files of models and what begins a class there. In TypeScript a name that comes twice is not compiled.
CLASSES = {
    "openapi-python-client": ("openapi-python-client", "counterpart_client/models/*.py", r"^class (\w+)"),
    "openapi-generator python": ("openapi-generator", "python/openapi_client/models/*.py", r"^class (\w+)"),
    "openapi-generator java": ("openapi-generator", f"{JAVA_CODE}/model/*.java", r"^public (?:class|enum) (\w+)"),
    "openapi-generator typescript-fetch": (
        "openapi-generator",
        "typescript-fetch/models/*.ts",
        r"^export type (\w+) =",
    ),
    "datamodel-code-generator": ("datamodel-code-generator", "pydantic_models.py", r"^class (\w+)"),
}


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("name", CLASSES)
def test_every_class_has_a_name_of_its_own_also_where_case_counts_for_nothing(name, document, find_client):
    generator, files, pattern = CLASSES[name]
    schemas = json.loads(DOCUMENTS[document].read_text())["components"]["schemas"]
    choices = {schema for schema in schemas if "enum" in schemas[schema]}

    found = [
        found.casefold()
        for file in find_client(generator, document).glob(files)
        for found in re.findall(pattern, file.read_text(), re.MULTILINE)
    ]

    assert len(found) == len(set(found))
    assert {schema.casefold() for schema in choices} <= set(found)


def test_models_of_java_that_are_sent_begin_with_nothing_where_null_may_be_sent_too(find_client):
    models = find_client("openapi-generator", "rest") / "java-nullable" / JAVA_CODE.removeprefix("java/") / "model"
    inputs = [name for name, schema in SCHEMAS.items() if schema.get("additionalProperties") is False]

    values = {
        (name, value)
        for name in inputs
        for value in re.findall(r"^  private [^;=]+ = (.*);", (models / f"{name}.java").read_text(), re.MULTILINE)
    }

    assert {"PartInput", "NewPart", "PartBatch"} <= set(inputs)
    assert ("PartInput", "JsonNullable.<String>undefined()") in values
    # The value of a criterion may be anything, and null asks for the same as none.
    assert {each for each in values if not re.fullmatch(r"JsonNullable\.<.*>undefined\(\)", each[1])} == {
        ("Criterion", "JsonNullable.<Object>of(null)")
    }
