"""
Fixtures for every test: the installed programs, a browser, a live server process; hashes and middleware at little cost.

`chromium`, `php`, `node`, `esbuild` give the path of the executable, or skip the test, loudly (REQUIRE_ALL=1: fail it);
`axe` likewise gives the check of a page.
"""

import os
from collections.abc import Iterator
from inspect import getclosurevars
from pathlib import Path

import pytest

from config.launch.embedded import test_cluster
from config.launch.system_packages import PROGRAMS
from config.tests.accessibility import findings
from config.tests.live_server import LiveServer

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def forget_definitions() -> None:
    """Forget what a site has defined: another database counts its generations from the start, too."""
    from records import customization
    from webservices import publishing

    customization._latest = customization.Definitions()
    publishing._extend.cache_clear()
    publishing._read.cache_clear()


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole processes first, so that the quick tests run beside them; one worker for all that share a live server."""
    for item in items:
        if "live_server_process" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("live"))
    items.sort(key=lambda item: not (item.get_closest_marker("process") or item.get_closest_marker("xdist_group")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Show what the live server wrote beside a failure of a test that used it."""
    report = yield
    server = getattr(item, "funcargs", {}).get("live_server_process")
    if report.failed and server:
        report.sections.append(("Live server", server.log.read_text()))
    return report


@pytest.fixture(scope="session", autouse=True)
def hash_cost() -> Iterator[dict[str, int]]:
    """Let a new hash cost next to nothing in this process; the value is what it costs otherwise."""
    from config.hashers import OneLaneArgon2PasswordHasher as Hasher

    cost = {name: getattr(Hasher, name) for name in ("time_cost", "memory_cost")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Hasher, "time_cost", 1)
        patch.setattr(Hasher, "memory_cost", 8)
        yield cost


@pytest.fixture
def full_hash_cost(hash_cost: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a new hash cost in this test what it costs outside."""
    for name, value in hash_cost.items():
        monkeypatch.setattr(f"config.hashers.OneLaneArgon2PasswordHasher.{name}", value)


@pytest.fixture(scope="session", autouse=True)
def _static_files_once() -> Iterator[None]:
    """Let WhiteNoise read the static files once in this process: each client of a test has middleware of its own."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    read, known = WhiteNoiseMiddleware.add_files_from_finders, {}

    def read_once(middleware: WhiteNoiseMiddleware) -> None:
        settings = middleware.static_prefix, middleware.max_age
        if settings not in known:
            read(middleware)
            known[settings] = middleware.files
        middleware.files = known[settings]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", read_once)
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """The executable of Chromium."""
    return _require("chromium")


@pytest.fixture(scope="session")
def php() -> str:
    """The executable of PHP, which has its SOAP extension."""
    return _require("php")


@pytest.fixture(scope="session")
def node() -> str:
    """The executable of node; scripts in `webservices/tests/clients` find the package `soap`."""
    return _require("node")


@pytest.fixture(scope="session")
def newman() -> list[str]:
    """The command that runs a collection of Postman."""
    return [_require("newman"), "run"]


@pytest.fixture(scope="session")
def esbuild() -> str:
    """The executable of node, where the editor of the test page can be built."""
    return _require("esbuild")


@pytest.fixture(scope="session")
def java() -> str:
    """The executable of Java, where there is its compiler too."""
    return _require("java")


@pytest.fixture(scope="session")
def jaxws() -> str:
    """The executable of `wsimport`."""
    return _require("jaxws")


@pytest.fixture(scope="session")
def axis() -> str:
    """The jar of Axis 1.4."""
    return _require("axis")


@pytest.fixture(scope="session")
def go() -> str:
    """The executable of Go."""
    return _require("go")


@pytest.fixture(scope="session")
def kdsoap() -> str:
    """The executable of `kdwsdl2cpp`, where its clients can be built."""
    return _require("kdsoap")


@pytest.fixture(scope="session")
def mono() -> str:
    """The executable of Mono, where there are its compiler and `wsdl` too."""
    return _require("mono")


@pytest.fixture(scope="session")
def openapi_generator() -> str:
    """The jar of openapi-generator; its clients of Java need no other but one of Debian."""
    return _require("openapi_generator")


@pytest.fixture(scope="session")
def typescript() -> str:
    """The executable of node, where TypeScript's compiler and openapi-typescript are installed."""
    return _require("typescript")


@pytest.fixture(scope="session")
def axe():
    """`axe(page)` fails when axe-core finds a serious fault in a page; see `findings`."""
    source = Path(_require("axe")).read_text(encoding="utf-8")

    def check(page, *, without: tuple[str, ...] = ()) -> None:
        found = findings(page, source, without)
        assert found == [], "\n".join(found)

    return check


@pytest.fixture(scope="session")
def browser(chromium: str):
    """Playwright's browser, driving this machine's Chromium."""
    from playwright.sync_api import expect, sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
    expect.set_options(timeout=20_000)  # a busy machine, and the first page of a server that has just started
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, live_server_process: LiveServer):
    """A fresh page (no cookies) whose relative addresses are the live server's."""
    context = browser.new_context(base_url=live_server_process.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def live_server_process(
    template_database: None, run_folder: Path, worker: str, django_db_blocker
) -> Iterator[LiveServer]:
    """The real server process on a database of this worker's own; see `LiveServer`."""
    name = f"live_{worker}"
    server = LiveServer(test_cluster.clone(run_folder, name), run_folder / f"{name}.log", django_db_blocker)
    server.start()
    yield server
    server.stop()


def _require(name: str) -> str:
    program = PROGRAMS[name]
    if path := program.find():
        return path
    refuse = pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip
    refuse(f"This machine has no {name} ({' '.join(program.packages)}), so without {program.purpose}")


@pytest.fixture
def replica_database(
    transactional_db: None, run_folder: Path, worker: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator:
    """
    A second database in the place of a replica, with other records, which shows where a read goes: its alias.

    It lies in the same server, so that what one has written the other has "replayed".
    """
    from django.db import connections
    from django.db.backends.base.base import BaseDatabaseWrapper

    from records import replica

    # Django refuses databases that a test's class has not named, which pytest-django makes before this one exists.
    case = getclosurevars(BaseDatabaseWrapper.ensure_connection).nonlocals["cls"]
    monkeypatch.setattr(case, "databases", {*case.databases, replica.ALIAS})
    settings = test_cluster.clone(run_folder, f"replica_{worker}")
    connections.settings[replica.ALIAS] = {**connections.settings["default"], **settings}
    monkeypatch.setattr(replica, "REPLAYED", replica.WRITTEN)
    monkeypatch.setattr(replica, "REPLICA", replica.Replica())
    yield replica.ALIAS
    connections[replica.ALIAS].close()
    del connections[replica.ALIAS], connections.settings[replica.ALIAS]
