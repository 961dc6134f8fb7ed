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

from webservices.publishing.site_operations import current_operations
from webservices.tester.collections.assertions.lines import HELP, lines_of, lines_of_captures
from webservices.tester.collections.exports import EXPORTS
from webservices.tester.collections.files import METHODS, content_of, keep
from webservices.tester.collections.imports import read_any
from webservices.tester.collections.reopen import fields_of
from webservices.tester.collections.services import (
    Typed,
    change_call,
    change_collection,
    keep_call,
    make_collection,
    move_call,
)
from webservices.tester.compose.headers import lines_of_headers
from webservices.tester.csp import strict
from webservices.tester.errors import TesterError
from webservices.tester.http import demand, shown, typed
from webservices.tester.models import Collection, Run, RunResult, SavedCall
from webservices.views.http import address_of

LARGEST_FILE = 10 * 1024 * 1024
MOST_RUNS = 20


@strict
@permission_required("tester.view_collection", raise_exception=True)
@require_http_methods(["GET", "POST"])
def collections(request: HttpRequest) -> HttpResponse:
    """All collections; new ones are made, or read from a file."""
    if request.method == "POST":
        demand(request, "tester.add_collection")
        try:
            made = _imported(request) if request.POST.get("do") == "import" else _made(request)
            return redirect("webservices-collection", link=made.link)
        except TesterError as problem:
            messages.error(request, str(problem))
    last = Run.objects.filter(collection=OuterRef("pk")).order_by("-id").values("pk")[:1]
    found = (
        Collection.objects.select_related("owner").annotate(size=Count("calls"), last=Subquery(last)).order_by("name")
    )
    runs = Run.objects.prefetch_related(_results()).in_bulk([each.last for each in found if each.last])
    for each in found:
        each.last_run = runs.get(each.last)
    return shown(request, "collections/all", "Collections", collections=found)


def _results() -> Prefetch:
    """How each call of a run ended, without what was answered."""
    return Prefetch("results", RunResult.objects.only("run", "place", "name", "passed"))


def _made(request: HttpRequest) -> Collection:
    return make_collection(name=typed(request, "name"), owner_id=request.user.pk)


def _imported(request: HttpRequest) -> Collection:
    file = request.FILES.get("file")
    if file is None or file.size > LARGEST_FILE:
        raise TesterError(f"Choose a file of a collection, of at most {LARGEST_FILE // 1024**2} MB.")
    with transaction.atomic():
        return keep(read_any(file.read()), owner_id=request.user.pk)


@strict
@permission_required("tester.view_collection", raise_exception=True)
@require_http_methods(["GET", "POST"])
def collection(request: HttpRequest, link: str) -> HttpResponse:
    """One collection: its calls with their checks, its runs, its files."""
    found, draft = get_object_or_404(Collection, link=link), None
    if request.method == "POST":
        act, permission = ACTS.get(request.POST.get("do", ""), (None, ""))
        if act is None:
            raise Http404
        demand(request, permission)
        try:
            return act(request, found) or redirect("webservices-collection", link=found.link)
        except TesterError as problem:
            messages.error(request, str(problem))
            found, draft = get_object_or_404(Collection, link=link), (request.POST.get("call", ""), _typed(request))
    generation = current_operations().generation
    calls = [
        _with_typed(kept, draft) | {"opened": fields_of(call, generation)}
        for kept, call in zip(found.calls.all(), content_of(found).calls, strict=True)
    ]
    return shown(
        request,
        "collections/one",
        found.name,
        collection=found,
        calls=calls,
        values="\n".join(f"{name} = {value}" for name, value in found.values.items()),
        runs=found.runs.prefetch_related(_results())[:MOST_RUNS],
        exports=EXPORTS,
        new=draft[1] if draft and not draft[0] else None,
        blank=Typed("", "GET", "", checks="status = 2xx"),
        address=request.build_absolute_uri(reverse("webservices-collection", args=[found.link])),
        methods=METHODS,
        help=HELP,
    )


def _with_typed(kept: SavedCall, draft: tuple[str, Typed] | None) -> dict[str, object]:
    """A call as its form has it: as it was typed when that could not be kept."""
    if draft and draft[0] == str(kept.pk):
        return {"kept": kept, "open": True, **asdict(draft[1])}
    return {
        "kept": kept,
        **{name: getattr(kept, name) for name in ("name", "method", "target", "body")},
        "headers": lines_of_headers(kept.headers),
        "checks": lines_of(kept.checks),
        "captures": lines_of_captures(kept.captures),
        "ignored": "\n".join(kept.ignored),
    }


def _change(request: HttpRequest, found: Collection) -> None:
    texts = {name: typed(request, name) for name in ("name", "description", "values")}
    change_collection(found, **texts)


def _delete(request: HttpRequest, found: Collection) -> HttpResponse:
    found.delete()
    messages.success(request, f"The collection {found.name} is deleted.")
    return redirect("webservices-collections")


def _call(request: HttpRequest, found: Collection) -> SavedCall:
    number = request.POST.get("call", "")
    return get_object_or_404(found.calls.select_related("collection"), pk=number if number.isdigit() else 0)


def _typed(request: HttpRequest) -> Typed:
    return Typed(**{name: typed(request, name) for name in Typed.__dataclass_fields__})


def _change_call(request: HttpRequest, found: Collection) -> None:
    change_call(_call(request, found), _typed(request))


def _add_call(request: HttpRequest, found: Collection) -> None:
    kept = SavedCall(collection=found, place=found.calls.count())
    change_call(kept, _typed(request))


def _copy_call(request: HttpRequest, found: Collection) -> None:
    kept = _call(request, found)
    same = next(call for call in content_of(found).calls if call.name == kept.name)
    keep_call(found, same)


def _delete_call(request: HttpRequest, found: Collection) -> None:
    _call(request, found).delete()


def _move_call(request: HttpRequest, found: Collection) -> None:
    move_call(_call(request, found), -1 if request.POST.get("to") == "up" else 1)


CHANGE = "tester.change_collection"
ACTS: Mapping[str, tuple[Callable[[HttpRequest, Collection], HttpResponse | None], str]] = {
    "change": (_change, CHANGE),
    "delete": (_delete, "tester.delete_collection"),
    "add-call": (_add_call, CHANGE),
    "change-call": (_change_call, CHANGE),
    "copy-call": (_copy_call, CHANGE),
    "delete-call": (_delete_call, CHANGE),
    "move-call": (_move_call, CHANGE),
}


@strict
@permission_required("tester.view_collection", raise_exception=True)
@require_GET
def export(request: HttpRequest, link: str, form: str) -> HttpResponse:
    """The collection as a file, ours or another program's."""
    found = get_object_or_404(Collection, link=link)
    chosen = next((each for each in EXPORTS if each.name == form), None)
    if chosen is None:
        raise Http404
    response = HttpResponse(
        chosen.write(content_of(found), address_of(request)), content_type=f"{chosen.content_type}; charset=utf-8"
    )
    name = slugify(found.name) or "collection"
    response["Content-Disposition"] = f'attachment; filename="{name}.{chosen.suffix}"'
    return response
