"""
Where the time goes in a web process under load: `python -m benchmarks.flames [--quick]`.

Draws docs/images/flame-read.svg (getParts of one part over SOAP) and flame-write.svg (modifyParts of 1,000 parts), and
prints how the samples of the read are spread over the stages of a call. With --quick it only prints. py-spy must be on
the PATH (`pip install py-spy`), with the right to look into other processes.
"""

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread

from benchmarks.environment import http_wire
from benchmarks.http_ground import HUB, Ground, running_ground
from benchmarks.load import Plan
from config.launch.paths import BASE_DIR

IMAGES = BASE_DIR / "docs" / "images"
SECONDS, RATE = 12, 500  # samples a second
# The stage of a sample is that of its deepest function that is named here: `function (end of the path of its file)`.
STAGES = {
    "the user's row": ["_find_user (webservices/access/users.py"],
    "credentials": ["_identify (webservices/requests.py"],
    "reading the message": ["_read (webservices/requests.py", "learn (webservices/wire/recurrence.py"],
    "finding the record": ["find_records (records/find.py"],
    "gateway": ["answer (webservices/gateway.py"],
    "writing the answer": ["write_response (webservices/responses.py"],
    "masking": ["mask_call (webservices/exchanges/masked_call.py"],
    "the exchange's row": ["store_exchange (webservices/exchanges/store.py"],
    "storing exchanges": ["_run (webservices/exchanges/queue.py"],
    "endpoint": ["serve (webservices/endpoint.py"],
    "front": ["application (config/front.py", "__call__ (django/core/handlers/wsgi.py"],
    "web server": ["run (config/launch/web_process.py", "handler_thread (config/launch/thread_pool.py"],
}


def main(arguments: Sequence[str]) -> None:
    """Draw both, and print the stages of the read; raises RuntimeError without py-spy."""
    if shutil.which("py-spy") is None:
        raise RuntimeError("py-spy is not on the PATH: `pip install py-spy` brings it.")
    with running_ground(names=[], WEB_CONCURRENCY="1") as ground, tempfile.TemporaryDirectory() as folder:
        from benchmarks import http_works  # only now: it reads the settings of the ground's database

        read = http_works.read_work(http_wire(ground.hub.url)).sides[0].build("FLAME")
        stacks = Path(folder) / "read.txt"
        load = _repeat(lambda first: ground.generate(Plan(ground.urls[HUB], read, 8, 1.0, first=first)).calls)
        _record(ground, load, stacks, "raw")
        print(_write_table(stacks.read_text()))
        if "--quick" not in arguments:
            _record(ground, load, IMAGES / "flame-read.svg", "flamegraph")
            _record(ground, _repeat(_build_write(ground)), IMAGES / "flame-write.svg", "flamegraph")


def _build_write(ground: Ground) -> Callable[[int], int]:
    """Return what sends one modifyParts of 1,000 parts, and prepares it."""
    from benchmarks import contests

    side = contests.write_parts(http_wire(ground.hub.url), http_wire(ground.hub.url)).sides["hub, SOAP"]

    def send(number: int) -> int:
        side(f"FLAME{number:04}-", 1000)()
        return 1

    return send


def _repeat(send: Callable[[int], int]) -> Callable[[], Callable[[], None]]:
    """Return what starts a thread that sends calls, and returns what ends it."""
    sent = 0

    def start() -> Callable[[], None]:
        ended = False

        def run() -> None:
            nonlocal sent
            while not ended:
                sent += send(sent)

        def stop() -> None:
            nonlocal ended
            ended = True
            thread.join()

        thread = Thread(target=run)
        thread.start()
        return stop

    return start


def _record(ground: Ground, start: Callable[[], Callable[[], None]], file: Path, form: str) -> None:
    """Record the web process while it is under load: the threads that compute, none that wait."""
    (process,) = ground.hub.victims("web process")
    stop = start()
    try:
        subprocess.run(  # noqa: S603 - a program that the user has installed
            [
                *("py-spy", "record", "--pid", str(process), "--duration", str(SECONDS), "--rate", str(RATE)),
                *("--gil", "--function", "--format", form, "--output", file.name),
            ],
            cwd=file.parent,  # the command stands in the picture: no path of this machine shall
            check=True,
            capture_output=True,
        )
    finally:
        stop()


def count_stages(stacks: str) -> dict[str, float]:
    """Return the share of each stage in the samples of py-spy's raw format: `outer (file);inner (file) 12` a line."""
    counts: Counter[str] = Counter()
    for line in stacks.splitlines():
        frames, _, number = line.rpartition(" ")
        counts[_find_stage(frames.split(";"))] += int(number)
    total = counts.total()
    return {stage: counts[stage] / total for stage in (*STAGES, "anything else") if counts[stage]}


def _find_stage(frames: Sequence[str]) -> str:
    for frame in reversed(frames):
        qualified, _, path = frame.partition(" (")
        name = qualified.rpartition(".")[2]
        for stage, functions in STAGES.items():
            for function in functions:
                wanted, _, end = function.partition(" (")
                if name == wanted and end in path:
                    return stage
    return "anything else"


def _write_table(stacks: str) -> str:
    rows = [f"| {stage} | {share:.1%} |" for stage, share in count_stages(stacks).items()]
    return "\n".join(["| stage | share of the time in Python |", "|---|---:|", *rows])


if __name__ == "__main__":
    main(sys.argv[1:])
