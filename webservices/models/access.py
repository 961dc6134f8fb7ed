"""Sessions of callers and of browsers, the API keys of machines, and the access tokens that are got with them."""

from importlib import import_module

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from records.columns import Text


class Session(models.Model):
    """
    A session that a caller has opened, such as Oracle CPQ 1.0's.

    A trigger ends it when its user's password changes or the user is disabled, whoever does that.

    hash     SHA-256 of the session id, in hex; the id itself is known to its caller alone
    key      the API key that has opened it: it allows what the key allows, and ends with it
    minutes  how long it lasts without being used; null: as the setting SESSION_MINUTES says
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
        # Also those of actions that have no model: a permission needs some content type, and this is the nearest.
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


class SiteSession(AbstractBaseSession):
    """
    A browser's session with the admin site, in the form of Django's own.

    A trigger ends it when its user's password changes, and when the user is disabled or enabled, whoever does that.

    user         null: nobody has signed in yet
    expire_date  moved on at most once a minute
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="user", null=True, blank=True
    )

    class Meta:
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls):
        return import_module(settings.SESSION_ENGINE).SessionStore  # it imports this module


class Disablement(models.Model):
    """
    The number of times that a user was disabled, counted by a trigger, whoever does that; without a row: never.

    It is part of what a proof of the password is (`webservices.access.users.PROOF`).
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="user", primary_key=True
    )
    number = models.PositiveIntegerField("number")

    class Meta:
        default_permissions = ()


class UsedNonce(models.Model):
    """
    A nonce of a UsernameToken that was taken, which no other call may bring.

    hash        SHA-256 of the user's id and the nonce, in hex
    call_key    the same of his id and the idempotency key of the call that brought it, which may come again, for it
                is done once
    expires_at  when the row may be deleted
    """

    hash = Text("hash", max_length=64, primary_key=True)
    call_key = Text("idempotency key", max_length=255, blank=True, default="")
    expires_at = models.DateTimeField("end")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at"], name="webservices_usednonce_end")]


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


class AccessToken(models.Model):
    """
    A bearer token of the token endpoint, which stands for an API key or a user for a while.

    A trigger ends it when its user is disabled or, if no key stands behind it, when the password changes.

    hash   SHA-256 of the token, in hex; that itself is known to its caller alone
    key    the API key that it was got with: it allows what the key allows, and ends with it; null: a password
    scope  names of the permissions that it is narrowed to; null: it is not
    """

    hash = Text("hash", max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="acts as")
    key = models.ForeignKey("ApiKey", models.CASCADE, related_name="+", verbose_name="API key", null=True, blank=True)
    scope = ArrayField(Text(max_length=200), verbose_name="scope", null=True, blank=True)
    created_at = models.DateTimeField("given")
    expires_at = models.DateTimeField("expires")

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view", "delete")
        constraints = [models.UniqueConstraint(fields=["hash"], name="webservices_accesstoken_hash")]
        indexes = [models.Index(fields=["expires_at"], name="webservices_accesstoken_end")]

    def __str__(self):
        return f"access token {self.pk}"
