
import django.db.models.deletion
import records.columns
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('webservices', '0003_apikey'),
    ]

    operations = [
        migrations.CreateModel(
            name='BatchJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call_id', records.columns.Text(db_collation='C', max_length=40, verbose_name='call')),
                ('title', records.columns.Text(db_collation='C', max_length=200, verbose_name='title')),
                ('level', records.columns.Text(choices=[('SUMMARY', 'Summary'), ('FAIL', 'Failed records'), ('DETAIL', 'All records')], db_collation='C', max_length=10, verbose_name='level')),
                ('dialect', records.columns.Text(db_collation='C', max_length=40, verbose_name='dialect')),
                ('operation', records.columns.Text(db_collation='C', max_length=80, verbose_name='operation')),
                ('user_id', models.IntegerField(verbose_name='user id')),
                ('user_name', records.columns.Text(db_collation='C', max_length=150, verbose_name='caller')),
                ('credential', records.columns.Text(blank=True, db_collation='C', max_length=80, verbose_name='credential')),
                ('began', models.DateTimeField(verbose_name='began')),
                ('ended', models.DateTimeField(verbose_name='ended')),
                ('received', models.IntegerField(null=True, verbose_name='received')),
                ('succeeded', models.IntegerField(default=0, verbose_name='succeeded')),
                ('failed', models.IntegerField(default=0, verbose_name='failed')),
                ('elapsed', models.FloatField(verbose_name='elapsed')),
                ('cpu', models.FloatField(verbose_name='processor')),
                ('database', models.FloatField(verbose_name='database')),
                ('code', records.columns.Text(blank=True, db_collation='C', max_length=60, verbose_name='problem code')),
                ('problem', records.columns.Text(blank=True, db_collation='C', max_length=500, verbose_name='problem')),
                ('dry', models.BooleanField(default=False, verbose_name='dry run')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['began'], name='webservices_batchjob_began'), models.Index(fields=['call_id'], name='webservices_batchjob_call'), models.Index(fields=['title'], name='webservices_batchjob_title'), models.Index(fields=['operation', '-id'], name='webservices_batchjob_operation'), models.Index(fields=['user_id', '-id'], name='webservices_batchjob_user'), models.Index(models.OrderBy(models.F('id'), descending=True), condition=models.Q(('failed__gt', 0), models.Q(('code', ''), _negated=True), _connector='OR'), name='webservices_batchjob_failed')],
            },
        ),
        migrations.CreateModel(
            name='BatchJobEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField(verbose_name='record')),
                ('level', records.columns.Text(choices=[('INFO', 'Info'), ('WARNING', 'Warning'), ('ERROR', 'Error')], db_collation='C', max_length=10, verbose_name='level')),
                ('key', records.columns.Text(blank=True, db_collation='C', max_length=400, verbose_name='key')),
                ('record_id', models.BigIntegerField(null=True, verbose_name='id')),
                ('outcome', records.columns.Text(blank=True, db_collation='C', max_length=20, verbose_name='outcome')),
                ('messages', models.JSONField(default=list, verbose_name='messages')),
                ('input', models.TextField(blank=True, verbose_name='input')),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='webservices.batchjob', verbose_name='job')),
            ],
            options={
                'verbose_name_plural': 'batch job entries',
                'ordering': ['number', 'id'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['job', 'number', 'id'], name='webservices_batchjobentry_job')],
            },
        ),
    ]
