"""Declarations beside the log. What was followed before this is followed again, so that nothing declared earlier is missing."""

import django.db.models.deletion
from django.db import migrations, models


def follow_again(apps, schema_editor):
    """Forget the read models, which the next reader fills again from the journal."""
    for name in ("LineSubject", "LogLine", "Incident", "NodeFact", "Cursor"):
        rows = apps.get_model("desk", name).objects.using(schema_editor.connection.alias).all()
        rows._raw_delete(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_kept_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.CharField(max_length=300, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("realm", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("last_seq", models.BigIntegerField()),
                ("first_known_at", models.DateTimeField()),
                ("known_from", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("declared_at", models.DateTimeField(null=True)),
                ("establishment", models.CharField(blank=True, max_length=300)),
                ("declarant", models.CharField(blank=True, db_index=True, max_length=400)),
                ("region", models.CharField(max_length=20)),
                ("establishment_kind", models.CharField(max_length=64)),
                ("stage", models.CharField(max_length=20)),
                ("nature", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=20)),
                ("origin", models.CharField(max_length=64)),
                ("malicious", models.CharField(max_length=10)),
                ("significance", models.CharField(max_length=20)),
                ("functioning", models.CharField(max_length=20)),
                ("patient_danger", models.CharField(max_length=20)),
                ("urgency", models.PositiveSmallIntegerField()),
                ("waiting_since", models.DateTimeField(null=True)),
                ("duplicate_of", models.CharField(blank=True, max_length=300)),
                ("distinct_from", models.JSONField(default=list)),
                ("cause_group", models.CharField(blank=True, max_length=100)),
                ("cause_kind", models.CharField(blank=True, max_length=20)),
                ("judged", models.BooleanField(default=False)),
                ("text", models.TextField(blank=True)),
                ("stems", models.TextField(blank=True)),
                ("more", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="DeclarationSign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("value", models.CharField(max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="SupportRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("realm", models.CharField(max_length=10)),
                ("establishment", models.CharField(blank=True, max_length=300)),
                ("region", models.CharField(max_length=20)),
                ("state", models.CharField(db_index=True, max_length=20)),
                ("by", models.CharField(blank=True, max_length=100)),
                ("what", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="logline",
            index=models.Index(
                condition=models.Q(("kind", "declaration")), fields=["incident"], name="desk_line_declares"
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="incident",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="desk.incident"),
        ),
        migrations.AddField(
            model_name="declarationsign",
            name="declaration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="signs", to="desk.declaration"
            ),
        ),
        migrations.AddField(
            model_name="supportrequest",
            name="incident",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="desk.incident"),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(fields=["state", "-urgency", "first_known_at"], name="desk_declaration_queue"),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(fields=["seen_at"], name="desk_declaration_seen"),
        ),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(
                condition=models.Q(("cause_group", ""), _negated=True),
                fields=["cause_group"],
                name="desk_declaration_cause",
            ),
        ),
        migrations.AddIndex(
            model_name="declarationsign",
            index=models.Index(fields=["kind", "value"], name="desk_declaration_sign"),
        ),
        migrations.RunPython(follow_again, migrations.RunPython.noop),
    ]
