"""
Pages of collections, in the admin's look: all of them, one with its calls, a run with its results.

Every page works as a form; a run is also told call by call to a script that asks for it (`application/x-ndjson`).
"""

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from unfold.widgets import INPUT_CLASSES

from webservices.http import address_of, is_private, peer_of
from webservices.json_text import write_json
from webservices.models import Collection, Exchange, KeptCall, Run
from webservices.site import current_operations
from webservices.testpage.blanking import blanked, without_user
from webservices.testpage.checking.keeping import compared_with_last, kept_run
from webservices.testpage.checking.lines import HELP, lines_of, lines_of_captures
from webservices.testpage.checking.running import Result
from webservices.testpage.checking.running import Run as Going
from webservices.testpage.keeping.exports import EXPORTS
from webservices.testpage.keeping.files import METHODS, Call, WrongFile, content_of, keep, read_file
from webservices.testpage.keeping.services import (
    NotKept,
    Typed,
    call_of,
    change_call,
    change_collection,
    collection_for,
    keep_call,
    make_collection,
    move_call,
)
from webservices.testpage.page import choose, page
from webservices.testpage.sending import Sender

LARGEST_FILE = 10 * 1024 * 1024
MOST_RUNS = 20
EVENTS = "application/x-ndjson"


def _shown(request: HttpRequest, template: str, title: str, **more: object) -> HttpResponse:
    classes = " ".join(each for each in INPUT_CLASSES if not each.startswith("max-w-") and each != "appearance-none")
    context = {
        **admin.site.each_context(request),
        "title": title,
        "is_fullwidth": "1",
        "input_classes": classes,
        **more,
    }
    return render(request, f"webservices/collections/{template}.html", context)


@permission_required("webservices.view_collection", raise_exception=True)
@require_http_methods(["GET", "POST"])
def collections(request: HttpRequest) -> HttpResponse:
    """All collections; new ones are made, or read from a file."""
    if request.method == "POST":
        _demand(request, "webservices.add_collection")
        try:
            made = _imported(request) if request.POST.get("do") == "import" else _made(request)
            return redirect("webservices-collection", link=made.link)
        except (NotKept, WrongFile) as problem:
            messages.error(request, str(problem))
    found = Collection.objects.select_related("owner").prefetch_related("calls", "runs")
    return _shown(request, "all", "Collections", collections=found)


def _made(request: HttpRequest) -> Collection:
    return make_collection(name=request.POST.get("name", ""), owner_id=request.user.pk)


def _imported(request: HttpRequest) -> Collection:
    file = request.FILES.get("file")
    if file is None or file.size > LARGEST_FILE:
        raise WrongFile(f"Choose a file of a collection, of at most {LARGEST_FILE // 1024**2} MB.")
    with transaction.atomic():
        return keep(read_file(file.read()), owner_id=request.user.pk)


def _demand(request: HttpRequest, permission: str) -> None:
    permission_required(permission, raise_exception=True)(lambda request: None)(request)


@permission_required("webservices.view_collection", raise_exception=True)
@require_http_methods(["GET", "POST"])
def collection(request: HttpRequest, link: str) -> HttpResponse:
    """One collection: its calls with their checks, its runs, its files."""
    found = get_object_or_404(Collection, link=link)
    if request.method == "POST":
        act, permission = ACTS.get(request.POST.get("do", ""), (None, ""))
        if act is None:
            raise Http404
        _demand(request, permission)
        try:
            return act(request, found) or redirect("webservices-collection", link=found.link)
        except NotKept as problem:
            messages.error(request, str(problem))
            found = get_object_or_404(Collection, link=link)
    calls = [{"kept": kept, **_typed_lines(kept)} for kept in found.calls.all()]
    return _shown(
        request,
        "one",
        found.name,
        collection=found,
        calls=calls,
        values="\n".join(f"{name} = {value}" for name, value in found.values.items()),
        runs=found.runs.prefetch_related("results")[:MOST_RUNS],
        exports=EXPORTS,
        methods=METHODS,
        help=HELP,
    )


def _typed_lines(kept: KeptCall) -> dict[str, str]:
    return {
        "headers": "\n".join(f"{name}: {value}" for name, value in kept.headers.items()),
        "checks": lines_of(kept.checks),
        "captures": lines_of_captures(kept.captures),
        "ignored": "\n".join(kept.ignored),
    }


def _change(request: HttpRequest, found: Collection) -> None:
    texts = {name: request.POST.get(name, "") for name in ("name", "description", "values")}
    change_collection(found, **texts)


def _delete(request: HttpRequest, found: Collection) -> HttpResponse:
    found.delete()
    messages.success(request, f"The collection {found.name} is deleted.")
    return redirect("webservices-collections")


def _call(request: HttpRequest, found: Collection) -> KeptCall:
    number = request.POST.get("call", "")
    return get_object_or_404(found.calls.select_related("collection"), pk=number if number.isdigit() else 0)


def _typed(request: HttpRequest) -> Typed:
    return Typed(**{name: request.POST.get(name, "") for name in Typed.__dataclass_fields__})


