"""The tables of the doors: what was exchanged, who has a session, and the keys of machines."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from records.columns import Text
from webservices.models.jobs import BatchJob, BatchJobEntry
from webservices.models.publishing import PublishedApi, PublishedColumn, PublishedCriterion, PublishedParameter

__all__ = [  # Django finds its models here
    "ApiKey",
    "BatchJob",
    "BatchJobEntry",
    "Exchange",
    "PublishedApi",
    "PublishedColumn",
    "PublishedCriterion",
    "PublishedParameter",
    "Session",
]


class Exchange(models.Model):
    """
    One request of a caller and the response it got.

    request_body, response_body  UTF-8 with secrets masked, compressed with zlib; null: not kept, the note says why
    request_headers              those that say how the call is meant (`exchanges.headers`)
    request_hash                 SHA-256 of the request, in hex, when its body is not kept as it came
    keys                         of the records in it, the first 100
    outcomes                     of the first 100 records and of 100 more that failed (`exchanges.outcomes`)
    cpu_ms, database_ms          of the duration, as far as it was measured
    problem                      the first problem of a call that failed, or of its first failed record
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


class Session(models.Model):
    """
    A session that a caller has opened, such as Oracle CPQ 1.0's.

    A trigger ends it when its user's password changes or the user is disabled, whoever does that.

    hash     SHA-256 of the session id, in hex; the id itself is known to its caller alone
    key      the API key that has opened it: it allows what the key allows, and ends with it
    minutes  how long it lives without being used; null: as the setting SESSION_MINUTES says
    used_at  moved on at most once a minute
    """

    hash = Text("hash", max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="user")
    key = models.ForeignKey("ApiKey", models.CASCADE, related_name="+", verbose_name="API key", null=True, blank=True)
    minutes = models.PositiveIntegerField("minutes", null=True, blank=True)
    currency = Text("currency", max_length=3, blank=True, default="")
    opened_at = models.DateTimeField("opened")
    used_at = models.DateTimeField("last used")

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        permissions = [
            ("open_session", "Can open a session"),
            ("close_session", "Can close a session"),
            ("set_currency_of_session", "Can set the currency of a session"),
            ("view_own_user", "Can see who is signed in to a session"),
            ("get_auth_token", "Can get an auth token"),
            ("sign_in_portal_user", "Can sign contacts in to their portals"),
            ("view_fields", "Can see what fields records have"),
            ("view_picklists", "Can see what picklists hold"),
        ]
        constraints = [models.UniqueConstraint(fields=["hash"], name="webservices_session_hash")]
        indexes = [models.Index(fields=["used_at"], name="webservices_session_used")]

    def __str__(self):
        return f"session {self.pk}"


class ApiKey(models.Model):
    """
    A machine's way in: a bearer token that acts as a user, narrowed to the operations that it lists.

    prefix      the beginning of the token, by which it is found and by which changes and exchanges name it
    hash        of the rest of the token; that itself is known to its holder alone
    operations  names of operations, `parts.find`
    locked_by   the only user who may change or delete it
    used_at     moved on at most once a minute
    """

    name = Text("name", max_length=80, help_text="What uses it, such as ERP, nightly.")
    description = Text("description", max_length=400, blank=True)
    prefix = Text("prefix", max_length=20, editable=False)
    hash = Text("hash", editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="acts as",
        help_text="It may do what this user may do, as far as it lists the operation.",
    )  # fmt: skip
    operations = ArrayField(Text(max_length=80), verbose_name="operations", default=list)
    expires_at = models.DateTimeField("expires", null=True, blank=True, help_text="In UTC; blank: never.")
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", verbose_name="locked by",
        null=True, blank=True, editable=False,
    )  # fmt: skip
    used_at = models.DateTimeField("last used", null=True, editable=False)
    created_at = models.DateTimeField("created", editable=False)
    created_by = Text("created by", max_length=150, editable=False)
    revoked_at = models.DateTimeField("revoked", null=True, editable=False)
    revoked_by = Text("revoked by", max_length=150, blank=True, default="", editable=False)

    class Meta:
        verbose_name = "API key"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["prefix"], name="webservices_apikey_prefix"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(revoked_at=None), name="webservices_apikey_name",
                violation_error_message="A key of this name is in use.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.name} ({self.prefix})"
