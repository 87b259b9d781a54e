"""The tables that follow the journal."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(default=0)),
                ("digest", models.CharField(default="", max_length=64)),
                ("node_seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="NodeFact",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("owner", models.CharField(db_index=True, max_length=64)),
                ("realm", models.CharField(max_length=10)),
                ("title", models.CharField(blank=True, default="", max_length=300)),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("last_seq", models.BigIntegerField()),
                ("last_received_at", models.DateTimeField()),
                ("entries_count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["last_seq"], name="desk_incident_last")],
            },
        ),
        migrations.CreateModel(
            name="LogLine",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(max_length=64)),
                ("author", models.CharField(max_length=300)),
                ("role", models.CharField(max_length=20)),
                ("node", models.CharField(max_length=64)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("text", models.TextField(blank=True, default="")),
                ("tlp", models.CharField(max_length=20)),
                ("privileged", models.BooleanField(default=False)),
                ("guarded", models.BooleanField(default=False)),
                ("corrects", models.CharField(max_length=64, null=True)),
                ("erased", models.BooleanField(default=False)),
                (
                    "incident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="desk.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LineSubject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("subject", models.CharField(max_length=300)),
                (
                    "incident",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="desk.incident"),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="subjects", to="desk.logline"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="logline",
            index=models.Index(fields=["incident", "seq"], name="desk_line_incident"),
        ),
        migrations.AddIndex(
            model_name="logline",
            index=models.Index(fields=["incident", "kind", "seq"], name="desk_line_kind"),
        ),
        migrations.AddIndex(
            model_name="logline",
            index=models.Index(fields=["incident", "author", "seq"], name="desk_line_author"),
        ),
        migrations.AddIndex(
            model_name="logline",
            index=models.Index(fields=["incident", "received_at", "seq"], name="desk_line_received"),
        ),
        migrations.AddIndex(
            model_name="logline",
            index=models.Index(
                condition=models.Q(("corrects__isnull", False)), fields=["corrects"], name="desk_line_corrects"
            ),
        ),
        migrations.AddIndex(
            model_name="logline",
            index=models.Index(
                condition=models.Q(("guarded", True)), fields=["incident", "seq"], name="desk_line_guarded"
            ),
        ),
        migrations.AddIndex(
            model_name="linesubject",
            index=models.Index(fields=["incident", "kind", "subject", "line"], name="desk_subject"),
        ),
        migrations.AddIndex(
            model_name="linesubject",
            index=models.Index(
                condition=models.Q(("kind", "file")), fields=["kind", "subject"], name="desk_subject_file"
            ),
        ),
    ]
