"""The contests: in each, every side prepares its own records, and gives the work to be measured."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import Model

from benchmarks import catalogue
from benchmarks.catalogue import Record, build_request
from benchmarks.environment import AUTHORIZATION, JSON, Wire
from benchmarks.measure import Side, Work
from parts.models import Part, PartDescription, Price
from parts.services import PARTS
from records.services import Services
from records.shapes.callers import Caller
from records.tests.rows import default_fields
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Verb

NONE_FAILED, ONE_FAILED = b"<bm:records_failed>0<", b'"became":"failed"'
DRF_HEADERS = {"content-type": JSON, **AUTHORIZATION}
LOADER = Caller(None, "loader", superuser=True)


def load(services: Services, records: Sequence[Record]) -> None:
    """Store records before the measurement."""
    with transaction.atomic():
        outcomes = services.put(records=records, by=LOADER, at=datetime.now(UTC))
    assert not any(outcome.failed for outcome in outcomes)


@dataclass(frozen=True)
class Contest:
    """
    One piece of work done by several; the first is the hub.

    minimum_ratios  by a rival's name, how many times as long as the hub it should take at least
    size            the number of records that are measured
    times           a factor on the usual number of rounds: what is short is disturbed easily
    maximum_ratios  likewise, at most
    counted_sides   the sides whose SQL statements are counted, once for each number of records in `sizes`
    unit            a name for what is counted in `size`, `orders`: the report says how many a second; "": it does not
    calls           the report gives the time of one of so many calls
    limits          what else is wanted, by a side's name, in words
    """

    title: str
    sides: dict[str, Side]
    minimum_ratios: dict[str, float]
    size: int
    sizes: tuple[int, ...]
    note: str = ""
    counted_sides: tuple[str, ...] = ()
    maximum_ratios: Mapping[str, float] = field(default_factory=dict)
    times: int = 1
    unit: str = ""
    calls: int = 1
    limits: Mapping[str, str] = field(default_factory=dict)


def list_contests(hub: Wire, drf: Wire) -> list[Contest]:
    return [build(hub, drf) for build in (write_parts, _read_part, _read_part_hashing)]


def write_parts(hub: Wire, drf: Wire) -> Contest:
    def soap(sent: list[Record]) -> Work:
        return prepare_call(hub, build_request(ORACLE_2_0, "parts", Verb.PUT, records=sent), NONE_FAILED)

    def rest(sent: list[Record]) -> Work:
        return prepare_call(hub, build_request(REST, "parts", Verb.PUT, records=sent), b'"created"', ONE_FAILED)

    def run_drf(address: str) -> Side:
        return _prepare_half_stored(
            lambda sent: partial(drf.call, "PUT", address, catalogue.drf_parts(sent), DRF_HEADERS)
        )

    return Contest(
        title="In process: modifyParts of 1,000 parts, half new, half changed",
        sides={
            "hub, SOAP": _prepare_half_stored(soap),
            "hub, REST": _prepare_half_stored(rest),
            "DRF, as documented": run_drf("/drf/documented/parts/"),
            "DRF, tuned": run_drf("/drf/parts/"),
            "DRF, tuned, with a history": run_drf("/drf/history/parts/"),
            "COPY": copy_of_parts,
        },
        minimum_ratios={"DRF, as documented": 10, "COPY": 0.15},
        size=1000,
        sizes=(10, 1000),
        note=(
            "Each part has a description, a price and three more fields. DRF: `ModelSerializer(many=True)` in one "
            "transaction, known parts and their children read in three queries, answers of two numbers. *As "
            "documented*: with the validators that ModelSerializer makes, so that each number is looked up, and one "
            "`create` or `update` for each record. *Tuned*: no validator asks the database, children of a new part are "
            "created in bulk; *with a history* it keeps a Change for each part, as the hub does. COPY: parts, "
            "descriptions and prices as three prepared blocks of bytes, all of them new, into the same tables with the "
            "same indexes: no parsing, no validation, no history."
        ),
        maximum_ratios={"hub, REST": 1.15},
        counted_sides=("hub, SOAP", "hub, REST", "DRF, as documented", "DRF, tuned", "DRF, tuned, with a history"),
    )


def _prepare_half_stored(prepare: Callable[[list[Record]], Work]) -> Side:
    """Store every second part in an earlier edition, before the work that `prepare` makes of all of them."""

    def side(name: str, size: int) -> Work:
        load(PARTS, catalogue.parts(name, size)[::2])
        return prepare(catalogue.parts(name, size, edition=2))

    return side


def copy_of_parts(name: str, size: int) -> Work:
    """Prepare the rows as COPY takes them, with ids from the sequence."""
    records = catalogue.parts(name, size)
    # COPY cannot give ids back, so that children could name their parts only by ids that were drawn before.
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('parts_part_id_seq') FROM generate_series(1, %s)", [size])
        ids = [row[0] for row in cursor.fetchall()]
    now, numbered = datetime.now(UTC).isoformat(), list(zip(ids, records, strict=True))
    stamps = {"created_at": now, "created_by": "ada", "changed_at": now, "changed_by": "ada"}
    blocks = [
        _block(
            Part,
            [
                {"id": id_, "number": r["number"], "lead_time": r["lead_time"], "notes": r["notes"], **stamps}
                for id_, r in numbered
            ],
        ),
        _block(
            PartDescription,
            [
                {"part": id_, "language": language, "text": text}
                for id_, r in numbered
                for language, text in r["description"].items()
            ],
        ),
        _block(
            Price,
            [
                {"part": id_, "currency": currency, "amount": amount}
                for id_, r in numbered
                for currency, amount in r["price"].items()
            ],
        ),
    ]
    written = [(f"COPY {target} FROM STDIN", _lines(rows)) for target, rows in blocks]
    return lambda: _copy(written)


def _block(model: type[Model], rows: Sequence[Mapping[str, object]]) -> tuple[str, list[tuple]]:
    """A table with its columns, and the rows with the model's defaults for what they leave out, as COPY takes them."""
    defaults = {field.name: _copy_text(field.get_default()) for field in default_fields(model, rows[0])}
    columns = ", ".join(model._meta.get_field(name).column for name in (*rows[0], *defaults))
    return f"{model._meta.db_table} ({columns})", [(*row.values(), *defaults.values()) for row in rows]


