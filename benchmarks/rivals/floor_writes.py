"""
The floor of a write: the rows that the hub writes, Change and exchange too, by one statement after the user's row.

What a table has beside the columns that are named here, and no default for, is empty.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from uuid import uuid4

from psycopg.types.json import Json

from benchmarks.rivals.database import connect, fits

CENT = Decimal("0.01")
EMPTY = {"text": "''", "boolean": "false", "jsonb": "'{}'", "ARRAY": "'{}'"}
USER = "SELECT password, id FROM auth_user WHERE username = %s AND is_active AND is_superuser"
ORDER_GROUND = """
SELECT u.password, u.id, (SELECT id FROM customers_customer WHERE number = %s AND active),
       (SELECT id FROM orders_orderstatus WHERE name = %s AND starts),
       ARRAY(SELECT p.id FROM unnest(%s::text[]) WITH ORDINALITY AS n (number, place)
             JOIN parts_part p ON p.number = n.number AND p.active ORDER BY n.place)
FROM auth_user u WHERE u.username = %s AND u.is_active AND u.is_superuser
"""
STAMPS = {"version": "1", "created_at": "%(at)s", "created_by": "%(user)s", "changed_at": "%(at)s"}
STAMPS |= {"changed_by": "%(user)s"}
NEW_PART = {
    **STAMPS,
    "number": "%(number)s",
    "direct_buy": "1",
    "lead_time": "%(lead_time)s::int",
    "units": "%(units)s::int",
    "notes": "%(notes)s",
    "active": "true",
}
NEW_DESCRIPTION = {"part_id": "written.id", "language": "d.language", "text": "d.text"}
NEW_PRICE = {"part_id": "written.id", "currency": "r.currency", "minimum_quantity": "1", "amount": "r.amount::numeric"}
NEW_ORDER = {
    **STAMPS,
    "number": "%(number)s",
    "customer_id": "%(customer)s",
    "subject": "%(subject)s",
    "status_id": "%(status)s",
    "order_date": "%(order_date)s::date",
    "due_date": "%(due_date)s::date",
    "currency": "%(currency)s",
    "total": "%(total)s::numeric",
    "grand_total": "%(total)s::numeric",
}
NEW_ROW = {
    "order_id": "written.id",
    "line_number": "r.line::int",
    "part_id": "r.part",
    "quantity": "r.quantity::numeric",
    "unit_price": "r.price::numeric",
    "value_period": "1",
    "discount": "r.discount::numeric",
    "total": "r.total::numeric",
}
WHO = {"at": "%(at)s", "user_id": "%(user_id)s", "user_name": "%(user)s", "credential": "'password'"}
WHO |= {"call_id": "%(call)s"}
CHANGE = {
    **WHO,
    "resource": "%(resource)s",
    "record_id": "written.id",
    "key": "%(number)s",
    "version": "written.version",
    "became": "%(result)s",
}
EXCHANGE = {
    **WHO,
    "dialect": "'oracle-2.0'",
    "operation": "%(operation)s",
    "peer": "%(peer)s",
    "method": "'POST'",
    "path": "%(path)s",
    "status": "200",
    "records_in": "1",
    "created": "(%(result)s = 'created')::int",
    "updated": "(%(result)s = 'updated')::int",
    "keys": "ARRAY[%(number)s]",
    "outcomes": "jsonb_build_array(jsonb_build_object('id', written.id, 'key', %(number)s, 'became', %(result)s, "
    "'number', 1, 'version', written.version, 'problems', '[]'::jsonb))",
    "request_headers": """'{"content-type": "text/xml; charset=UTF-8"}'""",
    "request_type": "'text/xml'",
    "request_size": "%(request_size)s",
    "request_encoding": "'UTF-8'",
    "request_body": "%(request)s",
    "response_type": "'text/xml; charset=UTF-8'",
    "response_size": "%(response_size)s",
    "response_body": "%(response)s",
}
TEXTS = "unnest(%(languages)s::text[], %(texts)s::text[]) AS d (language, text)"
AMOUNTS = "unnest(%(currencies)s::text[], %(amounts)s::text[]) AS r (currency, amount)"
CHANGED = f"""
    SELECT 'lead_time' AS name, old.lead_time::text AS before, %(lead_time)s::text AS after FROM old
    UNION ALL SELECT 'units', old.units::text, %(units)s::text FROM old
    UNION ALL SELECT 'notes', old.notes, %(notes)s::text FROM old
    UNION ALL SELECT 'description.' || o.language, o.text, d.text FROM old_texts o JOIN {TEXTS} USING (language)
    UNION ALL SELECT 'price.' || o.currency, o.amount, r.amount FROM old_amounts o JOIN {AMOUNTS} USING (currency)
