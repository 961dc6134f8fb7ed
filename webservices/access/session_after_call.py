"""
The end of a call for the caller's session, where the wire says with the call itself that it wants one, or none.

    KEEP   who came with a password gets a session, whose id the answer carries; who came with one keeps it
    END    who came with a session has none afterwards

A call that failed as a whole opens none, and a dry run changes nothing. Failing to do it fails no call.
"""

import logging
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, transaction

from records.shapes.callers import Caller
from webservices.access import sessions
from webservices.wire.messages import Answer, Call, Failure, SessionOption

log = logging.getLogger(__name__)


def open_or_end_session(
    call: Call, caller: Caller, answer: Answer | Failure, *, minutes: int | None, at: datetime
) -> Answer | Failure:
    """
    Return the answer, with the id of the session if one was opened.

    minutes  how long such a session lasts without being used; None: as the setting SESSION_MINUTES says
    """
    if call.options.dry_run:
        return answer
    try:
        if call.session is SessionOption.KEEP and caller.proof and caller.user_id and isinstance(answer, Answer):
            with transaction.atomic():  # a write goes on when this fails
                token = sessions.new_session(caller.user_id, caller.proof, minutes=minutes, at=at)
            return replace(answer, session=token or "")
        if call.session is SessionOption.END and caller.session is not None:
            with transaction.atomic():
                sessions.close_session(caller.session)
    except DatabaseError:
        log.exception("call %s: its session could not be settled", caller.call_id)
    return answer
