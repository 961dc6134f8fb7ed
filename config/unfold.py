"""The frame of the admin site's pages: its name, and the sidebar with a section for each kind of work."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import lazy

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E"
    "%3Cpath d='M3 3h8v8H3zM13 13h8v8h-8z' fill='%237c3aed'/%3E"
    "%3Cpath d='M13 3h8v8h-8zM3 13h8v8H3z' fill='%23a78bfa'/%3E%3C/svg%3E"
)


def has_perm(permission: str, request: HttpRequest) -> bool:
    return request.user.has_perm(permission)


def item(title: str, icon: str, link: str, permission: str = "") -> dict[str, object]:
    """One line of the sidebar; without a permission, everyone who may enter the site sees it."""
    allowed: dict[str, Callable] = {"permission": partial(has_perm, permission)} if permission else {}
    return {"title": title, "icon": icon, "link": link, **allowed}


def section(title: str, *items: dict[str, object]) -> dict[str, object]:
    return {"title": title, "separator": True, "items": list(items)}


def page(path: str = "") -> str:
    """The address of a page of the admin site, known when it is first shown."""
    return lazy(lambda: reverse("admin:index") + path, str)()


UNFOLD = {
    "SITE_TITLE": "Counterpart",
    "SITE_HEADER": "Counterpart",
    "SITE_SUBHEADER": "Parts, customers and orders for every system",
    "SITE_SYMBOL": "hub",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": ICON}],
    "COLORS": {"primary": {"500": "oklch(68% .225 304.5)"}},  # links on dark pages: light enough to be read
    "STYLES": [lambda request: static("records/admin.css")],
    "SCRIPTS": [lambda request: static("records/htmx.js"), lambda request: static("records/confirm.js")],
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "config.overview.overview",
    "SIDEBAR": {
        "navigation": [
            {"items": [item("Home", "home", page())]},
            section(
                "Catalogue",
                item("Parts", "inventory_2", page("parts/part/"), "parts.view_part"),
                item("Customers", "apartment", page("customers/customer/"), "customers.view_customer"),
                item("Contacts", "contacts", page("customers/contact/"), "customers.view_contact"),
                item("Customer parts", "sell", page("customers/customerpart/"), "customers.view_customerpart"),
            ),
            section(
                "Orders",
                item("Sales orders", "receipt_long", page("orders/salesorder/"), "orders.view_salesorder"),
                item("Shipments", "local_shipping", page("orders/shipment/"), "orders.view_shipment"),
            ),
            section(
                "Integration Platform",
                item("Web Services", "lan", page("webservices/test/")),
                item("Collections", "folder_special", page("webservices/collections/"), "tester.view_collection"),
                item("Exchanges", "swap_horiz", page("webservices/exchange/"), "webservices.view_exchange"),
                item("Batch jobs", "checklist", page("webservices/batchjob/"), "webservices.view_batchjob"),
                item("Changes", "history", page("records/change/"), "records.view_change"),
            ),
            section(
                "Site",
                item("Countries", "public", page("customers/country/"), "customers.view_country"),
                item("States", "flag", page("customers/state/"), "customers.view_state"),
                item("Territories", "map", page("customers/territory/"), "customers.view_territory"),
                item("Customer types", "category", page("customers/customertype/"), "customers.view_customertype"),
                item("Portals", "login", page("customers/portal/"), "customers.view_portal"),
                item("Order statuses", "route", page("orders/orderstatus/"), "orders.view_orderstatus"),
                item("Languages", "translate", page("parts/language/"), "parts.view_language"),
                item("Currencies", "payments", page("parts/currency/"), "parts.view_currency"),
                item("Custom fields", "add_box", page("records/customfield/"), "records.view_customfield"),
                item("Limits", "rule", page("records/fieldrule/"), "records.view_fieldrule"),
                item("Published APIs", "api", page("webservices/publishedapi/"), "webservices.view_publishedapi"),
                item("Users", "person", page("auth/user/"), "auth.view_user"),
                item("Groups", "group", page("auth/group/"), "auth.view_group"),
                item("API keys", "key", page("webservices/apikey/"), "webservices.view_apikey"),
                item("Access tokens", "token", page("webservices/accesstoken/"), "webservices.view_accesstoken"),
            ),
        ],
    },
}
