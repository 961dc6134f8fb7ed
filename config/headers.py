"""
The headers of every answer, in one table: by what the answer is, whoever made it.

    what it is                  Content-Security-Policy   Cache-Control, where the view says nothing
    page of the admin site      ADMIN                     no-store
    page with scripts           SCRIPTS                   no-store, private and no-cache with an ETag
    any other page              PAGE                      the same
    XML                         XML                       the same
    anything else               MESSAGE                   the same
    nothing new (304)           none                      the same
    answer of the web server    MESSAGE                   no-store

All have EVERYWHERE; who came over TLS gets Strict-Transport-Security too, where the setting HTTPS says so. An answer
that is no page is a message, a contract, a file, words: a browser that is made to show it runs and loads nothing.

    XML      what browsers themselves put into XML to show it: a style sheet, and arrows
    ADMIN    its look is Unfold's, whose menus are expressions that Alpine makes functions of (`x-show="open"`), hence
             'unsafe-eval'; Alpine's build without it knows no arrow functions, which Unfold's templates have. No script
             that stands in a page is run, no handler in an attribute. Of style sheets that stand in a page: Unfold's
             with the site's colours, by its hash, and the one that CodeMirror makes, by the nonce of its script.
             `style` attributes: Unfold writes them, and browsers do when somebody types into an editable place
    SCRIPTS  this server's own, in files: Swagger UI, DRF's pages, Expandable's console
    PAGE     no script at all
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from http import HTTPStatus
from secrets import token_urlsafe

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, ResponseHeaders
from django.urls import reverse_lazy

from webservices.wire.dialects.expandable.names import HELP
from webservices.wire.dialects.rest.names import BASE

Handler = Callable[[HttpRequest], HttpResponseBase]

CSP = "Content-Security-Policy"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

MESSAGE = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
XML = MESSAGE | {"style-src": "'unsafe-inline'", "img-src": "data:"}
PAGE = MESSAGE | {"style-src": "'self'", "img-src": "'self' data:", "font-src": "'self'"}
SCRIPTS = PAGE | {"script-src": "'self'", "connect-src": "'self'", "form-action": "'self'"}
ADMIN = SCRIPTS | {"script-src": "'self' 'unsafe-eval'", "style-src-attr": "'unsafe-inline'"}
PAGES = ((reverse_lazy("admin:index"), ADMIN), (BASE, SCRIPTS), (HELP, SCRIPTS), ("/", PAGE))  # the first that fits

DEBUG_PAGES = (HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR)  # Django's own, with scripts in them
THEME = re.compile(rb'<style id="unfold-theme-colors">(.*?)</style>', re.DOTALL)


def format_policy(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


MESSAGE_POLICY, XML_POLICY = format_policy(MESSAGE), format_policy(XML)
SERVER_HEADERS = EVERYWHERE | {CSP: MESSAGE_POLICY, "Cache-Control": "no-store"}


class Nonce:
    """A word for one answer, which counts once a template has written it."""

    text = ""

    def __str__(self) -> str:
        self.text = self.text or token_urlsafe(16)
        return self.text


def headers_middleware(get_response: Handler) -> Handler:
    """Return the middleware that adds the table's headers, where the answer has none of the name."""
    subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    hsts = f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}" if settings.HTTPS else ""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Templates may give it to a script, which then gives it to the style sheet that it makes.
        nonce = request.csp_nonce = Nonce()  # type: ignore[attr-defined]  # a page's templates find it there
        response = get_response(request)
        add_headers(response.headers, write_policy(request, response, nonce.text))
        if hsts and request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", hsts)
        # Django's own middleware adds it for pages; without it a body travels in chunks, as streams do.
        if isinstance(response, HttpResponse) and response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    return middleware


def add_headers(headers: dict[str, str] | ResponseHeaders, policy: str) -> None:
    """Add what any answer has, where it has none of the name; `policy`: "" for none."""
    for name, value in EVERYWHERE.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "private, no-cache" if "ETag" in headers else "no-store")
    if policy:
        headers.setdefault(CSP, policy)


def find_message_policy(status: int, content_type: str) -> str:
    """Return the policy of an answer that is no page; "" for none."""
    # A browser puts the headers of a 304 in the place of those that it has stored with the page.
    if status == HTTPStatus.NOT_MODIFIED:
        return ""
    return XML_POLICY if "xml" in content_type else MESSAGE_POLICY


def write_policy(request: HttpRequest, response: HttpResponseBase, nonce: str) -> str:
    """Return the policy of an answer, whose templates have used this nonce ("": none); "" for no policy."""
    status, content_type = response.status_code, response.headers.get("Content-Type", "")
    if settings.DEBUG and status in DEBUG_PAGES:
        return ""
    if status == HTTPStatus.NOT_MODIFIED or not content_type.startswith("text/html"):
        return find_message_policy(status, content_type)
    policy = next(policy for prefix, policy in PAGES if request.path.startswith(str(prefix)))
    if policy is ADMIN:
        policy = policy | {"style-src": " ".join([policy["style-src"], *list_styles(response, nonce)])}
    return format_policy(policy)


def list_styles(response: HttpResponseBase, nonce: str) -> Iterator[str]:
    """List what a policy calls the style sheets of this one page: that of the site's colours, that of an editor."""
    # Only the first match counts: it stands before any text that a caller could have sent. What is streamed has none.
    if isinstance(response, HttpResponse) and (found := THEME.search(response.content)):
        yield f"'sha256-{b64encode(sha256(found[1]).digest()).decode()}'"
    if nonce:
        yield f"'nonce-{nonce}'"
