"""The log of batch jobs: writes whose callers asked for a log, and the outcomes of their records."""

from django.db import models
from django.db.models import F, Q

from records.columns import Text


class BatchJob(models.Model):
    """
    One call that was logged: who called what, when, how much of it succeeded, how long it took.

    level     how much was asked for: SUMMARY, FAIL (an entry per failed record), DETAIL (one per record)
    received  null: the call failed before its records were read
    elapsed   with `cpu` and `database` in seconds, up to its answer
    problem   why the whole call failed
    """

    class Level(models.TextChoices):
        SUMMARY = "SUMMARY", "Summary"
        FAIL = "FAIL", "Failed records"
        DETAIL = "DETAIL", "All records"

    call_id = Text("call", max_length=40)
    title = Text("title", max_length=200)
    level = Text("level", max_length=10, choices=Level.choices)
    dialect = Text("dialect", max_length=40)
    operation = Text("operation", max_length=80)
    # No foreign key: the log outlives the user.
    user_id = models.IntegerField("user id")
    user_name = Text("caller", max_length=150)
    credential = Text("credential", max_length=80, blank=True)
    began = models.DateTimeField("began")
    ended = models.DateTimeField("ended")
    received = models.IntegerField("received", null=True)
    succeeded = models.IntegerField("succeeded", default=0)
    failed = models.IntegerField("failed", default=0)
    elapsed = models.FloatField("elapsed")
    cpu = models.FloatField("processor")
    database = models.FloatField("database")
    code = Text("problem code", max_length=60, blank=True)
    problem = Text("problem", max_length=500, blank=True)
    dry = models.BooleanField("dry run", default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["began"], name="webservices_batchjob_began"),
            models.Index(fields=["call_id"], name="webservices_batchjob_call"),
            models.Index(fields=["title"], name="webservices_batchjob_title"),
            models.Index(fields=["operation", "-id"], name="webservices_batchjob_operation"),
            models.Index(fields=["user_id", "-id"], name="webservices_batchjob_user"),
            models.Index(
                F("id").desc(), name="webservices_batchjob_failed", condition=Q(failed__gt=0) | ~Q(code="")
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.title} {self.call_id}"


class BatchJobEntry(models.Model):
    """
    The outcome of one record of a logged call, or the record as it was sent.

    number    which one it was, from 0
    messages  [{"code": …, "text": …}] as its caller got them
    input     {column: value} as it was sent, secrets masked; such an entry has no outcome
    """

    class Level(models.TextChoices):
        INFO = "INFO", "Info"
        WARNING = "WARNING", "Warning"
        ERROR = "ERROR", "Error"

    # No index of its own: the one below begins with the job.
    job = models.ForeignKey(BatchJob, models.CASCADE, related_name="entries", verbose_name="job", db_index=False)
    number = models.IntegerField("record")
    level = Text("level", max_length=10, choices=Level.choices)
    key = Text("key", max_length=400, blank=True)
    record_id = models.BigIntegerField("id", null=True)
    outcome = Text("outcome", max_length=20, blank=True)
    messages = models.JSONField("messages", default=list)
    input = models.TextField("input", blank=True)

    class Meta:
        verbose_name_plural = "batch job entries"
        # Nobody reads entries but with their job, whose permissions count.
        default_permissions = ()
        ordering = ["number", "id"]
        indexes = [models.Index(fields=["job", "number", "id"], name="webservices_batchjobentry_job")]

    def __str__(self):
        return f"{self.number} {self.key} {self.outcome}"
