"""Drafts of declarations."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("incident", models.CharField(max_length=200)),
                ("declaration", models.CharField(max_length=64)),
                ("organisation", models.CharField(max_length=64)),
                ("values", models.JSONField(default=dict)),
                ("changed", models.JSONField(default=dict)),
                ("addressees", models.JSONField(null=True)),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.CharField(max_length=300)),
                ("sent_mark", models.CharField(blank=True, default="", max_length=64)),
                ("sent_seq", models.BigIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "declaration", "organisation"), name="declaring_one_draft"
                    )
                ],
            },
        ),
    ]
