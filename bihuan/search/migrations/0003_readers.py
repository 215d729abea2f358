"""Units besides an object's own whose people find it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table; what is in it for links made before comes with the context that holds them."""

    dependencies = [("search", "0002_text_index")]

    operations = [
        migrations.CreateModel(
            name="Reader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry_id", models.BigIntegerField()),
                ("unit_id", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["entry_id"], name="search_reader_entry")],
                "constraints": [
                    models.UniqueConstraint(fields=("unit_id", "entry_id"), name="search_reader_once")
                ],
            },
        ),
    ]
