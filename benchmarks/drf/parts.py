"""Parts with descriptions and prices: nested serializers, and the list serializer that creates and updates."""

from django.db import transaction
from django.utils import timezone
from rest_framework import serializers
from rest_framework.authentication import BasicAuthentication
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.drf.access import CachedBasicAuthentication
from parts.models import Part, PartDescription, Price

STAMPS = ["version", "created_at", "created_by", "changed_at", "changed_by"]


class DescriptionSerializer(serializers.ModelSerializer):
    class Meta:
        model = PartDescription
        fields = ["language", "text"]


class PriceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Price
        fields = ["currency", "price_code", "minimum_quantity", "effective_date", "amount"]


class PartsSerializer(serializers.ListSerializer):
    """Creates the parts that are new and updates those that are known."""

    def update(self, instance, validated_data):
        known = {part.number: part for part in instance}
        return [
            self.child.update(known[values["number"]], values)
            if values["number"] in known
            else self.child.create(values)
            for values in validated_data
        ]


class PartSerializer(serializers.ModelSerializer):
    descriptions = DescriptionSerializer(many=True, required=False)
    prices = PriceSerializer(many=True, required=False)

    class Meta:
        model = Part
        list_serializer_class = PartsSerializer
        fields = [
            *("id", "number", "display_number", "direct_buy", "descriptions", "prices", "lead_time", "units"),
            *("company_associations", "partner_part_id", "partner_organization_id", "notes", "attachments", "active"),
            *STAMPS,
        ]
        extra_kwargs = {"number": {"validators": []}}  # known numbers are updated: no query for each

    def create(self, validated_data):
        descriptions, prices = validated_data.pop("descriptions", ()), validated_data.pop("prices", ())
        part = Part.objects.create(**validated_data, **self.stamps())
        if descriptions:
            PartDescription.objects.bulk_create(PartDescription(part=part, **each) for each in descriptions)
        if prices:
            Price.objects.bulk_create(Price(part=part, **each) for each in prices)
        return part

    def stamps(self):
        by, at = self.context["request"].user.username, timezone.now()
        return {"created_by": by, "created_at": at, "changed_by": by, "changed_at": at}

    def update(self, instance, validated_data):
        descriptions, prices = validated_data.pop("descriptions", ()), validated_data.pop("prices", ())
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.version += 1
        instance.changed_by, instance.changed_at = self.context["request"].user.username, timezone.now()
        instance.save()
        self._update_children(instance, instance.descriptions, descriptions, ("language",))
        key = ("currency", "price_code", "minimum_quantity", "effective_date")
        self._update_children(instance, instance.prices, prices, key)
        return instance

    def _update_children(self, part, relation, sent, key):
        model = relation.model
        defaults = {name: model._meta.get_field(name).get_default() for name in key}
        known = {tuple(getattr(child, name) for name in key): child for child in relation.all()}
        for values in sent:
            child = known.get(tuple(values.get(name, defaults[name]) for name in key)) or model(part=part)
            if child.pk is None or any(getattr(child, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(child, name, value)
                child.save()


WITH_CHILDREN = Part.objects.prefetch_related("descriptions", "prices")


class PartView(RetrieveAPIView):
    authentication_classes = [CachedBasicAuthentication]
    permission_classes = [DjangoModelPermissions]
    queryset = WITH_CHILDREN
    serializer_class = PartSerializer
    lookup_field = "number"


class HashingPartView(PartView):
    """The same with DRF's own Basic authentication: Argon2 at each call."""

    authentication_classes = [BasicAuthentication]


class PartsView(APIView):
    authentication_classes = [CachedBasicAuthentication]
    permission_classes = [DjangoModelPermissions]
    queryset = WITH_CHILDREN
    serializer_class = PartSerializer

    @transaction.atomic
    def put(self, request):
        numbers = [record.get("number") for record in request.data]
        # Locked, as the hub locks them: a write that may lose another's changes would be no fair rival.
        known = list(WITH_CHILDREN.filter(number__in=numbers).select_for_update())
        serializer = self.serializer_class(known, data=request.data, many=True, context={"request": request})
        serializer.is_valid(raise_exception=True)
        saved = serializer.save()
        return Response({"created": len(saved) - len(known), "updated": len(known)})
