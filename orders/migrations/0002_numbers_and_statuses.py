"""The sequence that order numbers are drawn from, and the statuses that orders begin with."""

from django.db import migrations

STATUSES = {
    # name: (starts, rows change, removable, next)
    "Quote": (True, True, True, ("Created", "Cancelled")),
    "Created": (True, True, True, ("Approved", "Cancelled")),
    "Approved": (False, False, False, ("Delivered", "Cancelled")),
    "Delivered": (False, False, False, ()),
    "Cancelled": (False, False, False, ()),
}


def add_statuses(apps, schema_editor):
    OrderStatus = apps.get_model("orders", "OrderStatus")
    made = {}
    for place, (name, (starts, rows_change, removable, _)) in enumerate(STATUSES.items(), start=1):
        made[name] = OrderStatus.objects.create(
            name=name, place=place, starts=starts, rows_change=rows_change, removable=removable
        )
    for name, (*_, following) in STATUSES.items():
        made[name].next.set([made[each] for each in following])


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_salesorder_numbers START 10000", "DROP SEQUENCE orders_salesorder_numbers"
        ),
        migrations.RunPython(add_statuses, migrations.RunPython.noop),
    ]
