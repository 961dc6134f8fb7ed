"""Writers that meet: real processes on one database, committing for real, batch against batch."""

import multiprocessing
import os
import traceback
from collections import Counter
from collections.abc import Callable, Sequence

from django.db import connections

FORK = multiprocessing.get_context("fork")

Writer = Callable[[Sequence], list[str]]


def _write_again_and_again(writer, batches, barrier, results):
    connections.close_all()
    result = Counter()
    try:
        for batch in batches:
            barrier.wait(timeout=30)
            result.update(writer(batch))
        results.put(dict(result))
    except BaseException:
        results.put(traceback.format_exc())
    finally:
        connections.close_all()
        os._exit(0)


def run_together(*writers: tuple[Writer, Sequence[Sequence]]) -> Counter[str]:
    """
    Run each writer over its batches in a process of its own, all of them starting each batch together.

    A writer says what became of its records; this gives how many became what.
    """
    connections.close_all()
    barrier, results = FORK.Barrier(len(writers)), FORK.SimpleQueue()
    processes = [FORK.Process(target=_write_again_and_again, args=(*writer, barrier, results)) for writer in writers]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    result = [results.get() for process in processes if process.exitcode == 0]
    assert len(result) == len(writers)
    assert all(isinstance(counts, dict) for counts in result), result
    return sum((Counter(counts) for counts in result), Counter())
