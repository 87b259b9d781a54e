"""Who brought each file. Files kept before this are handed out again once they are sent again: the hash stays the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_read_models")]

    operations = [
        migrations.CreateModel(
            name="KeptFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("organisation", models.CharField(max_length=64)),
                ("author", models.CharField(max_length=300)),
                ("privileged", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sha256", "organisation", "author", "privileged"), name="desk_kept_file"
                    )
                ],
            },
        ),
    ]
