"""
A price's last day.

Over Expandable, prices have had an END_DATE that was kept as vendor data and ended nothing; it becomes the column. One that
lies before the effective date, which was taken then, stays where it is.
"""

from django.db import migrations, models
from django.db.models import F, Q

MOVE = """
    UPDATE parts_price SET
        end_date = (vendor->'expandable'->>'END_DATE')::date,
        vendor = CASE
            WHEN (vendor->'expandable') - 'END_DATE' = '{}' THEN vendor - 'expandable'
            ELSE vendor #- '{expandable,END_DATE}'
        END
    WHERE vendor->'expandable'->>'END_DATE' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
        AND (effective_date IS NULL
             OR vendor->'expandable'->>'END_DATE' >= to_char(effective_date, 'YYYY-MM-DD') COLLATE "C")
"""
MOVE_BACK = """
    UPDATE parts_price SET vendor = vendor || jsonb_build_object(
        'expandable',
        COALESCE(vendor->'expandable', '{}') || jsonb_build_object('END_DATE', to_char(end_date, 'YYYY-MM-DD'))
    )
    WHERE end_date IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("parts", "0008_external_key_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="price",
            name="end_date",
            field=models.DateField(
                blank=True, help_text="Through this day; none: it does not end.", null=True, verbose_name="end date"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=Q(effective_date=None) | Q(end_date=None) | Q(end_date__gte=F("effective_date")),
                name="parts_price_end_date",
            ),
        ),
        migrations.RunSQL(MOVE, MOVE_BACK),
    ]
