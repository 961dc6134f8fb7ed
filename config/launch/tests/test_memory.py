"""The memory of web processes: what was loaded is left alone, what comes later is searched for garbage."""

import subprocess
import sys

from config.launch.paths import BASE_DIR

# Pieces of garbage that live long enough to be searched for with all others only; 160,000 are less than a quarter of
# what is frozen.
LATER_GARBAGE = """
import gc
from collections import deque
from config.launch.memory import freeze_objects

loaded = [[] for _ in range(1_000_000)]
freeze_objects()
before = gc.get_stats()[2]["collections"]
living = deque(maxlen=2_000)
for _ in range(160_000):
    living.append([])
    living[-1].append(living[-1])
print(gc.get_freeze_count() > 1_000_000, gc.get_stats()[2]["collections"] - before)
"""


def test_garbage_that_comes_after_the_freeze_is_found_soon():
    answer = subprocess.run(
        [sys.executable, "-c", LATER_GARBAGE], cwd=BASE_DIR, capture_output=True, text=True, check=True
    )

    is_frozen, searches = answer.stdout.split()
    assert is_frozen == "True"
    assert int(searches) > 0
