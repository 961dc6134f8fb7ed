"""A comparator that one wire needs does not appear in the contracts of the others."""

import json
import subprocess
import sys

from django.conf import settings

from webservices.declarations import OPERATIONS
from webservices.wire.reference.catalog import documents

# In a process of its own, for what is imported after the new comparator has read it wherever it is read.
WITH_ANOTHER_COMPARATOR = """
import json
import django
from records.shapes.criteria import Comparator

another = str.__new__(Comparator, "SOUNDS-LIKE")
another._name_, another._value_ = "SOUNDS_LIKE", "SOUNDS-LIKE"
Comparator._member_names_.append("SOUNDS_LIKE")
Comparator._member_map_["SOUNDS_LIKE"] = Comparator._value2member_map_["SOUNDS-LIKE"] = another
assert Comparator("SOUNDS-LIKE") in tuple(Comparator)

django.setup()
from webservices.declarations import OPERATIONS
from webservices.wire.reference.catalog import documents

print(json.dumps(documents(OPERATIONS)))
"""


def test_a_new_comparator_changes_no_contract():
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-W", "ignore", "-c", WITH_ANOTHER_COMPARATOR]

    written = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, check=True)

    after, before = json.loads(written.stdout), documents(OPERATIONS)
    assert [name for name in before if after[name] != before[name]] == []
