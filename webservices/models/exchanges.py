"""The exchanges: every request of a caller, with its response."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from records.columns import Text


class Exchange(models.Model):
    """
    One request of a caller and the response it got.

    request_body, response_body  as they were written, secrets masked, in UTF-8, compressed with zlib; null: not stored,
                                 the note says why
    request_encoding             in which the request came (`exchanges.masking.encode_text`); "": UTF-8
    request_headers              those that change its meaning (`exchanges.headers`)
    request_hash                 SHA-256 of the request, in hex, when its body is not stored as it came
    keys                         of the records in it, the first 100
    outcomes                     of the first 100 records and of 100 more that failed (`exchanges.outcomes`)
    cpu_ms, database_ms          of the duration, as far as it was measured
    problem                      the first problem of a call that failed, or of its first failed record
    replay_of                    the call whose stored answer was sent again, as both had one idempotency key
    """

    call_id = Text("call", max_length=40)
    at = models.DateTimeField("when")
    duration_ms = models.FloatField("milliseconds")
    dialect = Text("dialect", max_length=40)
    operation = Text("operation", max_length=80, blank=True)
    user_id = models.IntegerField("user id", null=True)
    user_name = Text("caller", max_length=150, blank=True)
    credential = Text("credential", max_length=80, blank=True)
    peer = Text("from", max_length=64, blank=True)
    method = Text("method", max_length=10)
    path = Text("address", max_length=2000)
    status = models.SmallIntegerField("status")
    code = Text("problem code", max_length=60, blank=True)
    problem = Text("problem", max_length=500, blank=True)
    dry = models.BooleanField("dry run", default=False)
    replay_of = Text("answered as the call", max_length=40, blank=True, default="", db_default="")

    records_in = models.IntegerField("records sent", default=0)
    created = models.IntegerField("created", default=0)
    updated = models.IntegerField("updated", default=0)
    unchanged = models.IntegerField("unchanged", default=0)
    deleted = models.IntegerField("deleted", default=0)
    inactivated = models.IntegerField("inactivated", default=0)
    failed = models.IntegerField("failed", default=0)
    returned = models.IntegerField("returned", default=0)
    keys = ArrayField(Text(max_length=400), verbose_name="keys", default=list, blank=True)
    outcomes = models.JSONField("outcomes", default=list, blank=True)
    cpu_ms = models.FloatField("processor, milliseconds", null=True)
    database_ms = models.FloatField("database, milliseconds", null=True)

    request_headers = models.JSONField("request headers", default=dict, blank=True)
    request_type = Text("request type", max_length=200, blank=True)
    request_size = models.IntegerField("request size", help_text="In bytes, before any compression.")
    request_encoding = Text("request encoding", max_length=20, blank=True, default="")
    request_hash = Text("request hash", max_length=64, blank=True)
    request_body = models.BinaryField("request", null=True)
    request_note = Text("request note", max_length=300, blank=True)
    response_type = Text("response type", max_length=200, blank=True)
    response_size = models.IntegerField("response size", help_text="In bytes.")
    response_body = models.BinaryField("response", null=True)
    response_note = Text("response note", max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at"], name="webservices_exchange_at"),
            models.Index(fields=["call_id"], name="webservices_exchange_call"),
            models.Index(fields=["operation", "-id"], name="webservices_exchange_operation"),
            models.Index(fields=["dialect", "-id"], name="webservices_exchange_dialect"),
            models.Index(fields=["user_id", "-id"], name="webservices_exchange_user"),
            GinIndex(fields=["keys"], name="webservices_exchange_keys"),
            models.Index(fields=["code", "at"], name="webservices_exchange_code", condition=~Q(code="")),
            models.Index(fields=["status", "-id"], name="webservices_exchange_status", condition=Q(status__gt=200)),
            models.Index(fields=["-id"], name="webservices_exchange_refused", condition=Q(status__gte=400)),
            models.Index(fields=["-id"], name="webservices_exchange_partly", condition=Q(failed__gt=0)),
            models.Index(fields=["-id"], name="webservices_exchange_dry", condition=Q(dry=True)),
            *(
                models.Index(fields=["-id"], name=f"webservices_exchange_{name[:9]}", condition=Q(**{f"{name}__gt": 0}))
                for name in ("created", "updated", "unchanged", "deleted", "inactivated")
            ),
        ]

    def __str__(self):
        return f"{self.operation or self.path} {self.call_id}"
