"""
System packages that tests use and a fresh machine may lack: Chromium, PHP with SOAP, node with its `soap`, axe,
newman, esbuild, Go, and what generates clients of Java, .NET, Qt and TypeScript.

`./test` has them installed when it may (root, with apt); a test asks for one and is skipped, loudly, without it.
Free of Django and of everything installed.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.launch.paths import BASE_DIR

CLIENTS = BASE_DIR / "webservices/tests/clients"
EDITOR = BASE_DIR / "webservices/tester/editor"
JAVA = "default-jdk-headless"
AXIS = Path("/usr/share/java/axis.jar")
KDSOAP = Path("/usr/include/KDSoapClient")
KDSOAP_PACKAGES = ("libkdsoap-bin", "libkdsoap-dev", "qtbase5-dev", "g++", "pkg-config")
# What Java had up to version 8 and clients of openapi-generator name still.
GENERATED_ANNOTATION = Path("/usr/share/java/geronimo-annotation-1.3-spec.jar")
NEWMAN = CLIENTS / "node_modules/.bin/newman"
NODE_PACKAGES = (
    *(CLIENTS / "node_modules" / name for name in ("soap", "axe-core", "newman", "typescript", "openapi-typescript")),
    EDITOR / "node_modules/esbuild",
)


@dataclass(frozen=True)
class Program:
    """A program, how to find it, the packages of Debian that bring it, and what it is for."""

    name: str
    find: Callable[[], str | None]
    packages: Sequence[str]
    purpose: str


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def find_php() -> str | None:
    """PHP, when it has its SOAP extension."""
    php = shutil.which("php")
    return php if php and _succeeds([php, "-r", "exit(extension_loaded('soap') ? 0 : 1);"]) else None


def find_node() -> str | None:
    """Node, when the packages of the test clients are installed."""
    node = shutil.which("node")
    return node if node and (CLIENTS / "node_modules/soap").exists() else None


def find_axe() -> str | None:
    """The file of axe-core, which is run in a page."""
    axe = CLIENTS / "node_modules/axe-core/axe.min.js"
    return str(axe) if shutil.which("node") and axe.exists() else None


def find_newman() -> str | None:
    """newman, Postman's own runner."""
    return str(NEWMAN) if shutil.which("node") and NEWMAN.exists() else None


def find_esbuild() -> str | None:
    """Node, when what builds the editor of the test page is installed."""
    node = shutil.which("node")
    return node if node and (EDITOR / "node_modules/esbuild").exists() else None


def find_java() -> str | None:
    """Java, with its compiler."""
    return shutil.which("java") if shutil.which("javac") else None


def find_jaxws() -> str | None:
    """`wsimport`, which makes clients of JAX-WS, and Java to run them."""
    return shutil.which("wsimport") if find_java() else None


def find_axis() -> str | None:
    """The jar of Axis 1.4, and Java to run it."""
    return str(AXIS) if find_java() and AXIS.exists() else None


def find_mono() -> str | None:
    """Mono, with the compiler and what makes proxies."""
    return shutil.which("mono") if shutil.which("mcs") and shutil.which("wsdl") else None


def find_kdsoap() -> str | None:
    """`kdwsdl2cpp`, which makes clients of Qt, with the compiler and what they are linked with."""
    return shutil.which("kdwsdl2cpp") if shutil.which("g++") and shutil.which("moc") and KDSOAP.exists() else None


def find_openapi_generator() -> str | None:
    """The jar of openapi-generator, and what compiles and runs its clients of Java."""
    package = importlib.util.find_spec("openapi_generator_cli")
    if not (find_java() and GENERATED_ANNOTATION.exists() and package and package.origin):
        return None
    return str(Path(package.origin).with_name("openapi-generator.jar"))


def find_typescript() -> str | None:
    """Node, when the compiler of TypeScript and openapi-typescript are installed."""
    node = shutil.which("node")
    packages = (CLIENTS / "node_modules" / name for name in ("typescript", "openapi-typescript"))
    return node if node and all(package.exists() for package in packages) else None


PROGRAMS = {
    program.name: program
    for program in (
        Program("chromium", find_chromium, ("chromium",), "the tests of the pages in a browser"),
        Program("php", find_php, ("php-cli", "php-soap", "php-xml"), "the tests with PHP's SoapClient"),
        Program("node", find_node, ("nodejs", "npm"), "the tests with node's soap"),
        Program("axe", find_axe, ("nodejs", "npm"), "the tests of accessibility"),
        Program("newman", find_newman, ("nodejs", "npm"), "the test that runs an exported collection"),
        Program("esbuild", find_esbuild, ("nodejs", "npm"), "the test that builds the editor again"),
        Program("java", find_java, (JAVA,), "the tests with programs in Java"),
        Program("jaxws", find_jaxws, ("jaxws", JAVA), "the tests with clients of JAX-WS"),
        Program("axis", find_axis, ("libaxis-java", JAVA), "the tests with clients of Axis"),
        Program("go", lambda: shutil.which("go"), ("golang-go",), "the test with messages of Go"),
        Program("kdsoap", find_kdsoap, KDSOAP_PACKAGES, "the test with clients of Qt"),
        Program(
            "openapi_generator",
            find_openapi_generator,
            (JAVA, "libgeronimo-annotation-1.3-spec-java"),
            "the tests with clients of openapi-generator",
        ),
        Program("typescript", find_typescript, ("nodejs", "npm"), "the tests with clients in TypeScript"),
        Program("mono", find_mono, ("mono-devel", "mono-mcs"), "the tests with clients of .NET, and programs in C#"),
    )
}


def ensure_programs() -> list[Program]:
    """Install missing programs, where that is allowed; return those that are missing still."""
    missing = [program for program in PROGRAMS.values() if not program.find()]
    packages = sorted({name for program in missing for name in program.packages if not _is_provided(name)})
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        install_packages(packages)
    if npm := shutil.which("npm"):
        for folder in {package.parents[1] for package in NODE_PACKAGES if not package.exists()}:
            # No scripts of packages are run: esbuild and axe work without, and no stranger's code runs at install.
            _succeeds([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder)
    return [program for program in missing if not program.find()]


def install_packages(packages: Sequence[str]) -> bool:
    """Install packages of Debian, updating the package lists only when the known ones do not do; True if installed."""
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    if _succeeds(install, env=environment):
        return True
    return _succeeds(["apt-get", "update", "--quiet"], env=environment) and _succeeds(install, env=environment)


def _is_provided(package: str) -> bool:
    """True if a package's program is there from elsewhere: a node that did not come from Debian brings its own npm."""
    return shutil.which({"nodejs": "node", "npm": "npm", JAVA: "javac"}.get(package, "")) is not None


def _succeeds(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> bool:
    return subprocess.run(command, capture_output=True, check=False, env=env, cwd=cwd).returncode == 0
