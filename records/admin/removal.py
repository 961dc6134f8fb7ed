"""Removing and (in)activating records from the admin, through their services: one at a time, or many in one batch."""

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

from records.admin.forms import spelling
from records.shapes.outcomes import Outcome, Result

SHOWN_OBJECTS = 100
SHOWN_FAILURES = 5

SAID: Mapping[Result, tuple[int, str]] = {
    Result.DELETED: (messages.SUCCESS, "{n} {what} deleted."),
    Result.INACTIVATED: (messages.WARNING, "{n} {what} in use: made inactive instead of deleted."),
    Result.UPDATED: (messages.SUCCESS, "{n} {what} changed."),
    Result.UNCHANGED: (messages.INFO, "{n} {what} left as they were."),
    Result.FAILED: (messages.ERROR, "{n} {what} refused: {why}"),
}


class Removal:
    """What a RecordAdmin does to records that exist, besides saving them."""

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
        records = [{**self.key_of(record), "active": active} for record in queryset]
        self.report(request, self.serve(request, self.services.update, records))

    @admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Django's page asks; when the answer is yes, the service decides what becomes of each."""
        if not request.POST.get("post"):
            page = confirm_deletion(self, request, queryset)
            page.context_data["can_be_inactive"] = "active" in self.resource.by_name
            return page
        if not self.has_delete_permission(request):
            raise PermissionDenied
        self.delete_queryset(request, queryset)
        return None

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        self.report(request, self.serve(request, self.services.remove, [self.key_of(record) for record in queryset]))

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        (request.removal,) = self.serve(request, self.services.remove, [self.key_of(obj)])

    def render_delete_form(self, request: HttpRequest, context: dict) -> HttpResponse:
        """Ask, and say what will become of the record; of one that the service refuses, only say why."""
        expected = self._expected(request, context["object"])
        if expected.failed:
            refusal = " ".join(problem.sentence(spelling(self.resource)) for problem in expected.problems)
            context = {**context, "title": f"Cannot delete {self.opts.verbose_name}", "refusal": refusal}
        inactivates = expected.result is Result.INACTIVATED
        return super().render_delete_form(request, {**context, "inactivates": inactivates})

    def _expected(self, request: HttpRequest, record: Model) -> Outcome:
        """What the service would answer: it is asked, and nothing of it is kept."""
        with transaction.atomic():
            (outcome,) = self.serve(request, self.services.remove, [self.key_of(record)])
            transaction.set_rollback(True)
        return outcome

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        if request.removal.result is Result.DELETED:
            return super().response_delete(request, obj_display, obj_id)
        self.report(request, [request.removal])
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj_id])
        )

    def get_deleted_objects(self, objs: QuerySet | Sequence[Model], request: HttpRequest) -> tuple:
        """What a page of confirmation lists; nothing is protected here: the service knows what is in use."""
        number = objs.count() if isinstance(objs, QuerySet) else len(objs)
        shown = [str(record) for record in objs[:SHOWN_OBJECTS]]
        if number > len(shown):
            shown.append(f"… and {number - len(shown):,} more")
        lacking = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return shown, {self.opts.verbose_name_plural: number}, lacking, []

    def report(self, request: HttpRequest, outcomes: Sequence[Outcome]) -> None:
        """Say what became of a batch: one message for each kind of outcome."""
        numbers = Counter(outcome.result for outcome in outcomes)
        for result, (level, text) in SAID.items():
            if n := numbers[result]:
                what = model_ngettext(self.opts, n)
                self.message_user(request, text.format(n=n, what=what, why=self._failures(outcomes)), level)

    def _failures(self, outcomes: Sequence[Outcome]) -> str:
        spell = spelling(self.resource)
        failures = [f"{o.key}: {' '.join(p.sentence(spell) for p in o.problems)}" for o in outcomes if o.failed]
        more = [f"… and {len(failures) - SHOWN_FAILURES} more"] if len(failures) > SHOWN_FAILURES else []
        return "; ".join(failures[:SHOWN_FAILURES] + more)
