"""Sales orders with their rows: one nested writable serializer, one request for each order."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.drf.access import CachedBasicAuthentication
from customers.models import Customer
from orders.models import OrderStatus, Row, SalesOrder
from parts.models import Part

CENT = Decimal("0.01")


def compute_total(row):
    return (row.quantity * row.unit_price * (1 - row.discount / 100)).quantize(CENT, ROUND_HALF_UP)


class RowSerializer(serializers.ModelSerializer):
    part = serializers.SlugRelatedField(slug_field="number", queryset=Part.objects.active())

    class Meta:
        model = Row
        fields = ["line_number", "part", "description", "quantity", "unit_price", "value_period", "discount"]
        extra_kwargs = {"quantity": {"min_value": Decimal("0.0001")}}


class OrderSerializer(serializers.ModelSerializer):
    customer = serializers.SlugRelatedField(slug_field="number", queryset=Customer.objects.filter(active=True))
    status = serializers.SlugRelatedField(slug_field="name", queryset=OrderStatus.objects.filter(starts=True))
    rows = RowSerializer(many=True)

    class Meta:
        model = SalesOrder
        fields = [
            *("number", "customer", "subject", "status", "order_date", "due_date", "description", "currency"),
            *("total", "grand_total", "rows"),
        ]

    def create(self, validated_data):
        rows = [Row(**values) for values in validated_data.pop("rows")]
        for row in rows:
            row.total = compute_total(row)
        total = sum(row.total for row in rows)
        order = SalesOrder.objects.create(**validated_data, **self.stamps(), total=total, grand_total=total)
        for row in rows:
            row.order = order
        Row.objects.bulk_create(rows)
        return order

    def stamps(self):
        by, at = self.context["request"].user.username, timezone.now()
        return {"created_by": by, "created_at": at, "changed_by": by, "changed_at": at}


WITH_ROWS = SalesOrder.objects.select_related("customer", "status").prefetch_related("rows__part")
FILTERS = {
    "customer": "customer__number",
    "status": "status__name",
    **{name: name for name in ("order_date__gt", "order_date__lt")},
}


class OrdersView(APIView):
    authentication_classes = [CachedBasicAuthentication]
    permission_classes = [DjangoModelPermissions]
    queryset = WITH_ROWS

    def get(self, request):
        parameters = request.query_params
        filters = {path: parameters[name] for name, path in FILTERS.items() if name in parameters}
        found = self.queryset.filter(**filters)[: int(parameters.get("limit", 100))]
        return Response({"results": OrderSerializer(found, many=True).data})

    @transaction.atomic
    def post(self, request):
        serializer = OrderSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        order = serializer.save()
        return Response({"number": order.number, "total": str(order.total)}, status=201)


class OrderView(RetrieveAPIView):
    authentication_classes = [CachedBasicAuthentication]
    permission_classes = [DjangoModelPermissions]
    queryset = WITH_ROWS
    serializer_class = OrderSerializer
    lookup_field = "number"
