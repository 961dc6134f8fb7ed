"""
System checks: no page of the admin writes records past the services; the tables of codes have what settings name.

E010  a page of the admin would write records without their services
E011  what is typed into an inline would be lost
E015  a setting names a code that its table does not have, or has switched off (checked when a database is migrated)
"""

from collections.abc import Iterable, Iterator

from django.contrib import admin
from django.core import checks
from django.db import connections

from records.customization import code_models, find_named_codes
from records.models import Code, Record
from records.shapes.fields import has_child_table

AROUND_SERVICES = "webservices.E010"
LOST_INLINE = "webservices.E011"
UNKNOWN_CODE = "webservices.E015"


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
    sources = {field.stored_as for field in page.resource.fields if has_child_table(field)}
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


@checks.register(checks.Tags.database)
def check_named_codes(app_configs, databases: Iterable[str] | None = None, **kwargs) -> list[checks.CheckMessage]:
    """Check the codes that settings name; a database without the tables gets such codes when it is migrated."""
    return [error for alias in databases or () for model in code_models() for error in _unknown_codes(model, alias)]


def _unknown_codes(model: type[Code], alias: str) -> Iterator[checks.CheckMessage]:
    if model._meta.db_table not in connections[alias].introspection.table_names():
        return
    active = set(model._default_manager.using(alias).filter(active=True).values_list("code", flat=True))
    table = str(model._meta.verbose_name_plural)
    for code, setting in find_named_codes(model).items():
        if code not in active:
            yield checks.Error(
                f"The setting {setting} names {code!r}, which is none of the active {table} of this site.",
                hint=f"Name an active one; {code!r} can be added in the admin site, under {table.capitalize()}, first.",
                id=UNKNOWN_CODE,
            )
