"""The tables of testers: collections of saved calls, their runs, and the results of those."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from records.columns import Text


class Collection(models.Model):
    """
    Calls that belong together, in their order: a tester sends them again tomorrow, or hands them to a vendor.

    link    of its page; every user who may view collections may open it
    values  by name; its calls may use them as `{{name}}`
    """

    name = Text("name", max_length=120, help_text="What is tested with it.")
    description = Text("description", max_length=2000, blank=True, default="")
    link = models.UUIDField("link", default=uuid4, editable=False)
    values = models.JSONField("values", default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", verbose_name="owner", null=True, editable=False
    )
    created_at = models.DateTimeField("created", auto_now_add=True)
    changed_at = models.DateTimeField("changed", auto_now=True)

    class Meta:
        db_table = "webservices_collection"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="webservices_collection_name"),
            models.UniqueConstraint(fields=["link"], name="webservices_collection_link"),
        ]

    def __str__(self):
        return self.name


class SavedCall(models.Model):
    """
    One call of a collection: a request without secrets, and the checks of its answer.

    target    path and query
    headers   {name: value}
    checks    that its answer must pass (`collections.assertions.checks`)
    captures  values of its answer, by name, that later calls may use
    ignored   paths of its answer that are not compared with the previous run
    call_id   of the exchange from which it was saved
    """

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="calls", verbose_name="collection")
    place = models.IntegerField("place", default=0)
    name = Text("name", max_length=120)
    dialect = Text("dialect", max_length=40, blank=True, default="")
    operation = Text("operation", max_length=80, blank=True, default="")
    method = Text("method", max_length=10, default="POST")
    target = Text("address", max_length=4000)
    headers = models.JSONField("headers", default=dict, blank=True)
    body = models.TextField("body", blank=True, default="")
    checks = models.JSONField("checks", default=list, blank=True)
    captures = models.JSONField("captures", default=list, blank=True)
    ignored = models.JSONField("ignored", default=list, blank=True)
    call_id = Text("made of call", max_length=40, blank=True, default="")

    class Meta:
        # The tables keep the names that they had before the testers' pages became an app.
        db_table = "webservices_keptcall"
        ordering = ["collection", "place", "id"]
        verbose_name = "saved call"
        constraints = [models.UniqueConstraint(fields=["collection", "name"], name="webservices_keptcall_name")]

    def __str__(self):
        return self.name


class Run(models.Model):
    """
    One run of a collection.

    via  `page` or `command`
    """

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="runs", verbose_name="collection")
    began_at = models.DateTimeField("began")
    ended_at = models.DateTimeField("ended", null=True)
    user_name = Text("by", max_length=150, blank=True, default="")
    via = Text("from", max_length=10, default="page")
    dry = models.BooleanField("dry run", default=False)

    class Meta:
        db_table = "webservices_run"
        ordering = ["-id"]
        default_permissions = ("add", "view", "delete")

    def __str__(self):
        return f"{self.collection} {self.began_at:%Y-%m-%d %H:%M}"


class RunResult(models.Model):
    """
    The result of one call of a run.

    findings  of each check: `{"check": its words, "met": true, "found": the value found}`
    answer    the body of the answer with secrets masked, compressed with zlib; null: none was saved
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="results", verbose_name="run")
    saved_call = models.ForeignKey(
        SavedCall, models.SET_NULL, related_name="results", verbose_name="saved call", null=True, editable=False,
        db_column="kept_id",
    )  # fmt: skip
    place = models.IntegerField("place", default=0)
    name = Text("name", max_length=120)
    status = models.IntegerField("status", default=0)
    duration_ms = models.FloatField("milliseconds", default=0)
    passed = models.BooleanField("passed", default=False, db_column="met")
    findings = models.JSONField("findings", default=list)
    problem = Text("problem", max_length=500, blank=True, default="")
    content_type = Text("type", max_length=200, blank=True, default="")
    answer = models.BinaryField("answer", null=True)
    call_id = Text("call id", max_length=40, blank=True, default="")

    class Meta:
        db_table = "webservices_runresult"
        ordering = ["run", "place", "id"]
        # Results come from runs alone.
        default_permissions = ("view",)
        verbose_name = "result"

    def __str__(self):
        return self.name