"""
# What is as it was is not written again.
UPDATE = f"""
WITH old AS (SELECT * FROM parts_part WHERE number = %(number)s FOR NO KEY UPDATE),
old_texts AS (SELECT d.* FROM parts_partdescription d JOIN old ON d.part_id = old.id),
old_amounts AS (SELECT r.id, r.currency, round(r.amount, c.digits)::text AS amount
    FROM parts_price r JOIN old ON r.part_id = old.id JOIN parts_currency c ON c.code = r.currency
    WHERE r.price_code = '' AND r.minimum_quantity = 1 AND r.effective_date IS NULL),
written AS (UPDATE parts_part p SET version = p.version + 1, lead_time = %(lead_time)s::text::int,
    units = %(units)s::text::int, notes = %(notes)s, changed_at = %(at)s, changed_by = %(user)s
    FROM old WHERE p.id = old.id RETURNING p.id, p.version),
texts AS (UPDATE parts_partdescription p SET text = d.text FROM old_texts o JOIN {TEXTS} USING (language)
    WHERE p.id = o.id AND o.text <> d.text),
amounts AS (UPDATE parts_price p SET amount = r.amount::numeric FROM old_amounts o JOIN {AMOUNTS} USING (currency)
    WHERE p.id = o.id AND o.amount <> r.amount),
