"""
The Content-Security-Policy of the testers' pages: nothing but this server's own files.

    script-src      'self' and 'unsafe-eval': the admin's look is Unfold's, whose menus are expressions that Alpine
                    makes functions of (`x-show="open"`). No script that stands in a page is run, no handler in an
                    attribute
    style-src       'self'; by its hash the style sheet that stands in the page, into which Unfold writes the site's
                    colours; and the one that CodeMirror makes for itself, by the nonce of its script
    style-src-attr  'unsafe-inline': a browser writes `style` attributes by itself when somebody types over several
                    lines of an editable place, which the editor then puts right
    img-src         'self', and data: for icons inside style sheets
"""

import re
from base64 import b64encode
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from secrets import token_urlsafe

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' {styles}; "
    "style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
STYLE = re.compile(rb'<style id="unfold-theme-colors">(.*?)</style>', re.DOTALL)


def add_csp(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, its responses with the header Content-Security-Policy."""

    @wraps(view)
    def wrapper(request: HttpRequest, *arguments: object, **keywords: object) -> HttpResponseBase:
        # The templates read it; a view that answers by another one has that one's, so it is read again afterwards.
        request.csp_nonce = token_urlsafe(16)  # type: ignore[attr-defined]
        response = view(request, *arguments, **keywords)
        # A streamed response has no content to read, and no theme.
        content = response.content if isinstance(response, HttpResponse) else b""
        styles = [f"'nonce-{request.csp_nonce}'", *hash_theme_styles(content)]  # type: ignore[attr-defined]
        response["Content-Security-Policy"] = POLICY.format(styles=" ".join(styles))
        return response

    return wrapper


def hash_theme_styles(page: bytes) -> list[str]:
    """The hash of the style sheet of the site's colours, as a policy names it; [] for a page without one."""
    # Only the first match counts: it stands in the head, before any text that a caller could have sent.
    found = STYLE.search(page)
    return [f"'sha256-{b64encode(sha256(found[1]).digest()).decode()}'"] if found else []