def _change_call(request: HttpRequest, found: Collection) -> None:
    change_call(_call(request, found), _typed(request))


def _add_call(request: HttpRequest, found: Collection) -> None:
    kept = KeptCall(collection=found, place=found.calls.count())
    change_call(kept, _typed(request))


def _copy_call(request: HttpRequest, found: Collection) -> None:
    kept = _call(request, found)
    same = next(call for call in content_of(found).calls if call.name == kept.name)
    keep_call(found, same)


def _delete_call(request: HttpRequest, found: Collection) -> None:
    _call(request, found).delete()


def _move_call(request: HttpRequest, found: Collection) -> None:
    move_call(_call(request, found), -1 if request.POST.get("to") == "up" else 1)


@permission_required("webservices.change_collection", raise_exception=True)
@require_POST
def keep_in_collection(request: HttpRequest) -> HttpResponse:
    """
    Keep a call in a collection, a new one if there is none of that name: that of an exchange, or the input of the page.

    collection, call-name   of what is kept
    call-id                 of an exchange; without it, what the form of the test page holds
    """
    try:
        call_id = request.POST.get("call-id", "")
        name = request.POST.get("call-name", "")
        call = _of_exchange(request, call_id, name) if call_id else _of_page(request, name)
        with transaction.atomic():
            found = collection_for(request.POST.get("collection", ""), owner_id=request.user.pk)
            kept = keep_call(found, call, call_id=call_id)
    except NotKept as problem:
        messages.error(request, str(problem))
        return redirect("webservices-collections")
    messages.success(request, f"{kept.name} is kept in {found.name}.")
    return redirect(f"{reverse('webservices-collection', args=[found.link])}#call-{kept.pk}")


def _of_exchange(request: HttpRequest, call_id: str, name: str) -> Call:
    _demand(request, "webservices.view_exchange")
    return call_of(get_object_or_404(Exchange, call_id=call_id), name=name)


def _of_page(request: HttpRequest, name: str) -> Call:
    operations = current_operations()
    chosen = choose(request.POST, operations)
    text, url = request.POST.get("input", ""), without_user(request.POST.get("url", ""))
    made_for = request.POST.get("made-for", "")
    made = next((api for api in page(chosen, operations).apis if api.name == made_for), chosen.api)
    split = urlsplit(url)
    return Call(
        name=name or made.label,
        method=request.POST.get("method", "POST"),
        target=split.path + (f"?{split.query}" if split.query else ""),
        dialect=chosen.dialect.name,
        operation=made.operation.name,
        headers={
            name.lower(): value for name, value in made.request.headers.items() if name.lower() != "authorization"
        },
        body=blanked(text, chosen.dialect.secrets),
    )


CHANGE = "webservices.change_collection"
ACTS: Mapping[str, tuple[Callable[[HttpRequest, Collection], HttpResponse | None], str]] = {
    "change": (_change, CHANGE),
    "delete": (_delete, "webservices.delete_collection"),
    "add-call": (_add_call, CHANGE),
    "change-call": (_change_call, CHANGE),
    "copy-call": (_copy_call, CHANGE),
    "delete-call": (_delete_call, CHANGE),
    "move-call": (_move_call, CHANGE),
}


@permission_required("webservices.view_collection", raise_exception=True)
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


@permission_required("webservices.add_run", raise_exception=True)
@require_POST
def run(request: HttpRequest, link: str) -> HttpResponse:
    """Run the collection as the signed-in user: told call by call to a script, else all at once."""
    found = get_object_or_404(Collection, link=link)
    sender = Sender(
        request.user.pk, request.user.get_username(), address_of(request), peer_of(request), is_private(request)
    )
    going = Going(sender, dry=request.POST.get("dry") == "on", hosts=settings.TEST_PAGE_HOSTS)
    results = kept_run(found, going, via="page")
    if EVENTS in request.headers.get("Accept", ""):
        return StreamingHttpResponse(_events(found, results), content_type=EVENTS)
    kept = [run for run, _ in results]
    return HttpResponseRedirect(_address(found, kept[0]) if kept else request.path.removesuffix("run/"))


def _events(found: Collection, results: Iterator[tuple[Run, Result]]) -> Iterator[str]:
    total = found.calls.count()
    for done, (kept, result) in enumerate(results, 1):
        told = {"done": done, "of": total, "name": result.call.name, "met": result.met, "status": result.status}
        yield write_json({**told, "results": _address(found, kept)}) + "\n"


def _address(found: Collection, kept: Run) -> str:
    return reverse("webservices-run", args=[found.link, kept.pk])


@permission_required("webservices.view_collection", raise_exception=True)
@require_GET
def results(request: HttpRequest, link: str, number: int) -> HttpResponse:
    """A run: each call's checks, beside the run before."""
    kept = get_object_or_404(Run.objects.select_related("collection"), pk=number, collection__link=link)
    compared = compared_with_last(kept)
    met = sum(each.result.met for each in compared)
    title = f"{kept.collection.name}: run of {kept.began_at:%Y-%m-%d %H:%M} UTC"
    return _shown(request, "run", title, run=kept, compared=compared, met=met, collection=kept.collection)