"""


@cache
def _rows(table: str) -> dict[str, str]:
    """Return the columns of a table that must have a value and have no default, each with an empty one."""
    found = connect().execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
        "AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'",
        (table,),
    )
    return {name: EMPTY.get(kind, "0") for name, kind in found}


def _insert(table: str, given: Mapping[str, str], source: str = "") -> str:
    columns = {**_rows(table), **given}
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} {source}"


@cache
def _add_part() -> str:
    return f"""
    WITH written AS ({_insert("parts_part", NEW_PART)} RETURNING id, version),
    texts AS ({_insert("parts_partdescription", NEW_DESCRIPTION, f"FROM written, {TEXTS}")}),
    amounts AS ({_insert("parts_price", NEW_PRICE, f"FROM written, {AMOUNTS}")}),
    {_record("%(fields)s")}"""


@cache
def _update_part() -> str:
    fields = f"""(SELECT jsonb_object_agg(name, jsonb_build_array(before, after)) FROM ({CHANGED}) AS c
        WHERE before IS DISTINCT FROM after)"""
    return f"{UPDATE} {_record(fields)}"


@cache
def _add_order() -> str:
    rows = """FROM written, unnest(%(lines)s::text[], %(parts)s::bigint[], %(quantities)s::text[], %(prices)s::text[],
        %(discounts)s::text[], %(totals)s::text[]) AS r (line, part, quantity, price, discount, total)"""
    return f"""
    WITH written AS ({_insert("orders_salesorder", NEW_ORDER)} RETURNING id, version),
    rows AS ({_insert("orders_row", NEW_ROW, rows)}),
    {_record("%(fields)s")}"""


def _record(fields: str) -> str:
    """Return the end of a statement: the Change, and the exchange, whose row tells how many were written."""
    change = _insert("records_change", {**CHANGE, "fields": fields}, "FROM written")
    return f"change AS ({change}) {_insert('webservices_exchange', EXCHANGE, 'FROM written')}"


def _read(element: Any) -> dict[str, Any]:
    """Read an element as a map of local names; a text, if it has no children."""
    return {child.tag.rpartition("}")[2]: _read(child) if len(child) else child.text or "" for child in element}


def add_part(
    call: Any, namespace: str, user: str, password: str, body: bytes, environ: Mapping[str, Any], write: Callable
) -> bytes:
    record = _read(call[0][0])
    texts, amounts = record.get("description", {}), record.get("price", {})
    fields = {
        "number": record["part_number"], "direct_buy": "1", "lead_time": record["lead_time"], "units": record["units"],
        "notes": record["notes"], "active": "true",
        **{f"description.{language}": text for language, text in texts.items()},
        **{f"price.{currency}": amount for currency, amount in amounts.items()},
    }  # fmt: skip
    values = {**_part_values(record), "fields": Json({name: [None, text] for name, text in fields.items()})}
    answer = write("addParts", namespace, _counts(inserted=1))
    row = connect().execute(USER, (user,)).fetchone()
    return _run(_add_part(), values, "parts.add", "part", "created", (user, password, row), body, environ, answer)


def update_part(
    call: Any, namespace: str, user: str, password: str, body: bytes, environ: Mapping[str, Any], write: Callable
) -> bytes:
    answer = write("updateParts", namespace, _counts(updated=1))
    row, values = connect().execute(USER, (user,)).fetchone(), _part_values(_read(call[0][0]))
    return _run(_update_part(), values, "parts.update", "part", "updated", (user, password, row), body, environ, answer)


def _part_values(record: Mapping[str, Any]) -> dict[str, Any]:
    texts, amounts = record.get("description", {}), record.get("price", {})
    return {
        "number": record["part_number"], "lead_time": record["lead_time"], "units": record["units"],
        "notes": record["notes"], "languages": [*texts], "texts": [*texts.values()],
        "currencies": [*amounts], "amounts": [*amounts.values()],
    }  # fmt: skip


def add_order(
    call: Any, namespace: str, user: str, password: str, body: bytes, environ: Mapping[str, Any], write: Callable
) -> bytes:
    element = call[0][0]
    record, rows = _read(element), [_read(row) for row in element.find(f"{{{namespace}}}rows")]
    numbers = [row["part_number"] for row in rows]
    ground = (record["customer_number"], record["status"], numbers, user)
    found = connect().execute(ORDER_GROUND, ground).fetchone()
    if found is None or found[2] is None or found[3] is None or len(found[4]) != len(rows):
        raise LookupError("Something that the order names is not there.")
    totals = [_total(row) for row in rows]
    values = {
        "number": record["sales_order_number"], "customer": found[2], "subject": record["subject"], "status": found[3],
        "order_date": record["order_date"], "due_date": record["due_date"], "currency": record["currency"],
        "total": str(sum(totals)),
        "lines": [row["line_number"] for row in rows], "parts": found[4],
        "quantities": [row["quantity"] for row in rows], "prices": [row["unit_price"] for row in rows],
        "discounts": [row["discount"] for row in rows], "totals": [*map(str, totals)],
        "fields": Json(_order_fields(record, rows, totals)),
    }  # fmt: skip
    answer = write("addSalesOrders", namespace, _counts(inserted=1))
    identity = (user, password, found)
    return _run(_add_order(), values, "sales_orders.add", "sales_order", "created", identity, body, environ, answer)


def _total(row: Mapping[str, str]) -> Decimal:
    exact = Decimal(row["quantity"]) * Decimal(row["unit_price"]) * (1 - Decimal(row["discount"]) / 100)
    return exact.quantize(CENT, ROUND_HALF_UP)


def _order_fields(
    record: Mapping[str, str], rows: Sequence[Mapping[str, str]], totals: Sequence[Decimal]
) -> dict[str, list[str | None]]:
    fields = {
        "number": record["sales_order_number"], "customer": record["customer_number"], "subject": record["subject"],
        "status": record["status"], "order_date": record["order_date"], "due_date": record["due_date"],
        "currency": record["currency"], "total": str(sum(totals)), "tax": "0", "freight": "0",
        "grand_total": str(sum(totals)),
    }  # fmt: skip
    for row, total in zip(rows, totals, strict=True):
        values = {name: row[name] for name in ("quantity", "unit_price", "discount")}
        values |= {"part": row["part_number"], "total": str(total), "value_period": "1"}
        fields |= {f"rows.{row['line_number']}.{name}": text for name, text in values.items()}
    return {name: [None, text] for name, text in fields.items()}


def _counts(inserted: int = 0, updated: int = 0) -> dict[str, str]:
    names = ("records_read", "records_failed", "records_deleted", "records_inserted", "records_updated")
    return dict(zip(names, map(str, (1, 0, 0, inserted, updated)), strict=True))


def _run(
    statement: str, values: Mapping[str, Any], operation: str, resource: str, result: str,
    identity: tuple[str, str, Any], body: bytes, environ: Mapping[str, Any], answer: bytes,
) -> bytes:  # fmt: skip
    """Run the statement of a write, which is a transaction by itself, and return the answer."""
    user, password, row = identity
    if row is None or not fits(user, password, row[0]):
        raise PermissionError
    masked = body.replace(password.encode(), b"***")
    more = {
        "at": datetime.now(UTC), "user": user, "user_id": row[1], "call": uuid4().hex, "operation": operation,
        "resource": resource, "result": result, "peer": environ["REMOTE_ADDR"], "path": environ["PATH_INFO"],
        "request": zlib.compress(masked, 3), "request_size": len(body),
        "response": zlib.compress(answer, 3), "response_size": len(answer),
    }  # fmt: skip
    if connect().execute(statement, {**values, **more}).rowcount != 1:
        raise LookupError("Nothing was written.")
    return answer


WRITERS: Mapping[str, Callable[..., bytes]] = {
    "addParts": add_part,
    "updateParts": update_part,
    "addSalesOrders": add_order,
}
