"""A request that is answered was read to its end: so it is well-formed, and is masked as such."""

from dataclasses import replace

import pytest

from webservices.declarations import OPERATIONS
from webservices.tests.test_round_trip import CASES, sample
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import RequestError

OF_XML = [dialect for dialect in DIALECTS if dialect.media == "xml"]
BREAKS = {
    "what follows the end": lambda body: body + b"<",
    "a second root": lambda body: body + b"<e/>",
    "no end": lambda body: body.rstrip()[:-1],
    "an end too many": lambda body: body + b"</e>",
}


def is_refused(dialect, request):
    try:
        call = dialect.read(request, OPERATIONS, dialect.settings)
        _ = [*call.records], [*(call.criteria or ())]  # what the gateway looks at before it answers
    except RequestError:
        return True
    return False


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("dialect", OF_XML, ids=lambda each: each.name)
def test_what_is_not_well_formed_at_its_end_is_refused(dialect, name):
    requests = {
        f"{operation.name} {number}": dialect.build_request(sample(dialect, operation, context), context)
        for number, (operation, context) in enumerate(case.values[1:] for case in CASES if case.values[0] is dialect)
    }
    broken = {of: replace(each, body=BREAKS[name](each.body)) for of, each in requests.items() if each.body}

    assert not [of for of, request in requests.items() if is_refused(dialect, request)]
    assert [of for of, request in broken.items() if not is_refused(dialect, request)] == []
