"""
The way into the hub's database that the floor and spyne have: one connection for each thread, one statement for a read.

BENCHMARK_DATABASE has the connection string.
"""

import os
import threading
from hashlib import sha256
from typing import Any

import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

# A part as getParts answers it: the texts of its columns, descriptions by language, ordinary prices by currency.
FIND_PART = """
SELECT u.password, p.number, p.display_number, p.direct_buy::text, p.lead_time::text, p.units::text, p.partner_part_id,
       p.partner_organization_id, p.notes, p.active::text,
       ARRAY(SELECT ARRAY[d.language, d.text] FROM parts_partdescription d WHERE d.part_id = p.id ORDER BY 1),
       ARRAY(SELECT ARRAY[r.currency, round(r.amount, c.digits)::text]
             FROM parts_price r JOIN parts_currency c ON c.code = r.currency
             WHERE r.part_id = p.id AND r.price_code = '' AND r.minimum_quantity = 1 AND r.effective_date IS NULL
             ORDER BY 1)
FROM auth_user u LEFT JOIN parts_part p ON p.number = %s
WHERE u.username = %s AND u.is_active AND u.is_superuser
"""

_local = threading.local()
_hasher = PasswordHasher()
_known: set[tuple[bytes, str]] = set()


def connect() -> psycopg.Connection[Any]:
    """Return this thread's connection; statements are prepared at their first run."""
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["BENCHMARK_DATABASE"], autocommit=True, prepare_threshold=0)
    return _local.connection


def fits(user_name: str, password: str, stored: str) -> bool:
    """Return True if a password fits the hash that Django has stored; what fitted once is remembered."""
    key = sha256(f"{len(user_name)}:{user_name}{password}".encode()).digest(), stored
    if key not in _known:
        try:
            _hasher.verify(stored.removeprefix("argon2"), password)
        except VerificationError:
            return False
        _known.add(key)
    return True


def find_part(user_name: str, password: str, number: str) -> tuple[Any, ...] | None:
    """Return the row of a part, None where there is none; raises PermissionError for who is not let in."""
    row = connect().execute(FIND_PART, (number, user_name)).fetchone()
    if row is None or not fits(user_name, password, row[0]):
        raise PermissionError
    return row[1:] if row[1] is not None else None
