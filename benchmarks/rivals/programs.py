"""The commands of the rivals' servers: two processes each, as the hub has on two cores, and connections kept alive."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from psycopg.conninfo import make_conninfo

from benchmarks.rivals.packages import install_node, install_python
from benchmarks.servers import Hub
from config.launch.embedded import connection_settings
from config.launch.paths import BASE_DIR

PROCESSES, THREADS, KEEP_ALIVE = 2, 4, 75


@dataclass(frozen=True)
class Launch:
    """The command of a server for a port, and its environment's variables."""

    command: Callable[[int], Sequence[str]]
    environment: Mapping[str, str] = field(default_factory=dict)


def floor_on_granian(hub: Hub, contract: bytes) -> Launch:
    packages = install_python("granian")

    def command(port: int) -> list[str]:
        options = {"interface": "wsgi", "host": "127.0.0.1", "port": port, "workers": PROCESSES}
        options |= {"blocking-threads": 1, "runtime-threads": 1, "log-level": "warning"}
        named = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        return [sys.executable, "-m", "granian", *named, "benchmarks.rivals.floor:application"]

    return Launch(command, _python(hub, packages))


def floor_on_gunicorn(hub: Hub, contract: bytes) -> Launch:
    return Launch(_gunicorn("benchmarks.rivals.floor:application"), _python(hub))


def spyne(hub: Hub, contract: bytes) -> Launch:
    return Launch(_gunicorn("benchmarks.rivals.spyne_parts:application"), _python(hub, install_python("spyne")))


def drf(hub: Hub, contract: bytes) -> Launch:
    settings = {"DATA_DIR": str(hub.folder), "DJANGO_SETTINGS_MODULE": "benchmarks.rivals.drf_settings"}
    return Launch(_gunicorn("config.wsgi:application"), {**_python(hub), **settings})


def node(hub: Hub, contract: bytes) -> Launch:
    packages = install_node()
    wsdl = hub.folder / "parts.wsdl"
    wsdl.write_bytes(contract)
    place = connection_settings(hub.location)
    arguments = [str(wsdl), place["HOST"], place["USER"], place["NAME"]]
    program = BASE_DIR / "benchmarks" / "rivals" / "node" / "server.js"
    return Launch(
        lambda port: ["node", str(program), str(port), *arguments], {"NODE_PATH": str(packages / "node_modules")}
    )


def _gunicorn(application: str) -> Callable[[int], list[str]]:
    options = ["--worker-class", "gthread", "--workers", str(PROCESSES), "--threads", str(THREADS)]
    options += ["--keep-alive", str(KEEP_ALIVE), "--log-level", "warning", "--no-control-socket"]
    return lambda port: [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}", application]


def _python(hub: Hub, *packages: Path) -> dict[str, str]:
    place = connection_settings(hub.location)
    database = make_conninfo(host=place["HOST"], user=place["USER"], dbname=place["NAME"])
    return {"PYTHONPATH": ":".join(map(str, (BASE_DIR, *packages))), "BENCHMARK_DATABASE": database}
