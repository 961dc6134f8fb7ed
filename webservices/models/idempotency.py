"""The answers of calls that have a key, to be sent again."""

from django.db import models

from records.columns import Text


class KeyedAnswer(models.Model):
    """
    The answer of a call that has an idempotency key, written in the call's own transaction.

    key_hash      SHA-256 of the caller and the key, in hex: a caller may have put anything there, a password too
    request_hash  SHA-256 of what the call means, in hex
    call_id       of the call that was run
    headers       of the response, without those that open a session
    body          compressed with zlib
    """

    user_id = models.IntegerField("user id")
    key_hash = Text("hash of the idempotency key", max_length=64)
    request_hash = Text("request hash", max_length=64)
    operation = Text("operation", max_length=80)
    call_id = Text("call", max_length=40)
    at = models.DateTimeField("when")
    status = models.SmallIntegerField("status")
    reason = Text("reason phrase", max_length=300, blank=True)
    content_type = Text("content type", max_length=200)
    headers = models.JSONField("headers", default=dict)
    body = models.BinaryField("body")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user_id", "key_hash"], name="webservices_keyedanswer_key")]
        indexes = [models.Index(fields=["at"], name="webservices_keyedanswer_at")]

    def __str__(self):
        return f"{self.operation} {self.call_id}"
