"""
Parts as the documentation of DRF writes many of them: its validators left as ModelSerializer makes them, the record
that each item is about given to the child before it is validated, nested records created one by one.
"""

from functools import cached_property

from django.db import transaction
from rest_framework.generics import CreateAPIView, RetrieveUpdateAPIView
from rest_framework.permissions import DjangoModelPermissions

from benchmarks.drf.access import CachedBasicAuthentication
from benchmarks.drf.parts import WITH_CHILDREN, PartSerializer, PartsSerializer, PartsView
from parts.models import Part, PartDescription, Price


class DocumentedPartsSerializer(PartsSerializer):
    @cached_property
    def _parts_by_number(self):
        return {part.number: part for part in self.instance}

    def run_child_validation(self, data):
        """Give the child its part first, as DRF's documentation shows, so that a part's own number counts as free."""
        self.child.instance = self._parts_by_number.get(data.get("number"))
        self.child.initial_data = data
        return super().run_child_validation(data)


class DocumentedPartSerializer(PartSerializer):
    class Meta(PartSerializer.Meta):
        list_serializer_class = DocumentedPartsSerializer
        extra_kwargs = {}

    def create(self, validated_data):
        descriptions, prices = validated_data.pop("descriptions", ()), validated_data.pop("prices", ())
        part = Part.objects.create(**validated_data, **self.stamps())
        for each in descriptions:
            PartDescription.objects.create(part=part, **each)
        for each in prices:
            Price.objects.create(part=part, **each)
        return part


class DocumentedPartsView(PartsView):
    serializer_class = DocumentedPartSerializer


class NewPartView(CreateAPIView):
    authentication_classes = [CachedBasicAuthentication]
    permission_classes = [DjangoModelPermissions]
    queryset = WITH_CHILDREN
    serializer_class = DocumentedPartSerializer

    @transaction.atomic
    def perform_create(self, serializer):
        serializer.save()  # one record, as DRF's manual does it: this is the rival that is measured


class DocumentedPartView(RetrieveUpdateAPIView):
    authentication_classes = [CachedBasicAuthentication]
    permission_classes = [DjangoModelPermissions]
    # Locked, as the hub locks it.
    queryset = WITH_CHILDREN.select_for_update()
    serializer_class = DocumentedPartSerializer
    lookup_field = "number"

    @transaction.atomic
    def patch(self, request, *args, **kwargs):
        return self.partial_update(request, *args, **kwargs)
