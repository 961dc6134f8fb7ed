"""Deletion and (in)activation of records in the admin, through their services: one record, or many in one batch."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as confirm_deletion
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from records.admin.forms import path_speller
from records.shapes.outcomes import Outcome, Result

MAX_OBJECTS = 100
MAX_FAILURES = 5

MESSAGES: Mapping[Result, tuple[int, str]] = {
    Result.DELETED: (messages.SUCCESS, "{n} {records} deleted."),
    Result.INACTIVATED: (messages.WARNING, "{n} {records} in use: made inactive instead of deleted."),
    Result.UPDATED: (messages.SUCCESS, "{n} {records} changed."),
    Result.UNCHANGED: (messages.INFO, "{n} {records} left as they were."),
    Result.FAILED: (messages.ERROR, "{n} {records} refused: {why}"),
}


class RemovalMixin(ModelAdmin):
    """The actions of a RecordAdmin on stored records: delete, activate, deactivate."""

    actions = ("activate", "deactivate", "delete_selected")
    delete_confirmation_template = "admin/records/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/records/delete_selected_confirmation.html"

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        if "active" not in self.resource.by_name:
            actions = {name: action for name, action in actions.items() if name not in ("activate", "deactivate")}
        return actions

    @admin.action(permissions=["change"], description="Activate selected %(verbose_name_plural)s")
    def activate(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._set_active(request, queryset, "true")

    @admin.action(permissions=["change"], description="Deactivate selected %(verbose_name_plural)s")
    def deactivate(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._set_active(request, queryset, "false")

    def _set_active(self, request: HttpRequest, queryset: QuerySet, active: str) -> None:
        records = [{**self.get_key(record), "active": active} for record in queryset]
        self.report(request, self.call_service(request, self.services.update, records))

    @admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Show Django's page of confirmation; once confirmed, the service deletes or inactivates each record."""
        if not request.POST.get("post"):
            page = confirm_deletion(self, request, queryset)
            if page is not None and page.context_data is not None:
                page.context_data["can_be_inactive"] = "active" in self.resource.by_name
            return page
        if not self.has_delete_permission(request):
            raise PermissionDenied
        self.delete_queryset(request, queryset)
        return None

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.report(
            request, self.call_service(request, self.services.remove, [self.get_key(record) for record in queryset])
        )

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        # On the request: Django hands nothing from here to `response_delete`, which needs the outcome.
        (request.__dict__["removal"],) = self.call_service(request, self.services.remove, [self.get_key(obj)])

    def render_delete_form(self, request: HttpRequest, context: dict) -> HttpResponse:
        """Show the page of confirmation, which says if the record will be deleted or made inactive, or why neither."""
        preview = self._preview_removal(request, context["object"])
        if preview.failed:
            refusal = " ".join(problem.sentence(path_speller(self.resource)) for problem in preview.problems)
            context = {**context, "title": f"Cannot delete {self.opts.verbose_name}", "refusal": refusal}
        inactivates = preview.result is Result.INACTIVATED
        return super().render_delete_form(request, {**context, "inactivates": inactivates})

    def _preview_removal(self, request: HttpRequest, record: Model) -> Outcome:
        """Return the service's outcome for a removal that is rolled back."""
        with transaction.atomic():
            (outcome,) = self.call_service(request, self.services.remove, [self.get_key(record)])
            transaction.set_rollback(True)
        return outcome

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        outcome: Outcome = request.__dict__["removal"]
        if outcome.result is Result.DELETED:
            return super().response_delete(request, obj_display, obj_id)
        self.report(request, [outcome])
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj_id])
        )

    def get_deleted_objects(self, objs: QuerySet | Sequence[Model], request: HttpRequest) -> tuple:
        """
        Return what a page of confirmation lists: names, numbers by kind, missing permissions, protected objects.

        Django would follow every relation of every record; here the service decides what is in use, so the fourth list
        is empty.
        """
        number = objs.count() if isinstance(objs, QuerySet) else len(objs)
        names = [str(record) for record in objs[:MAX_OBJECTS]]
        if number > len(names):
            names.append(f"… and {number - len(names):,} more")
        missing = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return names, {self.opts.verbose_name_plural: number}, missing, []

    def report(self, request: HttpRequest, outcomes: Sequence[Outcome]) -> None:
        """Show the outcomes of a batch: one message for each kind of result."""
        numbers = Counter(outcome.result for outcome in outcomes)
        for result, (level, text) in MESSAGES.items():
            if n := numbers[result]:
                records = model_ngettext(self.opts, n)
                self.message_user(request, text.format(n=n, records=records, why=self._failures(outcomes)), level)

    def _failures(self, outcomes: Sequence[Outcome]) -> str:
        spell = path_speller(self.resource)
        failures = [f"{o.key}: {' '.join(p.sentence(spell) for p in o.problems)}" for o in outcomes if o.failed]
        more = [f"… and {len(failures) - MAX_FAILURES} more"] if len(failures) > MAX_FAILURES else []
        return "; ".join(failures[:MAX_FAILURES] + more)
