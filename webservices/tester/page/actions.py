"""
The actions of the page's buttons, each from a posted form to the page that answers it.

Every action redacts the input that it shows again: a secret that was typed into it must not stand in a page.
"""

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.http import HttpRequest

from records.shapes.recognition import MASK
from records.shapes.values import Value
from webservices.exchanges.search import find_by_call_id
from webservices.tester.collections.files import CallContent
from webservices.tester.compose.csv_table import read_records
from webservices.tester.compose.headers import DRY, parse_headers
from webservices.tester.compose.inputs import Input, generate_from_records, generate_input
from webservices.tester.compose.redact import redact, redact_address
from webservices.tester.compose.snippets.languages import languages_for
from webservices.tester.compose.snippets.request import VARIABLE, build_snippet_request
from webservices.tester.compose.validate.inputs import validate_input
from webservices.tester.compose.validate.problem import Problem, Validation
from webservices.tester.errors import TesterError
from webservices.tester.exchanges.comparison import Comparison, compare_exchanges
from webservices.tester.http import get_sender, get_text
from webservices.tester.page.state import FormInput, Page, Selection, Snippet, build_answer_view, build_page
from webservices.tester.send.addresses import find_dialect, parse_address
from webservices.tester.send.client import Sender, send_call
from webservices.tester.send.credentials import KEY, ME, USER, get_secret, insert_credentials, read_credentials
from webservices.views.http import server_address
from webservices.wire.contracts.annotations import remove_comments
from webservices.wire.credentials import Password
from webservices.wire.dialects.base import Dialect
from webservices.wire.operations import Kind, Operations
from webservices.wire.reference.catalog import Offer

MASKED = f" In the place of {MASK} was a value that repeats a secret or looks like one: write it again."
MAX_VALIDATED = 2_000_000  # characters: a longer input is sent without being validated


def select(request: HttpRequest, selection: Selection, operations: Operations) -> Page:
    """The selection with its address; an input that is there stays."""
    # Only its address and its method are used, so no dry run has to find out why it would fail.
    generated = generate_input(
        selection.dialect, selection.api, selection.key, _user_id(request), operations, dry_run=False
    )
    return build_page(
        selection,
        operations,
        url=server_address(request) + generated.skeleton.target,
        method=generated.skeleton.method,
        text=redact(request.POST.get("input", ""), selection.dialect.secrets),
        offer_name=request.POST.get("made-for", ""),
        form=_read_form(request),
    )


def reopen(request: HttpRequest, selection: Selection, operations: Operations) -> Page:
    """The input of a call that was sent before, as its exchange or a collection stores it."""
    url = redact_address(request.POST.get("url", ""))
    text = redact(request.POST.get("input", ""), selection.dialect.secrets)
    is_masked = MASK in f"{text}{url}{request.POST.get('headers', '')}"
    return build_page(
        selection,
        operations,
        url=server_address(request) + url if url.startswith("/") else url,
        method=request.POST.get("method", "POST"),
        text=text,
        offer_name=request.POST.get("made-for", ""),
        source=f"Opened as an input; its secrets are left empty.{MASKED if is_masked else ''}",
        form=_read_form(request),
        original=request.POST.get("original", ""),
    )


def generate(request: HttpRequest, selection: Selection, operations: Operations) -> Page:
    """A new input."""
    generated = generate_input(
        selection.dialect, selection.api, selection.key, _user_id(request), operations, options=selection.options
    )
    return _build_input_page(request, selection, operations, generated)


def import_csv(request: HttpRequest, selection: Selection, operations: Operations) -> Page:
    """A new input for the rows of a pasted table, or a sentence that says what is wrong with it."""
    try:
        records = _read_table(request, selection)
        source = f"{len(records):,} record{'s' if len(records) > 1 else ''} from the table."
        # ValueError: the operation takes fewer records than the table has, or cannot name its one record.
        try:
            generated = generate_from_records(selection.dialect, selection.api, records, _user_id(request), source)
        except ValueError:
            raise TesterError(_too_many(selection, len(records))) from None
    except TesterError as error:
        form = replace(_read_form(request), table_problem=str(error))
        return build_page(selection, operations, form=form, **_redacted_fields(request, selection))
    return _build_input_page(request, selection, operations, generated)


