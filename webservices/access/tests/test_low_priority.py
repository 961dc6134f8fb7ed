"""A thread that computes when hardly anybody else needs the processor."""

import os
import sys
from threading import get_native_id

import pytest

from webservices.access.low_priority import NICENESS, LowPriorityThread


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere priorities are those of whole processes")
def test_has_a_low_priority_and_leaves_all_others_theirs():
    thread = LowPriorityThread()
    before = os.getpriority(os.PRIO_PROCESS, get_native_id())

    inside = thread.run(lambda: os.getpriority(os.PRIO_PROCESS, get_native_id()))

    assert inside == NICENESS
    assert os.getpriority(os.PRIO_PROCESS, get_native_id()) == before


def test_gives_what_is_computed_and_raises_what_went_wrong():
    thread = LowPriorityThread()

    assert thread.run(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        thread.run(divmod, 7, 0)
