"""A request walks down through the rooms once and up once."""

from collections import Counter

import pytest

from webservices import endpoint
from webservices.tests.test_endpoint import PARTS, envelope
from webservices.tests.walk import walk
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.messages import WireRequest

RECORD = "<each_record><part_number>P-1</part_number></each_record>"
CALLS = {
    "getParts": "<getParts><Parts/></getParts>",
    "modifyParts": f"<modifyParts><Parts>{RECORD}</Parts></modifyParts>",
}
OF_WRITE = "(of a write)"
STEPS = [
    "records",  # the time limits of the database's work
    "requests",  # receive
    "wire",  # does it write?
    f"records {OF_WRITE}",  # an attempt without savepoints
    f"idempotency {OF_WRITE}",  # has it a key?
    "gateway",
    "access.session_after_call",
    "responses",  # write
    "exchanges.masked_call",
    "exchanges.store",
    "jobs.store",
    f"records {OF_WRITE}",  # the end of the attempt
    "exchanges.log",
]
RECEIVING = [
    "wire",  # decompress
    "publishing",  # the settings of the dialect
    "wire",  # read
    "idempotency",  # a nonce may come again with the key of its call
    "access.identify",
    f"wire {OF_WRITE}",  # does it recur? the read has been learned
]
VALUES = {"conf", "timing", "exchanges.context", "exchanges.streaming_body"}  # settings, the watch, what is passed on
CALLBACKS = {
    ("records", "timing"),  # a statement that is timed
    ("records", "gateway"),  # a write that may be retried
    ("records", "wire"),  # the records of a call, as they are looked at
    ("wire", "exchanges.mask_xml"),  # a piece of the text that may be a secret
}


@pytest.fixture(params=CALLS.values(), ids=CALLS)
def walked(request, ada):
    """The walk of a call like some that went before, so that nothing is made or learned for the first time."""
    message = WireRequest("POST", PARTS, envelope(request.param))
    for _ in range(4):
        endpoint.serve(ORACLE_2_0, message)
    return walk(lambda: endpoint.serve(ORACLE_2_0, message))


def test_the_endpoint_takes_one_step_after_the_other(walked, request):
    is_read = "getParts" in request.node.callspec.id

    steps, receiving = (
        [step.partition(" ")[0] for step in each if not (is_read and OF_WRITE in step)] for each in (STEPS, RECEIVING)
    )

    assert walked.calls_from("endpoint", besides=VALUES) == steps
    assert walked.calls_from("requests", besides=VALUES) == receiving


def test_no_room_calls_one_that_stands_above_it(walked):
    assert set(walked.climbs) <= CALLBACKS


def test_secrets_are_looked_for_and_bodies_are_masked_once(walked):
    assert walked.calls.count(("exchanges.masked_call", "exchanges.secrets")) == 1
    masks = [walked.calls.count(("exchanges.masked_call", f"exchanges.{name}")) for name in ("mask_xml", "mask_known")]
    assert sum(masks) == 2  # the request and the response
    assert "exchanges.mask_xml" not in walked.stays[walked.stays.index("exchanges.store") :]


def test_each_room_is_entered_once(walked):
    rooms = [room for room in walked.stays if room not in VALUES | {"wire", "records"}]

    entered = {room: number for room, number in Counter(rooms).items() if number > 1}

    assert entered.keys() <= {
        "access.username_tokens",  # before the hash, after it
        "access.users",  # a column's names, a row
        "access.verification",  # the connection of a call, of a secret; the secret
        "exchanges.mask_usual_xml",  # the request, the response
        "exchanges.mask_xml",  # the request, the response
        "exchanges.masked_call",  # whether sentences may quote
        "exchanges.masking",  # the mask is applied to each text
        "exchanges.queue",  # the row, its way to the database
        "idempotency",  # the nonce's key, the call's
        "gateway",  # the write that may be retried
        "responses",  # the answer, its bytes
    }
