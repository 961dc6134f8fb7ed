"""System checks: no page of the admin writes records past the services."""

from django.contrib import admin
from django.core import checks

from records.models import Record
from records.shapes.fields import Kind

AROUND_SERVICES = "webservices.E010"
LOST_INLINE = "webservices.E011"


@checks.register(checks.Tags.admin)
def check_admin(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Check the pages of the site's admin."""
    return check_pages(admin.site)


def check_pages(site: admin.AdminSite) -> list[checks.CheckMessage]:
    """Check that pages on records' tables are RecordAdmins, and their inlines RecordInlines on fields of theirs."""
    from records.admin import RecordAdmin

    pages = list(site._registry.values())
    record_pages = [page for page in pages if isinstance(page, RecordAdmin)]
    tables = {table for page in record_pages for table in _child_tables(page)}
    errors: list[checks.CheckMessage] = [
        _around_services(page)
        for page in pages
        if not isinstance(page, RecordAdmin) and (issubclass(page.model, Record) or page.model in tables)
    ]
    return errors + [error for page in record_pages for error in _lost_inlines(page)]


def _child_tables(page) -> set[type]:
    sources = {field.stored_as for field in page.resource.fields if field.kind in (Kind.MAP, Kind.ROWS)}
    return {page.model._meta.get_field(source).related_model for source in sources}


def _around_services(page) -> checks.Error:
    return checks.Error(
        f"{type(page).__name__} would write {page.opts.label} without its services.",
        hint="Derive it from records.admin.RecordAdmin.",
        obj=type(page),
        id=AROUND_SERVICES,
    )


def _lost_inlines(page) -> list[checks.Error]:
    from records.admin import RecordInline

    return [
        checks.Error(
            f"What is typed into {inline.__name__} of {type(page).__name__} would be lost.",
            hint="Derive it from records.admin.RecordInline and name a map or a list of rows in `field`.",
            obj=inline,
            id=LOST_INLINE,
        )
        for inline in page.inlines
        if not issubclass(inline, RecordInline) or inline.field not in page.resource.by_name
    ]
