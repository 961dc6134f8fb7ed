"""A thread to which the processor is given when hardly anybody else needs it."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

# A fifteenth of what an ordinary thread gets that competes with it: at the lowest of all, 19, a busy machine would
# give it nothing for seconds, and Python's threads would wait for one that holds the interpreter and is not run.
NICENESS = 12

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class LowPriorityThread:
    """
    A thread that computes for others, one thing after the other; it begins with the first.

    A thread of its own, as nobody but the superuser may raise a priority again. Where the system knows priorities
    of whole processes alone, it has the usual one.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="low-priority", initializer=_lower_priority)

    def run(
        self, function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        """Return what the function returns, or raise what it raises."""
        return self._executor.submit(function, *args, **kwargs).result()


def _lower_priority() -> None:
    thread = threading.get_native_id()
    # Elsewhere than on Linux a thread's id is no process's.
    if thread != os.getpid() and os.path.exists(f"/proc/self/task/{thread}"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, NICENESS)
