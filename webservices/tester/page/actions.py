"""
What the buttons of the page do: from what was posted to what is shown.
"""

from dataclasses import replace
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest

from webservices.exchanges.search import by_call
from webservices.tester.compose.csv_table import records_of
from webservices.tester.compose.headers import DRY, headers_from
from webservices.tester.compose.inputs import generate, generate_from
from webservices.tester.compose.redact import blanked, without_user
from webservices.tester.compose.snippets.languages import languages_for, request_of
from webservices.tester.compose.snippets.request import VARIABLE
from webservices.tester.compose.validate import inputs
from webservices.tester.errors import TesterError
from webservices.tester.exchanges.comparison import Comparison, compare
from webservices.tester.http import sender_of
from webservices.tester.page.content import Built, Chosen, Page, Typed, page, show
from webservices.tester.send import addresses
from webservices.tester.send.client import Sender, send
from webservices.tester.send.credentials import KEY, ME, USER, in_message, presented, secret_of
from webservices.tester.send.routing import service_at
from webservices.views.http import address_of
from webservices.wire.contracts.annotations import without_comments
from webservices.wire.credentials import Password
from webservices.wire.dialects.base import Dialect
from webservices.wire.operations import Operations
from webservices.wire.reference.catalog import Offer

LONGEST_CHECKED = 2_000_000  # characters