def _read_table(request: HttpRequest, selection: Selection) -> list[dict[str, Value]]:
    if selection.api.operation.kind is not Kind.WRITE:
        raise TesterError("A table becomes records that are written: choose an operation that writes.")
    defaults = {"language": settings.DEFAULT_LANGUAGE, "currency": settings.DEFAULT_CURRENCY}
    return read_records(request.POST.get("csv", ""), selection.dialect, selection.api, defaults)


def _too_many(selection: Selection, count: int) -> str:
    if count == 1:
        return "The message cannot name the record: a column of its key is missing."
    return f"{selection.api.label} takes one record, and the table has {count:,}."


def _build_input_page(request: HttpRequest, selection: Selection, operations: Operations, generated: Input) -> Page:
    return build_page(
        selection,
        operations,
        url=server_address(request) + generated.skeleton.target,
        method=generated.skeleton.method,
        text=generated.skeleton.text,
        offer_name=selection.api.name,
        source=generated.source,
        form=_read_form(request),
    )


def strip_comments(request: HttpRequest, selection: Selection, operations: Operations) -> Page:
    """The input without its comments."""
    fields = _redacted_fields(request, selection)
    fields |= {
        "text": remove_comments(str(fields["text"]), selection.dialect.media),
        "source": "Without comments.",
    }
    return build_page(selection, operations, form=_read_form(request), **fields)


def validate(request: HttpRequest, selection: Selection, operations: Operations) -> Page:
    """The input compared with the contract."""
    validation = _validate(request, selection, operations)
    fields = _redacted_fields(request, selection)
    return build_page(selection, operations, form=_read_form(request), validation=validation, **fields)


def send(request: HttpRequest, selection: Selection, operations: Operations) -> Page:
    """The answer to the input, or a sentence why it was not sent; and the problems of the input by the contract."""
    text = request.POST.get("input", "")
    result: dict[str, object] = {}
    try:
        target = parse_address(request.POST.get("url", ""), settings.TEST_PAGE_HOSTS, here=server_address(request))
        sender = _get_sender(request)
        headers = read_headers(request, find_offer(request, selection, operations))
        response = send_call(target, request.POST.get("method", "POST"), text, headers, sender)
        result["answer"] = build_answer_view(response, text, get_secret(sender.credentials))
        result["comparison"] = _compare_with_original(request, response.call_id)
    except TesterError as error:
        result["problem"] = str(error)
    # Sent all the same when it is invalid: testers want to see how the endpoint rejects it.
    if text.strip():
        result["validation"] = _validate(request, selection, operations)
    return build_page(selection, operations, form=_read_form(request), **_redacted_fields(request, selection), **result)


def build_snippet(request: HttpRequest, selection: Selection, operations: Operations) -> Page:
    """The request as a program in the language that was selected, without sending it."""
    fields, form = _redacted_fields(request, selection), _read_form(request)
    try:
        headers = read_headers(request, find_offer(request, selection, operations))
    except TesterError as error:
        return build_page(selection, operations, form=form, problem=str(error), **fields)
    here = server_address(request)
    contract, _ = selection.dialect.contract_in(selection.tab.name, selection.api.context)
    user = form.name if form.sent_as == USER and form.name else request.user.get_username()
    snippet_request = build_snippet_request(
        selection.dialect,
        str(fields["method"]),
        urljoin(here, str(fields["url"])),
        headers,
        _insert_user(selection.dialect, str(fields["text"]), user),
        user=user,
        contract=urljoin(here, contract),
        bearer=form.sent_as == KEY,
    )
    languages = languages_for(snippet_request)
    language = next((each for each in languages if each.name == request.POST.get("language")), languages[0])
    secret = VARIABLE if snippet_request.needs_secret else ""
    snippet = Snippet(language, languages, language.write(snippet_request), secret)
    return build_page(selection, operations, form=form, snippet=snippet, **fields)


