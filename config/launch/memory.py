"""Memory that goes back to the machine: few arenas of the C library, and what is free in them returned."""

import ctypes
import gc
import os
from collections.abc import Callable
from pathlib import Path

M_ARENA_MAX = -8  # of glibc's malloc.h
ARENAS = 2


def limit_arenas() -> None:
    """Let the threads of this process and its children share two arenas; glibc would make eight for each core."""
    if mallopt := _function("mallopt"):
        mallopt(M_ARENA_MAX, ARENAS)


def freeze_objects() -> None:
    """Leave what was loaded out of all searches for garbage: it stays, and forked processes share its pages."""
    gc.collect()
    gc.freeze()
    # Again, for Python searches all only when a quarter has come to what the last search of all has left: that was what
    # is frozen now, and garbage would lie about until there are a hundred thousand pieces.
    gc.collect()


def return_memory() -> None:
    """Give what is free back to the machine; a large request leaves much behind."""
    if trim := _function("malloc_trim"):
        trim(0)


def resident_bytes(process: int) -> int:
    """Return the memory that a process holds, by its id; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def _function(name: str) -> Callable[..., int] | None:
    # Other C libraries than glibc have neither function.
    return getattr(ctypes.CDLL(None), name, None)
