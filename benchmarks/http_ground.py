"""
The ground of a measurement over HTTP: the hub, its rivals and the load generator, each in processes of its own.

    with running_ground() as ground:
        ground.generate(Plan(ground.urls["hub"], …))
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks.environment import create_user, http_wire
from benchmarks.load import Plan, Report, generator
from benchmarks.rivals import programs
from benchmarks.rivals.packages import NotInstalled
from benchmarks.servers import Hub, Program, make_data_folder, read_cpu, running_hub, running_program, use_data

HUB, FLOOR, GUNICORN, NODE, SPYNE, DRF = "hub", "floor on granian", "floor on gunicorn", "node soap", "spyne", "DRF"
RIVALS: dict[str, Callable[[Hub, bytes], programs.Launch]] = {
    FLOOR: programs.floor_on_granian,
    GUNICORN: programs.floor_on_gunicorn,
    NODE: programs.node,
    SPYNE: programs.spyne,
    DRF: programs.drf,
}
WSDL = "/v2_0/receiver/parts?wsdl"


@dataclass
class Ground:
    """
    All that runs.

    programs  the rivals that run, by name
    missing   why others do not
    generate  runs a plan in the generator's process
    """

    hub: Hub
    programs: dict[str, Program]
    missing: dict[str, str]
    generate: Callable[[Plan], Report]

    @property
    def urls(self) -> dict[str, str]:
        return {HUB: self.hub.url, **{name: each.url for name, each in self.programs.items()}}

    def read_cpu(self, server: str) -> tuple[float, float]:
        """Return the seconds of CPU of a server's processes, and of the database's."""
        postmaster = self.hub.postmaster or 0
        process = self.hub.process if server == HUB else self.programs[server].process
        return read_cpu(process.pid, but=[postmaster]), read_cpu(postmaster)


@contextmanager
def running_ground(names: Sequence[str] | None = None, **variables: str) -> Iterator[Ground]:
    """Run the hub with these variables, and the rivals of these names, else all."""
    folder = make_data_folder("http")
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        run = stack.enter_context(generator())
        hub = stack.enter_context(running_hub(folder, LOG_LEVEL="WARNING", **variables))
        use_data(folder)
        create_user()
        ground = Ground(hub, {}, {}, run)
        contract = http_wire(hub.url).call("GET", WSDL)
        for name in RIVALS:
            if names is None or name in names:
                _start(stack, ground, name, contract)
            else:
                ground.missing[name] = "it was left out"
        yield ground


def _start(stack: ExitStack, ground: Ground, name: str, contract: bytes) -> None:
    """Start a rival; where that fails, note why."""
    try:
        launched = RIVALS[name](ground.hub, contract)
        log = ground.hub.folder / f"{name.replace(' ', '-')}.log"
        program = running_program(launched.command, log=log, environment=launched.environment)
        ground.programs[name] = stack.enter_context(program)
    except (NotInstalled, RuntimeError) as error:
        ground.missing[name] = str(error)
