"""What the counts of my work are read from: attempts by stage, and the few ended tasks that are looked at again."""

from django.db import migrations, models


def dated(name: str) -> models.Q:
    """Return the predicate of the rows that have this day."""
    return models.Q((f"{name}__isnull", False))


class Migration(migrations.Migration):
    """Indexes only."""

    dependencies = [("findings", "0008_joint_units_find")]

    operations = [
        migrations.AddIndex(
            model_name="closure",
            index=models.Index(fields=["stage", "live", "task"], name="closure_stage"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["organisation", "review_on"], condition=dated("review_on"), name="task_review"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["organisation", "left_until"], condition=dated("left_until"), name="task_left"
            ),
        ),
    ]
