"""Drop what no search of evidence asks: likeness is found by the bands of files (files.models)."""

from django.db import migrations


class Migration(migrations.Migration):
    """One column and its index less."""

    dependencies = [
        ("findings", "0006_task_notice"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="evidence",
            name="evidence_likeness",
        ),
        migrations.RemoveField(
            model_name="evidence",
            name="likeness",
        ),
    ]
