"""The options of every endpoint: read from HTTP headers, refused with one sentence, and written back."""

import pytest

from records.shapes.problems import ProblemError
from records.shapes.values import Tags
from webservices.wire.messages import Options
from webservices.wire.options import headers_from_options, options_from_headers, options_from_names

READ = [
    ({}, Options()),
    ({"x-dry-run": "true"}, Options(dry_run=True)),
    ({"x-dry-run": " False "}, Options()),
    ({"x-all-or-none": "1"}, Options(all_or_none=True)),
    ({"x-import": "true"}, Options(import_finished=True)),
    ({"x-check-totals": "TRUE"}, Options(check_totals=True)),
    ({"if-match": '"7"'}, Options(if_match=Tags((7,)))),
    ({"if-match": '"7", "8"'}, Options(if_match=Tags((7, 8)))),
    ({"if-match": ',"7",,"abc" , "",'}, Options(if_match=Tags((7,)))),
    ({"if-match": 'W/"7"'}, Options(if_match=Tags())),  # a weak tag is never strongly equal
    ({"if-match": '"07"'}, Options(if_match=Tags())),
    ({"if-match": "*"}, Options(if_match=Tags(any=True))),
    ({"idempotency-key": "8e03978e-40d5"}, Options(idempotency_key="8e03978e-40d5")),
]

REFUSED = [
    ({"x-dry-run": ""}, "X-Dry-Run is true or false, not ''."),
    ({"x-dry-run": " "}, "X-Dry-Run is true or false, not ''."),
    ({"x-all-or-none": ""}, "X-All-Or-None is true or false, not ''."),
    ({"if-match": ""}, "If-Match is the version of a record"),
    ({"idempotency-key": ""}, "1 to 255"),
    ({"x-dry-run": "yes"}, "X-Dry-Run is true or false, not 'yes'."),
    ({"x-all-or-none": "all"}, "X-All-Or-None is true or false, not 'all'."),
    ({"x-import": "yes"}, "X-Import is true or false, not 'yes'."),
    ({"x-check-totals": ""}, "X-Check-Totals is true or false, not ''."),
    *(
        ({"if-match": text}, "If-Match is the version")
        for text in ("7", '"7', '"7" "8"', '*, "7"', 'w/"7"', '"a b"', ",")
    ),
    ({"idempotency-key": "x" * 256}, "1 to 255"),
    ({"idempotency-key": "caf\u00e9"}, "printable ASCII"),
]


@pytest.mark.parametrize("headers, options", READ)
def test_reads(headers, options):
    assert options_from_headers(headers) == options


@pytest.mark.parametrize("headers, reason", REFUSED)
def test_refuses(headers, reason):
    with pytest.raises(ProblemError) as refused:
        options_from_headers(headers)

    assert reason in refused.value.problem.sentence()


def test_a_name_on_the_wire_goes_before_the_header():
    options = options_from_names({"DryRun": "false"}, {"x-dry-run": "true", "if-match": '"3"'})

    assert options == Options(dry_run=False, if_match=Tags((3,)))


def test_what_is_written_is_read_again():
    options = Options(dry_run=True, all_or_none=True, if_match=Tags((7,)), idempotency_key="k-1")

    written = {name.lower(): text for name, text in headers_from_options(options).items()}

    assert options_from_headers(written) == options
