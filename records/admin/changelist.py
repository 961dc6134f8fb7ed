"""
The lists of records, changes and exchanges: pages by key, so that a late one costs what the first does, and no count
of a table.

    ?q=pump&after=["P-0100"]        the page behind the record of this position, as the list is ordered
    ?q=pump&before=["P-0101"]       the page before it
"""

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from records.admin.paging import Number, Order, UncountedPaginator, count_records, estimate_records

AFTER, BEFORE = "after", "before"


class ListPaginator(UncountedPaginator):
    template_name = "admin/records/pages.html"


class RecordChangeList(ChangeList):
    """
    A list in the order of its keyset.

    next_page, previous_page  addresses; empty: there is none
    """

    next_page = previous_page = ""
    positions: tuple[str, str] = ("", "")

    def get_queryset(self, request: HttpRequest, exclude_parameters=None) -> QuerySet:
        # Our own parameters, which Django would take for lookups; links to filters and orders begin anew without them.
        taken = [self.params.pop(name, "") for name in (AFTER, BEFORE)]
        for name in (AFTER, BEFORE):
            self.filter_params.pop(name, None)
        self.positions = (taken[0], taken[1]) if any(taken) else self.positions
        return super().get_queryset(request, exclude_parameters)

    def get_ordering_field(self, field_name):
        # Others have no index.
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None

    def _get_deterministic_ordering(self, ordering: list[str]) -> list[str]:
        complete = super()._get_deterministic_ordering(ordering)
        # The id goes in the direction of the column before it: one index then has them both.
        if len(complete) > len(ordering) and ordering and not ordering[-1].startswith("-"):
            complete[-1] = "pk"
        return complete

    def get_results(self, request: HttpRequest) -> None:
        order = Order.read(self.model, self.queryset.query.order_by)
        after, before = self.positions
        position = order.read_position(after or before)
        self.result_list, has_more = self._take(order, position, backwards=not after)
        if position is None or (not after and not has_more):
            # Before it there is less than a page: that is the first one.
            if position is not None:
                self.result_list, has_more = self._take(order, None, backwards=False)
            has_next, has_previous = has_more, False
        else:
            has_next, has_previous = (has_more, True) if after else (True, has_more)
        if self.result_list and has_next:
            self.next_page = self.get_query_string({AFTER: order.position(self.result_list[-1])})
        if has_previous:
            # An empty page has records before it all the same.
            first = order.position(self.result_list[0]) if self.result_list else after
            self.previous_page = self.get_query_string({BEFORE: first})
        self._set_numbers(request, has_other_pages=bool(self.next_page or self.previous_page))

    def _take(self, order: Order, position: list[object] | None, *, backwards: bool) -> tuple[list[Model], bool]:
        """Return the page after a position, or before it, and True if there is more."""
        backwards = backwards and position is not None
        records = self.queryset.order_by(*order.expressions(backwards=backwards))
        if position is not None:
            records = records.filter(order.beyond(position, backwards=backwards))
        found = list(records[: self.list_per_page + 1])
        page = found[: self.list_per_page]
        return page[::-1] if backwards else page, len(found) > self.list_per_page

    def _set_numbers(self, request: HttpRequest, *, has_other_pages: bool) -> None:
        """Set what the templates of a list ask for."""
        self.result_count = self._count(request) if has_other_pages else Number(len(self.result_list))
        # Equal, or the head of the page would say the number again.
        self.full_result_count = self.result_count
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all, self.multi_page = False, has_other_pages
        self.paginator = ListPaginator(self.queryset, self.list_per_page)

    def _count(self, request: HttpRequest) -> Number:
        if request.__dict__.get("searched_one_by_one"):
            return Number(self.list_per_page, f"{self.list_per_page}+")
        is_whole = not (self.query.strip() or self.get_filters_params())
        number = count_records(self.queryset)
        return estimate_records(self.model).get(self.model, number) if is_whole and number.is_cut else number


class JournalChangeList(RecordChangeList):
    """A list of what only ever grows in number: nothing of it is counted, and its pages stay when more has come."""

    def _count(self, request: HttpRequest) -> Number:
        return Number(self.list_per_page, f"{self.list_per_page}+")
