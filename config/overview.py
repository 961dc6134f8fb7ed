"""What the admin's home page shows beyond its links: how much there is, and what happened last."""

from django.http import HttpRequest

from parts.models import Part
from records.models import Change

LATEST = 8


def overview(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    """The context of the home page, with what this user may see: one query for each kind of thing."""
    may = request.user.has_perm
    if may("parts.view_part"):
        context["number_of_parts"] = Part.objects.count()
    if may("records.view_change"):
        context["latest_changes"] = list(Change.objects.defer("fields", "xact")[:LATEST])
    return context
