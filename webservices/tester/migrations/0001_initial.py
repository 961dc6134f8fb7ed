"""The models of the test page move here from `webservices`: their tables stay, with all that is in them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import records.columns

# Who had a right before the move has it after it: Django finds rights by the app and name of their model.
MOVE_PERMISSIONS = """
    UPDATE django_content_type SET app_label = 'tester', model = CASE model WHEN 'keptcall' THEN 'savedcall' ELSE model END
    WHERE app_label = 'webservices' AND model IN ('collection', 'keptcall', 'run', 'runresult');
    UPDATE auth_permission SET codename = replace(codename, 'keptcall', 'savedcall'),
                               name = replace(name, 'kept call', 'saved call')
    WHERE content_type_id IN (SELECT id FROM django_content_type WHERE app_label = 'tester' AND model = 'savedcall');
"""
MOVE_PERMISSIONS_BACK = """
    UPDATE auth_permission SET codename = replace(codename, 'savedcall', 'keptcall'),
                               name = replace(name, 'saved call', 'kept call')
    WHERE content_type_id IN (SELECT id FROM django_content_type WHERE app_label = 'tester' AND model = 'savedcall');
    UPDATE django_content_type
    SET app_label = 'webservices', model = CASE model WHEN 'savedcall' THEN 'keptcall' ELSE model END
    WHERE app_label = 'tester' AND model IN ('collection', 'savedcall', 'run', 'runresult');
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("webservices", "0009_request_headers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Collection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "name",
                            records.columns.Text(
                                db_collation="C",
                                help_text="What is tested with it.",
                                max_length=120,
                                verbose_name="name",
                            ),
                        ),
                        (
                            "description",
                            records.columns.Text(
                                blank=True, db_collation="C", default="", max_length=2000, verbose_name="description"
                            ),
                        ),
                        ("link", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="link")),
                        ("values", models.JSONField(blank=True, default=dict, verbose_name="values")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                        ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                        (
                            "owner",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "webservices_collection",
                        "ordering": ["name", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Run",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("began_at", models.DateTimeField(verbose_name="began")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                        (
                            "user_name",
                            records.columns.Text(
                                blank=True, db_collation="C", default="", max_length=150, verbose_name="by"
                            ),
                        ),
                        (
                            "via",
                            records.columns.Text(db_collation="C", default="page", max_length=10, verbose_name="from"),
                        ),
                        ("dry", models.BooleanField(default=False, verbose_name="dry run")),
                        (
                            "collection",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="runs",
                                to="tester.collection",
                                verbose_name="collection",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "webservices_run",
                        "ordering": ["-id"],
                        "default_permissions": ("add", "view", "delete"),
                    },
                ),
                migrations.CreateModel(
                    name="SavedCall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("place", models.IntegerField(default=0, verbose_name="place")),
                        ("name", records.columns.Text(db_collation="C", max_length=120, verbose_name="name")),
                        (
                            "dialect",
                            records.columns.Text(
                                blank=True, db_collation="C", default="", max_length=40, verbose_name="dialect"
                            ),
                        ),
                        (
                            "operation",
                            records.columns.Text(
                                blank=True, db_collation="C", default="", max_length=80, verbose_name="operation"
                            ),
                        ),
                        (
                            "method",
                            records.columns.Text(
                                db_collation="C", default="POST", max_length=10, verbose_name="method"
                            ),
                        ),
                        ("target", records.columns.Text(db_collation="C", max_length=4000, verbose_name="address")),
                        ("headers", models.JSONField(blank=True, default=dict, verbose_name="headers")),
                        ("body", models.TextField(blank=True, default="", verbose_name="body")),
                        ("checks", models.JSONField(blank=True, default=list, verbose_name="checks")),
                        ("captures", models.JSONField(blank=True, default=list, verbose_name="captures")),
                        ("ignored", models.JSONField(blank=True, default=list, verbose_name="ignored")),
                        (
                            "call_id",
                            records.columns.Text(
                                blank=True, db_collation="C", default="", max_length=40, verbose_name="made of call"
                            ),
                        ),
                        (
                            "collection",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calls",
                                to="tester.collection",
                                verbose_name="collection",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saved call",
                        "db_table": "webservices_keptcall",
                        "ordering": ["collection", "place", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="RunResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("place", models.IntegerField(default=0, verbose_name="place")),
                        ("name", records.columns.Text(db_collation="C", max_length=120, verbose_name="name")),
                        ("status", models.IntegerField(default=0, verbose_name="status")),
                        ("duration_ms", models.FloatField(default=0, verbose_name="milliseconds")),
                        ("passed", models.BooleanField(db_column="met", default=False, verbose_name="passed")),
                        ("findings", models.JSONField(default=list, verbose_name="findings")),
                        (
                            "problem",
                            records.columns.Text(
                                blank=True, db_collation="C", default="", max_length=500, verbose_name="problem"
                            ),
                        ),
                        (
                            "content_type",
                            records.columns.Text(
                                blank=True, db_collation="C", default="", max_length=200, verbose_name="type"
                            ),
                        ),
                        ("answer", models.BinaryField(null=True, verbose_name="answer")),
                        (
                            "call_id",
                            records.columns.Text(
                                blank=True, db_collation="C", default="", max_length=40, verbose_name="call id"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="results",
                                to="tester.run",
                                verbose_name="run",
                            ),
                        ),
                        (
                            "saved_call",
                            models.ForeignKey(
                                db_column="kept_id",
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="results",
                                to="tester.savedcall",
                                verbose_name="saved call",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "result",
                        "db_table": "webservices_runresult",
                        "ordering": ["run", "place", "id"],
                        "default_permissions": ("view",),
                    },
                ),
                migrations.AddConstraint(
                    model_name="collection",
                    constraint=models.UniqueConstraint(fields=("name",), name="webservices_collection_name"),
                ),
                migrations.AddConstraint(
                    model_name="collection",
                    constraint=models.UniqueConstraint(fields=("link",), name="webservices_collection_link"),
                ),
                migrations.AddConstraint(
                    model_name="savedcall",
                    constraint=models.UniqueConstraint(fields=("collection", "name"), name="webservices_keptcall_name"),
                ),
            ],
        ),
        migrations.RunSQL(MOVE_PERMISSIONS, MOVE_PERMISSIONS_BACK),
    ]
