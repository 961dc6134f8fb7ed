"""What is said to someone who saves a record that has moved on since it was shown."""

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

STALE = (
    '{who} changed this {what} on {when}, after you had opened it. Nothing was saved. <a class="underline" '
    'href="{history}">See what changed</a>, or <a class="underline" href="{page}">open it as it is now</a>.'
)


def stale_sentence(request: HttpRequest, record: models.Model) -> str:
    """Who has changed the record and when, with links to the change and to the record as it is now."""
    options = record._meta
    return format_html(
        STALE,
        who=record.changed_by or "Somebody",
        what=options.verbose_name,
        when=date_format(localtime(record.changed_at), "DATETIME_FORMAT"),
        history=reverse(f"admin:{options.app_label}_{options.model_name}_history", args=[record.pk]),
        page=reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk]),
    )