def untouched(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """What is chosen, with its address; an input that is there stays."""
    made = generate(chosen.dialect, chosen.api, chosen.key, request.user.pk, operations, tried=False).skeleton
    return page(
        chosen,
        operations,
        url=address_of(request) + made.target,
        method=made.method,
        text=blanked(request.POST.get("input", ""), chosen.dialect.secrets),
        made_for=request.POST.get("made-for", ""),
        typed=_typed(request),
    )


def opened(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """An input that was made elsewhere: that of an exchange, as it was kept."""
    text, url = request.POST.get("input", ""), without_user(request.POST.get("url", ""))
    return page(
        chosen,
        operations,
        url=address_of(request) + url if url.startswith("/") else url,
        method=request.POST.get("method", "POST"),
        text=blanked(text, chosen.dialect.secrets),
        made_for=request.POST.get("made-for", ""),
        made_from="Opened as an input; its secrets are left empty.",
        typed=_typed(request),
        original=request.POST.get("original", ""),
    )


def generated(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """A new input."""
    made = generate(chosen.dialect, chosen.api, chosen.key, request.user.pk, operations, wish=chosen.wish)
    return _with_input(request, chosen, operations, made)


def tabled(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """A new input for the rows of a pasted table, or a sentence that says what is wrong with it."""
    try:
        records = _records(request, chosen)
        source = f"{len(records):,} record{'s' if len(records) > 1 else ''} from the table."
        try:
            made = generate_from(chosen.dialect, chosen.api, records, request.user.pk, source)
        except ValueError:
            raise TesterError(_too_many(chosen, operations, len(records))) from None
    except TesterError as wrong:
        typed = replace(_typed(request), wrong_table=str(wrong))
        return page(chosen, operations, typed=typed, **_kept(request, chosen))
    return _with_input(request, chosen, operations, made)


def _records(request: HttpRequest, chosen: Chosen) -> list[dict[str, object]]:
    if not chosen.api.operation.writes:
        raise TesterError("A table becomes records that are written: choose an operation that writes.")
    usual = {"language": settings.DEFAULT_LANGUAGE, "currency": settings.DEFAULT_CURRENCY}
    return records_of(request.POST.get("csv", ""), chosen.dialect, chosen.api, usual)


def _too_many(chosen: Chosen, operations: Operations, count: int) -> str:
    if count == 1:
        return "The message cannot name the record: a column of its key is missing."
    return f"{chosen.api.label} takes one record, and the table has {count:,}."


def _with_input(request: HttpRequest, chosen: Chosen, operations: Operations, made) -> Page:
    return page(
        chosen,
        operations,
        url=address_of(request) + made.skeleton.target,
        method=made.skeleton.method,
        text=made.skeleton.text,
        made_for=chosen.api.name,
        made_from=made.made_from,
        typed=_typed(request),
    )


def bared(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """The input without its comments."""
    kept = _kept(request, chosen)
    text = without_comments(kept.pop("text"), chosen.dialect.media)
    return page(chosen, operations, typed=_typed(request), text=text, made_from="Without comments.", **kept)


def held(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """What the contract says of the input."""
    checked = _checked(request, chosen, operations)
    return page(chosen, operations, typed=_typed(request), checked=checked, **_kept(request, chosen))


def answered(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """The answer to the input, or a sentence that says why it was not sent; and what the contract says of the input."""
    text = request.POST.get("input", "")
    said: dict[str, object] = {}
    try:
        target = addresses.address_of(request.POST.get("url", ""), settings.TEST_PAGE_HOSTS, here=address_of(request))
        sender = _sender(request)
        headers = headers_of(request, _made(request, chosen, operations))
        sent = send(target, request.POST.get("method", "POST"), text, headers, sender)
        said["shown"] = show(sent, text, secret_of(sender.presents))
        said["compared"] = _compared(request, sent.call_id)
    except TesterError as refusal:
        said["problem"] = str(refusal)
    checked = _checked(request, chosen, operations) if text.strip() else None
    return page(chosen, operations, typed=_typed(request), checked=checked, **_kept(request, chosen), **said)


def built(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """The request as a program in the language that was asked for, without sending it."""
    kept = _kept(request, chosen)
    try:
        headers = headers_of(request, _made(request, chosen, operations))
    except TesterError as wrong:
        return page(chosen, operations, typed=_typed(request), problem=str(wrong), **kept)
    contract, _ = chosen.dialect.contract(chosen.tab.name)
    typed = _typed(request)
    user = typed.name if typed.sent_as == USER and typed.name else request.user.get_username()
    asked = request_of(
        chosen.dialect,
        str(kept["method"]),
        urljoin(address_of(request), str(kept["url"])),
        headers,
        _naming(chosen.dialect, str(kept["text"]), user),
        user=user,
        contract=urljoin(address_of(request), contract),
        bearer=typed.sent_as == KEY,
    )
    languages = languages_for(asked)
    language = next((each for each in languages if each.name == request.POST.get("language")), languages[0])
    secret = VARIABLE if asked.needs_secret else ""
    shown = Built(language, languages, language.write(asked), secret)
    return page(chosen, operations, typed=typed, built=shown, **kept)


def _naming(dialect: Dialect, text: str, user: str) -> str:
    """The message with the user's name and an empty secret in its own places, where the wire has them there."""
    in_body = dialect.media == "xml"
    named, placed = in_message(text.encode(), Password(user, ""), dialect.tickets) if in_body else (b"", False)
    return named.decode() if placed else text


def _kept(request: HttpRequest, chosen: Chosen) -> dict[str, object]:
    """What stays as it was typed, but for secrets."""
    return {
        "url": without_user(request.POST.get("url", "")),
        "method": request.POST.get("method", "POST"),
        "made_for": request.POST.get("made-for", ""),
        "text": blanked(request.POST.get("input", ""), chosen.dialect.secrets),
        "original": request.POST.get("original", ""),
    }


def _typed(request: HttpRequest) -> Typed:
    asked = request.POST
    name, table = asked.get("as-name", "").strip(), asked.get("csv", "")
    return Typed("dry" in asked, asked.get("as", ME), name, table, headers=asked.get("headers", ""))


def _made(request: HttpRequest, chosen: Chosen, operations: Operations) -> Offer:
    """What the input was made for, which need not be what is chosen meanwhile."""
    made_for = request.POST.get("made-for", "")
    return next((api for api in page(chosen, operations).apis if api.name == made_for), chosen.api)


def headers_of(request: HttpRequest, offer: Offer) -> dict[str, str]:
    """Those that the API needs, those that were typed in their place or beside them; raises TesterError."""
    usual = {name.lower(): value for name, value in offer.request.headers.items() if name.lower() != "authorization"}
    dry = {DRY: "true"} if "dry" in request.POST else {}
    return {**usual, **headers_from(request.POST.get("headers", "")), **dry}


def _compared(request: HttpRequest, call_id: str) -> Comparison | None:
    """The answer beside that of the call that the input was made of; None when it was made of none."""
    original = request.POST.get("original", "")
    if not original or not request.user.has_perm("webservices.view_exchange"):
        return None
    earlier, later = by_call(original), by_call(call_id)
    return compare(earlier, later) if earlier and later else None


def _checked(request: HttpRequest, chosen: Chosen, operations: Operations) -> inputs.Checked | None:
    text, offer = request.POST.get("input", ""), _made(request, chosen, operations)
    if len(text) > LONGEST_CHECKED:
        return None
    try:
        target = addresses.address_of(request.POST.get("url", ""), here=address_of(request))
        headers = headers_of(request, offer)
    except TesterError as refusal:
        return inputs.Checked([inputs.Problem(1, "", str(refusal))], described=False)
    dialect = service_at(target.path) or chosen.dialect
    where = f"{target.path}?{target.query}" if target.query else target.path
    method = request.POST.get("method", "POST")
    return inputs.checked(dialect, method, where, text, operations, offer.operation, headers)


def _sender(request: HttpRequest) -> Sender:
    return replace(sender_of(request), presents=presented(request.POST))
