"""Drafts of declarations, each saved state of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("incident", models.CharField(max_length=200)),
                ("version", models.PositiveIntegerField()),
                ("values", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.CharField(max_length=300)),
                ("sent_seq", models.BigIntegerField(null=True)),
                ("sent_key", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("incident", "version"), name="declare_draft_version")],
            },
        ),
    ]
