"""Revoking, locking and unlocking API keys: one from its page, many from the list. All by POST."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone

from webservices.access import services
from webservices.access.services import KeyChanges
from webservices.models import ApiKey


@dataclass(frozen=True)
class Act:
    """
    What can be done to keys beside changing them.

    may   whether this user may do it to this key
    run   does it, to the keys of these ids
    why   why it may have been refused
    """

    label: str
    said: str
    icon: str
    has_perm: Callable[[User, ApiKey], bool]
    run: Callable[[Sequence[int], User], KeyChanges]
    why: str


HELD = "somebody else has locked it, or it may do more than you"
ACTS: Mapping[str, Act] = {
    "lock": Act(
        "Lock", "Locked", "lock",
        lambda by, key: key.locked_by_id is None and services.can_change(by, key),
        lambda ids, by: services.lock_keys(ids=ids, by=by),
        f"it was revoked, {HELD}",
    ),
    "unlock": Act(
        "Unlock", "Unlocked", "lock_open",
        services.can_unlock,
        lambda ids, by: services.unlock_keys(ids=ids, by=by),
        "only who locked a key can unlock it",
    ),
    "revoke": Act(
        "Revoke", "Revoked", "block",
        services.can_revoke,
        lambda ids, by: services.revoke_keys(ids=ids, by=by, at=timezone.now()),
        f"it was revoked before, {HELD}",
    ),
}  # fmt: skip


class Acts:
    """What a ModelAdmin of API keys does beside saving them."""

    actions = ("revoke_selected", "lock_selected", "unlock_selected")
    change_form_outer_before_template = "admin/webservices/apikey/acts.html"

    def get_urls(self):
        address = path(
            "<int:key_id>/do/<slug:name>/", self.admin_site.admin_view(self.act), name="webservices_apikey_do"
        )
        return [address, *super().get_urls()]

    def act(self, request: HttpRequest, key_id: int, name: str) -> HttpResponse:
        """Do one of ACTS to one key."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request) or name not in ACTS:
            raise PermissionDenied
        self._act(request, name, [key_id])
        return HttpResponseRedirect(reverse("admin:webservices_apikey_change", args=[key_id]))

    @admin.action(permissions=["change"], description="Revoke selected %(verbose_name_plural)s, for good")
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._act(request, "revoke", queryset.values_list("pk", flat=True))

    @admin.action(permissions=["change"], description="Lock selected %(verbose_name_plural)s")
    def lock_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._act(request, "lock", queryset.values_list("pk", flat=True))

    @admin.action(permissions=["change"], description="Unlock selected %(verbose_name_plural)s")
    def unlock_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._act(request, "unlock", queryset.values_list("pk", flat=True))

    def _act(self, request: HttpRequest, name: str, ids: Sequence[int]) -> None:
        act = ACTS[name]
        result = act.run([*ids], request.user)
        for key in result.done:
            self.log_change(request, key, f"{act.said}.")
        if result.done:
            said = ", ".join(map(str, result.done))
            self.message_user(request, f"{act.said}: {said}.", messages.SUCCESS)
        if result.refused:
            refused = ", ".join(map(str, result.refused))
            self.message_user(request, f"Not {act.said.lower()}: {refused}: {act.why}.", messages.ERROR)

    def render_change_form(self, request, context, *args, **kwargs):
        key = context.get("original")
        if key and self.has_change_permission(request):
            context["acts"] = [(name, act) for name, act in ACTS.items() if act.has_perm(request.user, key)]
        return super().render_change_form(request, context, *args, **kwargs)
