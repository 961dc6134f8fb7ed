"""The pages of testers, inside the admin site: only staff who are signed in get there."""

from django.contrib import admin
from django.urls import path

from webservices.tester.collections import views as collection_views
from webservices.tester.collections.runs import views as run_views
from webservices.tester.exchanges import views as exchange_views
from webservices.tester.page import save_views as keep_views
from webservices.tester.page.views import beside_page, test_page


def inside(view):
    """The view as a page of the admin site."""
    return admin.site.admin_view(view)


urlpatterns = [
    path("test/", inside(test_page), name="webservices-test"),
    path("test/beside/", inside(beside_page), name="webservices-beside"),
    path("exchanges/<slug:call_id>/", inside(exchange_views.exchange), name="webservices-exchange"),
    path("exchanges/<slug:call_id>/again/", inside(exchange_views.replayed), name="webservices-replay"),
    path("exchanges/<slug:call_id>/with/<slug:other_id>/", inside(exchange_views.compared), name="webservices-compare"),
    path("collections/", inside(collection_views.collections), name="webservices-collections"),
    path("collections/keep/", inside(keep_views.keep_in_collection), name="webservices-keep"),
    path("collections/<uuid:link>/", inside(collection_views.collection), name="webservices-collection"),
    path("collections/<uuid:link>/run/", inside(run_views.run), name="webservices-collection-run"),
    path("collections/<uuid:link>/runs/<int:number>/", inside(run_views.results), name="webservices-run"),
    path("collections/<uuid:link>/runs/<int:number>/<int:place>/", inside(run_views.result), name="webservices-result"),
    path(
        "collections/<uuid:link>/runs/<int:number>/<int:place>/learn/",
        inside(run_views.learnt),
        name="webservices-learn",
    ),
    path("collections/<uuid:link>/<slug:form>/", inside(collection_views.export), name="webservices-collection-export"),
]
