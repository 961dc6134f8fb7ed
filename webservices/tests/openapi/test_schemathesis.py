"""
Both OpenAPI documents say what is taken: schemathesis tries it, by examples, coverage, fuzzing and in steps.

The same cases each time. For longer, with others, and with all values that are wrong at each address of each resource:

    EXAMPLES=200 SEED=2 EVERYWHERE=1 ./test webservices/tests/openapi/test_schemathesis.py
"""

import os
import sys
from collections import Counter
from io import StringIO

import pytest
import schemathesis
from django.core.management import call_command
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

from config.wsgi import application
from webservices.tests.api_keys import ALL, key_for
from webservices.tests.openapi import schemathesis_hooks  # noqa: F401 - registers them
from webservices.tests.test_idempotency import superuser

EXAMPLES = int(os.environ.get("EXAMPLES", "2"))
SEED = int(os.environ.get("SEED", "1"))
DOCUMENTS = {"REST": "/api/v1/schema/", "Expandable": "/help/openapi.json"}
PHASES = ("examples", "coverage", "fuzzing", "stateful")
# A resource's fields are read by the same functions at each of its addresses, and its filters by the same functions as
# those of any other. So the coverage phase sends what is right and wrong of each field to what adds a record, and to
# the other addresses of one resource, which has fields of all kinds; and to those of prices, which other keys name.
SAME_FIELDS = r"^(PUT|PATCH|GET|DELETE) |^POST .*(/batch/|-update|-query|-delete)$"
THOROUGH = r" .*/parts/|/part-\w+$|^(GET|DELETE) .*/prices/\{id\}/|/product-price-delete$"
# Expandable says 500 where others say 4xx, so 500 is no answer that is taken for granted.
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "429"]


def build_config(token: str) -> SchemathesisConfig:
    uncovered = {"phases": {"coverage": {"enabled": False}}}
    repeated = {"include-name-regex": SAME_FIELDS, "exclude-name-regex": THOROUGH, **uncovered}
    return SchemathesisConfig.from_dict({
        "seed": SEED,
        "continue-on-failure": True,
        "headers": {"Authorization": f"Bearer {token}"},
        "generation": {"max-examples": EXAMPLES, "database": "none"},
        "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
        # Guesses of schemathesis from the texts of errors, which would take the place of the document's own words.
        "phases": {"fuzzing": {"error-feedback": {"enabled": False}}},
        "operations": [] if "EVERYWHERE" in os.environ else [repeated],
    })  # fmt: skip


def list_failures(event):
    match event:
        case events.ScenarioFinished(recorder=recorder):
            for case_id, checks in recorder.checks.items():
                for failed in (check.failure_info for check in checks if check.failure_info):
                    response = recorder.interactions[case_id].response
                    answer = response.content[:500] if response else b""
                    yield failed.failure.operation, f"{failed.failure}\n{failed.code_sample[:2000]}\n{answer!r}"
        case events.NonFatalError(label=label, info=info):
            yield label, info.format()
        case events.FatalError(exception=exception):
            raise exception


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_says_what_is_taken(name, settings, monkeypatch, stored_hash):
    call_command("load_demo", stdout=StringIO())
    # Neither what is kept of each call nor a search for Flask, at each one, is what is tried here.
    settings.EXCHANGE_BODY_BYTES = 0
    monkeypatch.setitem(sys.modules, "flask", None)
    settings.ALLOWED_HOSTS = ["localhost"]
    config = build_config(key_for(superuser("ada", stored_hash), *ALL))
    schema = schemathesis.openapi.from_wsgi(DOCUMENTS[name], application, config=config)
    cases: Counter[str] = Counter()
    failures: dict[str, str] = {}
    for event in engine.from_schema(schema).execute():
        failures |= list_failures(event)
        if isinstance(event, events.ScenarioFinished):
            cases[event.phase.value] += len(event.recorder.cases)

    assert not failures, "\n\n".join(failures.values())
    assert all(cases[phase] for phase in PHASES), cases
