"""The hub's addresses, and those of the DRF baseline beside them."""

from django.urls import include, path

from benchmarks.drf.documented import DocumentedPartsView, DocumentedPartView, NewPartView
from benchmarks.drf.documented_orders import DocumentedOrdersView
from benchmarks.drf.history import PartsWithHistoryView
from benchmarks.drf.orders import OrdersView, OrderView
from benchmarks.drf.parts import HashingPartView, PartsView, PartView

urlpatterns = [
    path("drf/parts/", PartsView.as_view()),
    path("drf/documented/parts/", DocumentedPartsView.as_view()),
    path("drf/documented/parts/new/", NewPartView.as_view()),
    path("drf/documented/parts/<number>/", DocumentedPartView.as_view()),
    path("drf/history/parts/", PartsWithHistoryView.as_view()),
    path("drf/parts/<number>/", PartView.as_view()),
    path("drf/hashing/parts/<number>/", HashingPartView.as_view()),
    path("drf/orders/", OrdersView.as_view()),
    path("drf/orders/<number>/", OrderView.as_view()),
    path("drf/documented/orders/", DocumentedOrdersView.as_view()),
    path("", include("config.urls")),
]
