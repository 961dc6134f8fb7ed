"""An order's currency is one of the site's; those that orders have become such."""

from django.db import migrations

BIND = """
INSERT INTO parts_currency (code, name, active, digits)
    SELECT DISTINCT currency, currency, true, 2 FROM orders_salesorder ON CONFLICT DO NOTHING;
ALTER TABLE orders_salesorder ADD CONSTRAINT orders_salesorder_currency_known
    FOREIGN KEY (currency) REFERENCES parts_currency (code);
"""

UNBIND = "ALTER TABLE orders_salesorder DROP CONSTRAINT orders_salesorder_currency_known;"


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_numbers_and_statuses"), ("parts", "0003_languages_and_currencies")]

    operations = [migrations.RunSQL(BIND, UNBIND)]