def build_call_content(request: HttpRequest, name: str, selection: Selection, operations: Operations) -> CallContent:
    """The call that the form holds, to be saved in a collection; raises TesterError."""
    offer, url = find_offer(request, selection, operations), redact_address(get_text(request, "url"))
    split = urlsplit(url)
    return CallContent(
        name=name or offer.label,
        method=request.POST.get("method", "POST"),
        target=split.path + (f"?{split.query}" if split.query else ""),
        dialect=selection.dialect.name,
        operation=offer.operation.name,
        headers=read_headers(request, offer),
        body=redact(get_text(request, "input"), selection.dialect.secrets),
    )


def _insert_user(dialect: Dialect, text: str, user: str) -> str:
    """The message with the user's name and an empty secret in its own places, where the wire has them there."""
    is_xml = dialect.media == "xml"
    body, is_inserted = (
        insert_credentials(text.encode(), Password(user, ""), dialect.tickets) if is_xml else (b"", False)
    )
    return body.decode() if is_inserted else text


def _redacted_fields(request: HttpRequest, selection: Selection) -> dict[str, object]:
    """The fields of the page that stay as they were typed, but for secrets."""
    return {
        "url": redact_address(request.POST.get("url", "")),
        "method": request.POST.get("method", "POST"),
        "offer_name": request.POST.get("made-for", ""),
        "text": redact(request.POST.get("input", ""), selection.dialect.secrets),
        "original": request.POST.get("original", ""),
    }


def _read_form(request: HttpRequest) -> FormInput:
    form = request.POST
    return FormInput(
        dry="dry" in form,
        sent_as=form.get("as", ME),
        name=form.get("as-name", "").strip(),
        table=form.get("csv", ""),
        headers=form.get("headers", ""),
    )


def find_offer(request: HttpRequest, selection: Selection, operations: Operations) -> Offer:
    """The API for which the input was generated: another one may have been selected since."""
    name = request.POST.get("made-for", "")
    return next((api for api in build_page(selection, operations).apis if api.name == name), selection.api)


def read_headers(request: HttpRequest, offer: Offer) -> dict[str, str]:
    """The headers of the API, and those that were typed, which win; raises TesterError."""
    # The skeleton's example of credentials must not go out: the sender decides whose permissions count.
    defaults = {name.lower(): value for name, value in offer.request.headers.items() if name.lower() != "authorization"}
    dry = {DRY: "true"} if "dry" in request.POST else {}
    return {**defaults, **parse_headers(request.POST.get("headers", "")), **dry}


def _compare_with_original(request: HttpRequest, call_id: str) -> Comparison | None:
    """The answer beside that of the call that the input was made of; None when it was made of none."""
    original = request.POST.get("original", "")
    # The id comes from a hidden field, which anybody may edit: reading an exchange needs its permission.
    if not original or not request.user.has_perm("webservices.view_exchange"):
        return None
    earlier, later = find_by_call_id(original), find_by_call_id(call_id)
    return compare_exchanges(earlier, later) if earlier and later else None


def _validate(request: HttpRequest, selection: Selection, operations: Operations) -> Validation | None:
    text, offer = request.POST.get("input", ""), find_offer(request, selection, operations)
    if len(text) > MAX_VALIDATED:
        return None
    try:
        target = parse_address(request.POST.get("url", ""), here=server_address(request))
        headers = read_headers(request, offer)
    except TesterError as error:
        return Validation([Problem(1, "", str(error))], has_schema=False)
    # The address decides which contract counts: it may have been edited to that of another version.
    dialect = find_dialect(target.path) or selection.dialect
    address = f"{target.path}?{target.query}" if target.query else target.path
    method = request.POST.get("method", "POST")
    context = offer.context if dialect.name == selection.dialect.name else None
    return validate_input(dialect, method, address, text, operations, offer.operation, headers, context)


def _get_sender(request: HttpRequest) -> Sender:
    return replace(get_sender(request), credentials=read_credentials(request.POST))


def _user_id(request: HttpRequest) -> int:
    return request.user.pk or 0
