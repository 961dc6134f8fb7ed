"""
The sessions of browsers with the admin site: Django's own, which end when nobody uses them (ADMIN_SESSION_MINUTES).

The end is the database's, not the cookie's: a browser keeps that until it is closed. A session also ends when its user
signs out, when the password changes, and when the user is disabled (a trigger, migration 0013).
"""

import logging
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import DatabaseError
from django.utils import timezone

from records import sql
from records.retry import first_line
from webservices.models import SiteSession

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
SWEPT_AT_ONCE = 100
# Not by Django's own statement, which would write all that this request has read over what another has stored since.
# SKIP LOCKED: of many requests at once one writes, and none waits.
RENEW = """
UPDATE webservices_sitesession SET expire_date = %s
WHERE session_key = (
    SELECT session_key FROM webservices_sitesession WHERE session_key = %s AND expire_date <= %s
    FOR NO KEY UPDATE SKIP LOCKED
)"""
SWEEP = """
DELETE FROM webservices_sitesession WHERE session_key IN (
    SELECT session_key FROM webservices_sitesession
    WHERE expire_date <= %s ORDER BY expire_date LIMIT %s FOR UPDATE SKIP LOCKED
)"""


class SessionStore(DatabaseSessionStore):
    """Django's sessions, each with its user, and with an end that moves on while it is used."""

    @classmethod
    def get_model_class(cls) -> type[SiteSession]:
        return SiteSession

    def get_session_cookie_age(self) -> int:
        # Who used a session a minute after its end was moved has left no trace of it, and shall not be thrown out.
        return settings.SESSION_COOKIE_AGE + int(EVERY.total_seconds())

    def load(self) -> dict:
        session = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs lack it
        if session is None:
            return {}
        self._renew(session)
        return self.decode(session.session_data)

    def create(self) -> None:
        """Open a session; those that nobody uses any more are swept away with it, some at a time."""
        super().create()
        sql.run(SWEEP, [timezone.now(), SWEPT_AT_ONCE])

    def create_model_instance(self, data: dict) -> SiteSession:
        session = cast(SiteSession, super().create_model_instance(data))
        session.user_id = data.get(SESSION_KEY)
        return session

    def _renew(self, session: SiteSession) -> None:
        expires_at = timezone.now() + timedelta(seconds=self.get_session_cookie_age())
        if expires_at - session.expire_date < EVERY:
            return
        try:
            sql.run(RENEW, [expires_at, session.session_key, expires_at - EVERY])
        except DatabaseError as error:
            log.warning("the use of a session of the admin site could not be kept: %s", first_line(error))
