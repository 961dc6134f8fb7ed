"""
Many orders as the documentation of DRF writes them: a nested serializer, `many=True`, one transaction; its validators
left as ModelSerializer makes them, nested records created, changed and removed one by one.
"""

from functools import cached_property

from django.db import transaction
from rest_framework import serializers
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.drf.access import CachedBasicAuthentication
from benchmarks.drf.orders import WITH_ROWS, OrderSerializer, compute_total
from orders.models import Row, SalesOrder


class DocumentedOrdersSerializer(serializers.ListSerializer):
    """Creates the orders that are new and updates those that are known."""

    @cached_property
    def _orders_by_number(self):
        return {order.number: order for order in self.instance}

    def run_child_validation(self, data):
        """Give the child its order first, as DRF's documentation shows, so that its own number counts as free."""
        self.child.instance = self._orders_by_number.get(data.get("number"))
        self.child.initial_data = data
        return super().run_child_validation(data)

    def update(self, instance, validated_data):
        known = self._orders_by_number
        return [
            self.child.update(known[values["number"]], values)
            if values["number"] in known
            else self.child.create(values)
            for values in validated_data
        ]


class DocumentedOrderSerializer(OrderSerializer):
    class Meta(OrderSerializer.Meta):
        list_serializer_class = DocumentedOrdersSerializer

    def create(self, validated_data):
        rows = validated_data.pop("rows")
        order = SalesOrder.objects.create(**validated_data, **self.stamps())
        return self._save_rows(order, rows, {})

    def update(self, instance, validated_data):
        rows = validated_data.pop("rows")
        for name, value in validated_data.items():
            setattr(instance, name, value)
        stamps = self.stamps()
        instance.version += 1
        instance.changed_by, instance.changed_at = stamps["changed_by"], stamps["changed_at"]
        return self._save_rows(instance, rows, {row.line_number: row for row in instance.rows.all()})

    def _save_rows(self, order, rows, known):
        """Save the rows that were sent, remove the others, and save the order with its total."""
        total = 0
        for values in rows:
            row = known.pop(values["line_number"], None) or Row(order=order)
            for name, value in values.items():
                setattr(row, name, value)
            row.total = compute_total(row)
            row.save()  # one by one, as DRF's manual writes nested records: this is the rival that is measured
            total += row.total
        for row in known.values():
            row.delete()
        order.total, order.grand_total = total, total + order.tax + order.freight
        order.save()  # likewise
        return order


class DocumentedOrdersView(APIView):
    authentication_classes = [CachedBasicAuthentication]
    permission_classes = [DjangoModelPermissions]
    queryset = WITH_ROWS

    @transaction.atomic
    def put(self, request):
        numbers = [record.get("number") for record in request.data]
        # Locked, as the hub locks them: a write that may lose another's changes would be no fair rival.
        known = list(self.queryset.filter(number__in=numbers).select_for_update(of=("self",)))
        serializer = DocumentedOrderSerializer(known, data=request.data, many=True, context={"request": request})
        serializer.is_valid(raise_exception=True)
        saved = serializer.save()  # each record by `update` or `create`, as the manual has it
        return Response({"created": len(saved) - len(known), "updated": len(known)})
