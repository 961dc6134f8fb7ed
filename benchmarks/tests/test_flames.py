"""The samples of a profile are told by the stages of a call."""

import importlib
import re
from pathlib import Path

from benchmarks import flames

STACKS = """\
run (config/launch/web_process.py);select (selectors.py) 10
handler_thread (config/launch/thread_pool.py);<locals>.serve (webservices/endpoint.py) 5
handler_thread (x/config/launch/thread_pool.py);serve (x/webservices/endpoint.py);answer (x/webservices/gateway.py) 4
serve (webservices/endpoint.py);find_records (records/find.py);execute (psycopg/cursor.py) 20
somebody (elsewhere.py) 1
"""


def test_counts_the_deepest_stage_of_each_sample():
    shares = flames.count_stages(STACKS)

    assert shares == {
        "finding the record": 0.5,
        "gateway": 0.1,
        "endpoint": 0.125,
        "web server": 0.25,
        "anything else": 0.025,
    }


def test_names_functions_that_there_are():
    missing = []
    for function in [each for functions in flames.STAGES.values() for each in functions]:
        name, _, path = function.partition(" (")
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        source = Path(module.__file__).read_text()
        if not re.search(rf"^\s*def {name}\(", source, re.M):
            missing.append(function)

    assert missing == []
