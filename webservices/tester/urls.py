"""The pages of testers, inside the admin site: only staff who are signed in get there."""

from django.contrib import admin
from django.urls import path

from webservices.tester.collections import views as collections
from webservices.tester.collections.runs import views as runs
from webservices.tester.exchanges import views as exchanges
from webservices.tester.page import views as page

staff_only = admin.site.admin_view
EXCHANGE = "exchanges/<slug:call_id>/"
COLLECTION = "collections/<uuid:link>/"
RUN = f"{COLLECTION}runs/<int:number>/"

# An export's address has the form of a file in the place of `run/`, so it comes last.
urlpatterns = [
    path("test/", staff_only(page.test_page), name="webservices-test"),
    path("test/beside/", staff_only(page.side_by_side_page), name="webservices-beside"),
    path(EXCHANGE, staff_only(exchanges.exchange_detail), name="webservices-exchange"),
    path(f"{EXCHANGE}again/", staff_only(exchanges.replay_exchange), name="webservices-replay"),
    path(f"{EXCHANGE}open/", staff_only(page.open_exchange), name="webservices-open"),
    path(f"{EXCHANGE}with/<slug:other_id>/", staff_only(exchanges.exchange_comparison), name="webservices-compare"),
    path("collections/", staff_only(collections.collection_list), name="webservices-collections"),
    path("collections/keep/", staff_only(page.save_in_collection), name="webservices-keep"),
    path(COLLECTION, staff_only(collections.collection_detail), name="webservices-collection"),
    path(f"{COLLECTION}run/", staff_only(runs.start_run), name="webservices-collection-run"),
    path(RUN, staff_only(runs.run_detail), name="webservices-run"),
    path(f"{RUN}<int:place>/", staff_only(runs.result_detail), name="webservices-result"),
    path(f"{RUN}<int:place>/learn/", staff_only(runs.change_expectations), name="webservices-learn"),
    path(f"{COLLECTION}<slug:form>/", staff_only(collections.export_collection), name="webservices-collection-export"),
]