def _copy_text(default: object) -> str:
    """A default as COPY reads it; no default here holds a tab, a backslash or an element."""
    match default:
        case None:
            return "\\N"
        case bool():
            return "t" if default else "f"
        # An empty array of PostgreSQL, and an empty object of JSON.
        case list() | dict():
            return "{}"
    return str(default)


def _lines(rows: Sequence[tuple]) -> bytes:
    return "".join("\t".join(map(str, row)) + "\n" for row in rows).encode()


def _copy(written: Sequence[tuple[str, bytes]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, block in written:
            with cursor.cursor.copy(statement) as copy:
                copy.write(block)


def _read_part(hub: Wire, drf: Wire, address: str = "drf/parts", calls: int = 100) -> Contest:
    load(PARTS, catalogue.parts("READ", 200))

    def soap(number: str) -> Work:
        return prepare_call(hub, catalogue.get_part(number), b"<bm:USD>")

    def run_drf(number: str) -> Work:
        return lambda: drf.call("GET", f"/{address}/{number}/", headers=AUTHORIZATION)

    return Contest(
        title=f"In process: getParts of one part, {calls} times",
        sides={"hub, SOAP": read_each(soap), "DRF": read_each(run_drf)},
        minimum_ratios={"DRF": 2},
        size=calls,
        sizes=(1,),
        note=(
            "With a UsernameToken, the exchange stored. DRF: retrieve with Basic authentication, `prefetch_related`, "
            "nothing stored; its password is remembered for a minute as the hub's is."
        ),
        counted_sides=("hub, SOAP", "DRF"),
        times=5,
    )


def _read_part_hashing(hub: Wire, drf: Wire) -> Contest:
    note = "The same, but with DRF's own Basic authentication, which computes Argon2 at each call."
    return replace(
        _read_part(hub, drf, "drf/hashing/parts", calls=10), note=note, minimum_ratios={}, counted_sides=(), times=1
    )


def read_each(prepare: Callable[[str], Work]) -> Side:
    def side(name: str, size: int) -> Work:
        works = [prepare(f"READ-{number:05}") for number in range(size)]
        return lambda: [work() for work in works]

    return side


def prepare_call(hub: Wire, request: WireRequest, expected: bytes, unwanted: bytes | None = None) -> Work:
    """Prepare a request to the hub; an answer without what is expected, or with what is not, raises AssertionError."""

    def send() -> None:
        answer = hub.call(request.method, request.path, request.body, request.headers)
        if expected not in answer:
            raise AssertionError(f"The answer has no {expected.decode()}: {answer[:2000].decode()}")
        if unwanted is not None and unwanted in answer:
            raise AssertionError(f"The answer has {unwanted.decode()}: {answer[:2000].decode()}")

    return send
