"""The currency of a customer part is blank or one of the site's; those that customer parts have become such."""

from django.db import migrations

# A foreign key knows no blank text, only null.
BIND = """
INSERT INTO parts_currency (code, name, active, digits)
    SELECT DISTINCT currency, currency, true, 2 FROM customers_customerpart WHERE currency <> ''
    ON CONFLICT DO NOTHING;
ALTER TABLE customers_customerpart ADD COLUMN currency_code varchar(3) COLLATE "C"
    GENERATED ALWAYS AS (NULLIF(currency, '')) STORED;
ALTER TABLE customers_customerpart ADD CONSTRAINT customers_customerpart_currency_known
    FOREIGN KEY (currency_code) REFERENCES parts_currency (code);
"""

UNBIND = "ALTER TABLE customers_customerpart DROP COLUMN currency_code;"


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_above_zero"), ("parts", "0003_languages_and_currencies")]

    operations = [migrations.RunSQL(BIND, UNBIND)]
