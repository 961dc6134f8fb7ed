"""The admin of access tokens: those that have not ended, without their text; they can be revoked and nothing else."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from records.admin.base import ReadOnlyAdmin
from webservices.access import services
from webservices.models import AccessToken


@admin.register(AccessToken)
class AccessTokenAdmin(ReadOnlyAdmin):
    """The admin of access tokens; who has the rights of its user may revoke one."""

    list_display = ("id", "user", "key", "permissions", "created_at", "expires_at")
    fields = ("user", "key", "permissions", "created_at", "expires_at")
    list_select_related = ("user", "key")
    search_fields = ("user__username", "key__name", "key__prefix")
    search_help_text = "The name of a user, or the name or beginning of an API key."
    actions = ("revoke_selected",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(expires_at__gt=timezone.now())

    @admin.display(description="narrowed to", empty_value="no")
    def permissions(self, token: AccessToken) -> str | None:
        return ", ".join(token.scope) if token.scope else None

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """True if the user may revoke some: Django asks for the permission that the action names."""
        return request.user.has_perm("webservices.delete_accesstoken")

    @admin.action(permissions=["revoke"], description="Revoke selected %(verbose_name_plural)s")
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        ids = [*queryset.values_list("pk", flat=True)]
        # The service decides again: the user of a token may have got other rights since the page was shown.
        result = services.end_tokens(ids=ids, by=cast(User, request.user))
        for token in result.done:
            self.log_change(request, token, f"Revoked: {token.user}, {token.key or 'by password'}.")
        if result.done:
            self.message_user(request, f"Revoked: {len(result.done)}.", messages.SUCCESS)
        if result.refused:
            refused = ", ".join(map(str, result.refused))
            self.message_user(request, f"Not revoked: {refused}: it may do more than you.", messages.ERROR)
