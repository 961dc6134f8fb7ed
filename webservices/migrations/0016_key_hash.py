from django.db import migrations, models

import records.columns

# As `webservices.idempotency.KeyedCall` hashes it: an answer that is stored already is found by its key as before.
HASH_KEYS = """
    UPDATE webservices_keyedanswer
    SET key_hash = encode(sha256(convert_to('idempotency:' || user_id || ':' || key_hash, 'UTF8')), 'hex')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('webservices', '0015_exchange_codes'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='keyedanswer', name='webservices_keyedanswer_key'),
        migrations.RenameField(model_name='keyedanswer', old_name='key', new_name='key_hash'),
        migrations.RunSQL(HASH_KEYS, 'DELETE FROM webservices_keyedanswer'),
        migrations.AlterField(
            model_name='keyedanswer',
            name='key_hash',
            field=records.columns.Text(db_collation='C', max_length=64, verbose_name='hash of the idempotency key'),
        ),
        migrations.AddConstraint(
            model_name='keyedanswer',
            constraint=models.UniqueConstraint(fields=('user_id', 'key_hash'), name='webservices_keyedanswer_key'),
        ),
    ]
