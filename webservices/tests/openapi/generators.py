"""
Clients of an OpenAPI document, generated and compiled as their users do it, once for all tests and all runs.

They are stored in `var/generated`, under a hash of the document and of what makes them: a second run makes nothing.
About a minute of one processor for both documents.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from config.launch.paths import BASE_DIR
from config.launch.system_packages import CLIENTS, GENERATED_ANNOTATION, find_openapi_generator

DOCUMENTS = {
    "rest": BASE_DIR / "docs/reference/rest/openapi.json",
    "expandable": BASE_DIR / "docs/reference/expandable/openapi.json",
}
PROGRAMS = CLIENTS / "generated"
STORE = BASE_DIR / "var/generated"
PYTHON = Path(sys.executable).parent
NODE_PINS = CLIENTS / "package-lock.json"
SCRIPTS = CLIENTS / "node_modules/.bin"
# Short runs: what the compiler of the machine learns is worth less than what it costs.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
CLASS_PATH = f"{find_openapi_generator()}:{GENERATED_ANNOTATION}"
# Of Java's two ways with null one is compiled; of the other there are models, for its jar is none of Debian's.
LANGUAGES: Mapping[str, Mapping[str, object]] = {
    "python": {"generatorName": "python"},
    "typescript-fetch": {"generatorName": "typescript-fetch"},
    "java": {"generatorName": "java", "library": "native", "additionalProperties": {"openApiNullable": False}},
    "java-nullable": {"generatorName": "java", "library": "native", "globalProperties": {"models": ""}},
}
CODE_ONLY = {"apiTests": "false", "modelTests": "false", "apiDocs": "false", "modelDocs": "false"}
TYPESCRIPT = {"strict": True, "target": "es2022", "module": "commonjs", "skipLibCheck": True, "types": []}


@dataclass(frozen=True)
class Generator:
    """
    A generator of clients.

    program   the fixture of what must be there beside Python, if anything
    make      writes the client of a document into a folder and compiles it; returns what the generator said
    pins      what else it is made of: the versions, or the files that name them
    """

    program: str | None
    make: Callable[[Path, Path], str]
    pins: Sequence[str | Path]


def run(*command: str | Path, folder: Path) -> str:
    """Run a command, the scripts of this Python first on the path; return what it said."""
    path = f"{PYTHON}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def snake_case(name: str) -> str:
    """`update_part` of `updatePart`, `UpdatePart` or `update-part`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|-", "_", name).lower()


def programs(document: Path, name: str) -> Sequence[Path]:
    """The program of the tests that is compiled with a document's client: REST has some."""
    return [PROGRAMS / name] if document == DOCUMENTS["rest"] else []


def openapi_python_client(document: Path, folder: Path) -> str:
    options = ("--meta", "none", "--output-path", "counterpart_client")
    said = run(PYTHON / "openapi-python-client", "generate", "--path", document, *options, folder=folder)
    run(PYTHON / "python", "-c", "import counterpart_client.models", folder=folder)
    if document == DOCUMENTS["rest"]:  # six seconds of a processor, and the other client is of the same form
        run(
            PYTHON / "mypy", "--cache-dir", os.devnull, "--config-file", os.devnull, "counterpart_client", folder=folder
        )
    return said


def openapi_generator(document: Path, folder: Path) -> str:
    """Three languages by one process; Java and TypeScript are compiled with the programs of the tests."""
    for language, options in LANGUAGES.items():
        settings = {
            "inputSpec": str(document),
            "outputDir": str(folder / language),
            "globalProperties": CODE_ONLY,
            **options,
        }
        (folder / f"{language}.json").write_text(json.dumps(settings))
    configurations = [f"{language}.json" for language in LANGUAGES]
    jar = find_openapi_generator() or ""
    said = run("java", *QUICK, "-jar", jar, "batch", "--threads", "2", "--fail-fast", *configurations, folder=folder)
    run(PYTHON / "python", "-m", "compileall", "-q", "python", folder=folder)
    sources = [*(folder / "java").rglob("*.java"), *programs(document, "OpenApi.java")]
    compiler = ("javac", *(f"-J{option}" for option in QUICK), "-proc:none", "-nowarn")
    run(*compiler, "-cp", CLASS_PATH, "-d", "classes", *sources, folder=folder)
    _compile_typescript(document, folder, "OpenApiFetch.ts", "typescript-fetch/index.ts")
    return said


def openapi_typescript(document: Path, folder: Path) -> str:
    said = run(SCRIPTS / "openapi-typescript", document, "--output", "schema.ts", folder=folder)
    _compile_typescript(document, folder, "OpenApiTypes.ts", "schema.ts")
    return said


def datamodel_code_generator(document: Path, folder: Path) -> str:
    """All schemas, those included that stand in the paths."""
    model = ("--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin")
    source = ("--input", document, "--input-file-type", "openapi", "--openapi-scopes", "schemas", "paths")
    said = run(PYTHON / "datamodel-codegen", *source, *model, "--output", "pydantic_models.py", folder=folder)
    run(PYTHON / "python", "-c", "import pydantic_models", folder=folder)
    return said


GENERATORS = {
    "openapi-python-client": Generator(None, openapi_python_client, ["openapi-python-client", "mypy"]),
    "openapi-generator": Generator(
        "openapi_generator",
        openapi_generator,
        ["openapi-generator-cli", NODE_PINS, PROGRAMS / "OpenApi.java", PROGRAMS / "OpenApiFetch.ts"],
    ),
    "openapi-typescript": Generator("typescript", openapi_typescript, [NODE_PINS, PROGRAMS / "OpenApiTypes.ts"]),
    "datamodel-code-generator": Generator(None, datamodel_code_generator, ["datamodel-code-generator", "pydantic"]),
}


def generated_client(generator: str, document: str) -> Path:
    """
    Return the folder of a document's client, which is made unless it is there; its log is `said.txt`.

    Workers wait for each other. Earlier clients of the same generator and document are removed.
    """
    name = f"{document}-{generator}"
    STORE.mkdir(parents=True, exist_ok=True)
    with (STORE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = STORE / f"{name}-{_digest(GENERATORS[generator], DOCUMENTS[document])}"
        if not folder.exists():
            for earlier in STORE.glob(f"{name}-*"):
                shutil.rmtree(earlier)
            unfinished = STORE / f"{name}-unfinished"
            unfinished.mkdir()
            said = GENERATORS[generator].make(DOCUMENTS[document], unfinished)
            (unfinished / "said.txt").write_text(said)
            unfinished.rename(folder)
    return folder


def _digest(generator: Generator, document: Path) -> str:
    """The hash of all that a client is made of, and of how."""
    files = [document, Path(__file__), *(pin for pin in generator.pins if isinstance(pin, Path))]
    versions = [f"{pin} {version(pin)}".encode() for pin in generator.pins if isinstance(pin, str)]
    contents = [*versions, *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:16]


def _compile_typescript(document: Path, folder: Path, program: str, source: str) -> None:
    """Check and compile what was generated, and the program where there is one, into `script`."""
    copies = [Path(shutil.copy(file, folder)).name for file in programs(document, program)]
    settings = {"compilerOptions": TYPESCRIPT | {"outDir": "script", "rootDir": "."}, "files": [source, *copies]}
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    run(SCRIPTS / "tsc", "--project", "tsconfig.json", folder=folder)
