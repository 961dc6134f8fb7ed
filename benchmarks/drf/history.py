"""Parts once more, with a history: one Change for each part that is created or updated, as the hub keeps it."""

from django.utils import timezone

from benchmarks.drf.parts import PartSerializer, PartsView
from parts.models import PartDescription, Price
from records.models import Change

FIELDS = ["number", "display_number", "direct_buy", "lead_time", "units", "notes", "active"]


class PartWithHistorySerializer(PartSerializer):
    def create(self, validated_data):
        descriptions = [PartDescription(**each) for each in validated_data.get("descriptions", ())]
        prices = [Price(**each) for each in validated_data.get("prices", ())]
        part = super().create(validated_data)
        self._write_change(part, "created", {}, self._list_values(part, descriptions, prices))
        return part

    def update(self, instance, validated_data):
        before = self._list_values(instance, instance.descriptions.all(), instance.prices.all())
        part = super().update(instance, validated_data)
        self._write_change(part, "updated", before, self._list_values(part, part.descriptions.all(), part.prices.all()))
        return part

    def _list_values(self, part, descriptions, prices):
        values = {name: str(getattr(part, name)) for name in FIELDS}
        values |= {f"description.{each.language}": each.text for each in descriptions}
        return values | {f"price.{each.currency}": str(each.amount) for each in prices}

    def _write_change(self, part, result, before, after):
        user = self.context["request"].user
        changed = {name: [before.get(name), text] for name, text in after.items() if before.get(name) != text}
        Change.objects.create(
            at=timezone.now(), resource="part", record_id=part.id, key=part.number, version=part.version,
            result=result, fields=changed, user_id=user.id, user_name=user.username, credential="password",
        )  # fmt: skip


class PartsWithHistoryView(PartsView):
    serializer_class = PartWithHistorySerializer
