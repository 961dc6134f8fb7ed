"""The actions on API keys (revoke, lock, unlock): on one from its page, on many from the list. All by POST."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from unfold.admin import ModelAdmin

from webservices.access import services
from webservices.access.services import KeyChanges
from webservices.models import ApiKey


@dataclass(frozen=True)
class KeyAction:
    """
    An action on API keys.

    past      the past tense of the label, for messages and the log
    has_perm  decides if this user may run it on this key
    run       runs it on the keys of these ids
    reason    why it may have been refused
    """

    label: str
    past: str
    icon: str
    has_perm: Callable[[User, ApiKey], bool]
    run: Callable[[Sequence[int], User], KeyChanges]
    reason: str


NO_PERMISSION = "somebody else has locked it, or it may do more than you"
ACTIONS: Mapping[str, KeyAction] = {
    "lock": KeyAction(
        "Lock", "Locked", "lock",
        lambda by, key: key.locked_by_id is None and services.can_change(by, key),
        lambda ids, by: services.lock_keys(ids=ids, by=by),
        f"it was revoked, {NO_PERMISSION}",
    ),
    "unlock": KeyAction(
        "Unlock", "Unlocked", "lock_open",
        services.can_unlock,
        lambda ids, by: services.unlock_keys(ids=ids, by=by),
        "only who locked a key can unlock it",
    ),
    "revoke": KeyAction(
        "Revoke", "Revoked", "block",
        services.can_revoke,
        lambda ids, by: services.revoke_keys(ids=ids, by=by, at=timezone.now()),
        f"it was revoked before, {NO_PERMISSION}",
    ),
}  # fmt: skip


class KeyActionsMixin(ModelAdmin):
    """The actions of a ModelAdmin of API keys, on its page and on its list."""

    actions = ("revoke_selected", "lock_selected", "unlock_selected")
    change_form_outer_before_template = "admin/webservices/apikey/actions.html"

    def get_urls(self):
        address = path(
            "<int:key_id>/do/<slug:name>/", self.admin_site.admin_view(self.action_view), name="webservices_apikey_do"
        )
        return [address, *super().get_urls()]

    def action_view(self, request: HttpRequest, key_id: int, name: str) -> HttpResponse:
        """Run one of ACTIONS on one key."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request) or name not in ACTIONS:
            raise PermissionDenied
        self._run(request, name, [key_id])
        return HttpResponseRedirect(reverse("admin:webservices_apikey_change", args=[key_id]))

    @admin.action(permissions=["change"], description="Revoke selected %(verbose_name_plural)s, for good")
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._run(request, "revoke", queryset.values_list("pk", flat=True))

    @admin.action(permissions=["change"], description="Lock selected %(verbose_name_plural)s")
    def lock_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._run(request, "lock", queryset.values_list("pk", flat=True))

    @admin.action(permissions=["change"], description="Unlock selected %(verbose_name_plural)s")
    def unlock_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._run(request, "unlock", queryset.values_list("pk", flat=True))

    def _run(self, request: HttpRequest, name: str, ids: Iterable[int]) -> None:
        action = ACTIONS[name]
        # The service decides again, under a lock: a permission that the page saw may be gone by now.
        result = action.run([*ids], cast(User, request.user))
        for key in result.done:
            self.log_change(request, key, f"{action.past}.")
        if result.done:
            done = ", ".join(map(str, result.done))
            self.message_user(request, f"{action.past}: {done}.", messages.SUCCESS)
        if result.refused:
            refused = ", ".join(map(str, result.refused))
            self.message_user(request, f"Not {action.past.lower()}: {refused}: {action.reason}.", messages.ERROR)

    def render_change_form(self, request, context, *args, **kwargs):
        key = context.get("original")
        if key and self.has_change_permission(request):
            actions = [(name, action) for name, action in ACTIONS.items() if action.has_perm(request.user, key)]
            context["key_actions"] = actions
        return super().render_change_form(request, context, *args, **kwargs)
