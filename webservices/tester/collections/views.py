"""
Pages of collections, in the admin's look: all of them, and one with its calls. Every page works as a form.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from webservices.publishing import current_operations
from webservices.tester.collections.assertions.notation import HELP, format_captures, format_checks
from webservices.tester.collections.exports import EXPORTS
from webservices.tester.collections.files import METHODS, CallContent, read_collection, save_content
from webservices.tester.collections.imports import import_file
from webservices.tester.collections.reopen import build_form_fields
from webservices.tester.collections.services import (
    CallForm,
    create_collection,
    move_call,
    save_call,
    update_call,
    update_collection,
)
from webservices.tester.compose.headers import format_headers
from webservices.tester.errors import TesterError
from webservices.tester.http import get_text, render_page, require_permission
from webservices.tester.models import Collection, Run, RunResult, SavedCall
from webservices.views.http import server_address

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_RUNS = 20


@permission_required("tester.view_collection", raise_exception=True)
@require_http_methods(["GET", "POST"])
def collection_list(request: HttpRequest) -> HttpResponse:
    """All collections; new ones are created, or read from a file."""
    if request.method == "POST":
        require_permission(request, "tester.add_collection")
        try:
            created = _import(request) if request.POST.get("do") == "import" else _create(request)
            return redirect("webservices-collection", link=created.link)
        except TesterError as error:
            messages.error(request, str(error))
    last = Run.objects.filter(collection=OuterRef("pk")).order_by("-id").values("pk")[:1]
    found = Collection.objects.select_related("owner").annotate(size=Count("calls"), last=Subquery(last))
    collections = list(found.order_by("name"))
    # One query for the last runs of all collections, however many runs they have.
    runs = Run.objects.prefetch_related(_short_results()).in_bulk([each.last for each in collections if each.last])
    rows = [(each, runs.get(each.last)) for each in collections]
    return render_page(request, "collections/list", "Collections", rows=rows)


def _short_results() -> Prefetch:
    """The results of runs without their answers, which may be megabytes."""
    return Prefetch("results", RunResult.objects.only("run", "place", "name", "passed"))


def _create(request: HttpRequest) -> Collection:
    return create_collection(name=get_text(request, "name"), owner_id=request.user.pk)


def _import(request: HttpRequest) -> Collection:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MAX_FILE_BYTES:
        raise TesterError(f"Choose a file of a collection, of at most {MAX_FILE_BYTES // 1024**2} MB.")
    with transaction.atomic():
        return save_content(import_file(file.read()), owner_id=request.user.pk)


@permission_required("tester.view_collection", raise_exception=True)
@require_http_methods(["GET", "POST"])
def collection_detail(request: HttpRequest, link: str) -> HttpResponse:
    """One collection: its calls with their checks, its runs, its files."""
    collection = get_object_or_404(Collection, link=link)
    if request.method != "POST":
        return _render_collection(request, collection)
    action, permission = ACTIONS.get(request.POST.get("do", ""), (None, ""))
    if action is None:
        raise Http404
    require_permission(request, permission)
    try:
        return action(request, collection) or redirect("webservices-collection", link=collection.link)
    except TesterError as error:
        messages.error(request, str(error))
        # Loaded again: the failed action has left its unsaved values in the object.
        collection = get_object_or_404(Collection, link=link)
        return _render_collection(request, collection, (request.POST.get("call", ""), _read_form(request)))


def _render_collection(
    request: HttpRequest, collection: Collection, draft: tuple[str, CallForm] | None = None
) -> HttpResponse:
    """The page; `draft` is the id of a call, "" for a new one, and what was typed for it and could not be saved."""
    generation = current_operations().generation
    content = read_collection(collection)
    calls = zip(collection.calls.all(), content.calls, strict=True)
    return render_page(
        request,
        "collections/detail",
        collection.name,
        collection=collection,
        calls=[_call_context(saved, call, draft, generation) for saved, call in calls],
        values="\n".join(f"{name} = {value}" for name, value in collection.values.items()),
        runs=collection.runs.prefetch_related(_short_results())[:MAX_RUNS],
        exports=[(export, export.write(content, server_address(request))[1]) for export in EXPORTS],
        new=draft[1] if draft and not draft[0] else None,
        blank=CallForm("", "GET", "", checks="status = 2xx"),
        address=request.build_absolute_uri(reverse("webservices-collection", args=[collection.link])),
        methods=METHODS,
        help=HELP,
    )


def _call_context(
    saved: SavedCall, call: CallContent, draft: tuple[str, CallForm] | None, generation: int
) -> dict[str, object]:
    """A call as its form shows it: as it was typed when that could not be saved."""
    context = {"saved": saved, "reopen_fields": build_form_fields(call, generation)}
    if draft and draft[0] == str(saved.pk):
        return {**context, "open": True, **asdict(draft[1])}
    return {
        **context,
        **{name: getattr(saved, name) for name in ("name", "method", "target", "body")},
        "headers": format_headers(saved.headers),
        "checks": format_checks(saved.checks),
        "captures": format_captures(saved.captures),
        "ignored": "\n".join(saved.ignored),
    }


def _change(request: HttpRequest, collection: Collection) -> None:
    texts = {name: get_text(request, name) for name in ("name", "description", "values")}
    update_collection(collection, **texts)


def _delete(request: HttpRequest, collection: Collection) -> HttpResponse:
    collection.delete()
    messages.success(request, f"The collection {collection.name} is deleted.")
    return redirect("webservices-collections")


def _get_call(request: HttpRequest, collection: Collection) -> SavedCall:
    number = request.POST.get("call", "")
    # No row has the id 0: what is no number is not found, and is no error of the server.
    return get_object_or_404(collection.calls.select_related("collection"), pk=number if number.isdigit() else 0)


def _read_form(request: HttpRequest) -> CallForm:
    return CallForm(**{name: get_text(request, name) for name in CallForm.__dataclass_fields__})


def _change_call(request: HttpRequest, collection: Collection) -> None:
    update_call(_get_call(request, collection), _read_form(request))


def _add_call(request: HttpRequest, collection: Collection) -> None:
    update_call(SavedCall(collection=collection, place=collection.calls.count()), _read_form(request))


def _copy_call(request: HttpRequest, collection: Collection) -> None:
    saved = _get_call(request, collection)
    save_call(collection, next(call for call in read_collection(collection).calls if call.name == saved.name))


def _delete_call(request: HttpRequest, collection: Collection) -> None:
    _get_call(request, collection).delete()


def _move_call(request: HttpRequest, collection: Collection) -> None:
    move_call(_get_call(request, collection), -1 if request.POST.get("to") == "up" else 1)


CHANGE = "tester.change_collection"
# An action answers with a response, or with None: then the page is shown again.
ACTIONS: Mapping[str, tuple[Callable[[HttpRequest, Collection], HttpResponse | None], str]] = {
    "change": (_change, CHANGE),
    "delete": (_delete, "tester.delete_collection"),
    "add-call": (_add_call, CHANGE),
    "change-call": (_change_call, CHANGE),
    "copy-call": (_copy_call, CHANGE),
    "delete-call": (_delete_call, CHANGE),
    "move-call": (_move_call, CHANGE),
}


@permission_required("tester.view_collection", raise_exception=True)
@require_GET
def export_collection(request: HttpRequest, link: str, form: str) -> HttpResponse:
    """The collection as a file, ours or another program's."""
    collection = get_object_or_404(Collection, link=link)
    export = next((each for each in EXPORTS if each.name == form), None)
    if export is None:
        raise Http404
    text, _ = export.write(read_collection(collection), server_address(request))
    response = HttpResponse(text, content_type=f"{export.content_type}; charset=utf-8")
    name = slugify(collection.name) or "collection"
    response["Content-Disposition"] = f'attachment; filename="{name}.{export.suffix}"'
    return response
