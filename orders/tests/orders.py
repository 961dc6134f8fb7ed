"""Orders as these tests send them, to the service itself, and what it says of them."""

from records.tests.cast import ADA, NOW


def write(service, *records, at=NOW):
    return service(records=records, by=ADA, at=at)


def order(*rows, **fields):
    return {"number": "SO-1", "customer": "ACME", "rows": list(rows), **fields}


def row(part="PUMP", quantity="1", **fields):
    return {"part_number": part, "quantity": quantity, **fields}


def sentences(outcomes):
    return [problem.sentence() for outcome in outcomes for problem in outcome.problems]
