"""The threads of a web process that answer requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.db import connections
from waitress.task import ThreadedTaskDispatcher


class ThreadPool(ThreadedTaskDispatcher):
    """So many threads that answer, and beside them those that wait in an `extra_thread`."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.waiting = 0
        self.size_lock = Lock()
        self.set_thread_count(size)

    @contextmanager
    def extra_thread(self) -> Iterator[None]:
        """Let another thread answer while this one waits, without its connection to the database where many wait."""
        # The database has a hundred connections or two for all processes, and another one costs as much as some calls.
        if self.waiting >= self.size:
            for each in connections.all(initialized_only=True):
                if not each.in_atomic_block:
                    each.close()
        self._resize(1)
        try:
            yield
        finally:
            self._resize(-1)

    def _resize(self, change: int) -> None:
        with self.size_lock:
            self.waiting += change
            self.set_thread_count(self.size + self.waiting)

    def handler_thread(self, thread_no: int) -> None:
        try:
            super().handler_thread(thread_no)
        finally:
            connections.close_all()
