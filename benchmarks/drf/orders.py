"""Sales orders with their rows: one nested writable serializer, one request for each order."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone
from rest_framework import serializers
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.drf.access import CachedBasicAuthentication
from customers.models import Customer
from orders.models import OrderStatus, Row, SalesOrder
from parts.models import Part

CENT = Decimal("0.01")


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
        fields = ["number", "customer", "subject", "status", "due_date", "description", "currency", "rows"]

    def create(self, validated_data):
        rows = [Row(**values) for values in validated_data.pop("rows")]
        for row in rows:
            exact = row.quantity * row.unit_price * (1 - row.discount / 100)
            row.total = exact.quantize(CENT, ROUND_HALF_UP)
        by, at = self.context["request"].user.username, timezone.now()
        stamps = {"created_by": by, "created_at": at, "changed_by": by, "changed_at": at}
        order = SalesOrder.objects.create(**validated_data, **stamps, total=sum(row.total for row in rows))
        for row in rows:
            row.order = order
        Row.objects.bulk_create(rows)
        return order


class OrdersView(APIView):
    authentication_classes = [CachedBasicAuthentication]
    permission_classes = [DjangoModelPermissions]
    queryset = SalesOrder.objects.all()

    @transaction.atomic
    def post(self, request):
        serializer = OrderSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        order = serializer.save()
        return Response({"number": order.number, "total": str(order.total)}, status=201)
