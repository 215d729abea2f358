"""A draft keeps the lines of its document, and a document has one open draft at most."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("documents", "0001_tables")]

    operations = [
        migrations.AddField(model_name="draft", name="lines", field=models.JSONField(default=list)),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("document",), name="draft_open_once"
            ),
        ),
    ]
