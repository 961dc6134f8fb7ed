"""Web processes end, and what has become of the exchanges of their calls."""

import os
import signal
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
import pytest
import requests

from benchmarks.crash import PASSWORD, USER, Hub, prepare, running_hub, wait

pytestmark = pytest.mark.process

CLIENTS = 4
DELAY = 1.0  # seconds: longer than usual, so that a machine that is busy has the time that it needs


@dataclass
class Caller:
    """Reads and writes by turns until nobody answers any more; what was answered, by call id, with its moment."""

    hub: Hub
    number: int
    reads: dict[str, float] = field(default_factory=dict)
    writes: dict[str, float] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        session = requests.Session()
        session.auth = USER, PASSWORD
        parts = f"{self.hub.url}/api/v1/parts/"
        for count in range(100_000):
            try:
                read = session.get(parts, params={"limit": 1}, timeout=60)
                self.reads[read.headers["X-Call-Id"]] = time.monotonic()
                written = session.post(parts, json={"number": f"P-{self.number}-{count}"}, timeout=60)
                self.writes[written.headers["X-Call-Id"]] = time.monotonic()
            except requests.RequestException:
                return
            assert (read.status_code, written.status_code) == (200, 201)
            if self.stop.is_set():
                return


def call_until(hub, end):
    """Have callers call, and end that after two delays; return what they were answered, reads and writes."""
    callers = [Caller(hub, number) for number in range(CLIENTS)]
    threads = [threading.Thread(target=caller.run) for caller in callers]
    for thread in threads:
        thread.start()
    time.sleep(2 * DELAY)
    end(callers)
    for thread in threads:
        thread.join()
    reads = {call_id: at for caller in callers for call_id, at in caller.reads.items()}
    return reads, {call_id for caller in callers for call_id in caller.writes}


def list_call_ids(hub):
    """The call ids of all exchanges, as often as they are there."""
    with closing(psycopg.connect(host=str(hub.location.socket), user="counterpart", dbname="counterpart")) as database:
        return [call_id for (call_id,) in database.execute("SELECT call_id FROM webservices_exchange")]


@pytest.fixture
def folder(run_folder):
    # Not one of pytest's own, which it closes to the user that the server drops to.
    made = run_folder / f"ended-{uuid4().hex[:12]}"
    made.mkdir()
    return made


def test_a_killed_process_loses_the_last_reads_and_no_write(folder):
    with running_hub(folder, WEB_CONCURRENCY="1", EXCHANGE_DELAY_MS=str(round(DELAY * 1000))) as hub:
        prepare(hub)
        killed = []

        def kill(callers):
            killed.append(time.monotonic())
            os.kill(hub.victims("web process")[0], signal.SIGKILL)

        reads, writes = call_until(hub, kill)
        wait(hub, lambda: hub.victims("web process"))
        found = list_call_ids(hub)

    assert len(found) == len(set(found))
    assert writes
    assert writes <= {*found}
    missing = {at for call_id, at in reads.items() if call_id not in found}
    assert len(missing) < len(reads)
    assert all(at > killed[0] - DELAY for at in missing)


def test_a_process_that_is_told_to_end_loses_nothing(folder):
    variables = {"WEB_CONCURRENCY": "2", "EXCHANGE_DELAY_MS": "10000"}
    with running_hub(folder, **variables) as hub:
        prepare(hub)

        def replace(callers):
            os.kill(hub.victims("web process")[0], signal.SIGWINCH)
            time.sleep(DELAY)
            for caller in callers:
                caller.stop.set()

        reads, writes = call_until(hub, replace)
        assert len({*list_call_ids(hub)} & {*reads}) < len(reads), "some wait when the hub is stopped"
    with running_hub(folder, **variables) as hub:
        found = list_call_ids(hub)

    assert len(found) == len(set(found))
    assert {*reads, *writes} <= {*found}
