"""
REST's addresses: every resource has the same three by itself, and no batches where nothing is written.

The key is routed last, as it may hold slashes.
"""

from collections.abc import Iterator

from django.urls import URLPattern, path, re_path

from records.shapes.resources import Resource
from webservices.views.rest.contract import docs, schema
from webservices.views.rest.views import RESOURCES, RecordsView, RootView
from webservices.wire.dialects.rest.names import BATCH, Entry, has_batch, segment


def addresses(resource: Resource) -> Iterator[URLPattern]:
    """`parts/`, `parts/batch/`, `parts/PUMP-100/`; the slash at the end may be left out."""
    name, view = segment(resource), RecordsView.as_view
    yield re_path(rf"^{name}/?$", view(resource=resource, entry=Entry.MANY), name=f"rest-{name}")
    if has_batch(resource):
        yield re_path(rf"^{name}/{BATCH}/?$", view(resource=resource, entry=Entry.BATCH), name=f"rest-{name}-batch")
    yield re_path(rf"^{name}/(?P<key>[\s\S]+?)/?$", view(resource=resource, entry=Entry.ONE), name=f"rest-{name}-one")


urlpatterns = [
    path("", RootView.as_view(), name="rest"),
    path("schema/", schema, name="rest-schema"),
    path("docs/", docs, name="rest-docs"),
    *(address for resource in RESOURCES.values() for address in addresses(resource)),
]
