"""What the admin's home page shows beyond its links: how much there is, and what happened last."""

from django.http import HttpRequest

from config.addresses import DOCUMENTATION
from parts.models import Part
from records.models import Change
from webservices.models import Exchange

LATEST = 6

OF_EXCHANGE = ("at", "operation", "dialect", "user_name", "status", "path")


def overview(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    """The context of the home page, with what this user may see: one query for each kind of thing."""
    may = request.user.has_perm
    context |= {"title": "Home", "documentation": DOCUMENTATION}
    if may("parts.view_part"):
        number = Part.objects.count()
        context["number_of_parts"] = f"{number:,} {'part' if number == 1 else 'parts'}"
    if may("records.view_change"):
        context["latest_changes"] = list(Change.objects.defer("fields", "xact")[:LATEST])
    if may("webservices.view_exchange"):
        context["latest_exchanges"] = list(Exchange.objects.only(*OF_EXCHANGE)[:LATEST])
    return context
