"""Let the people of joint units find the tasks on which their units worked before search knew of it."""

from django.db import migrations

FILL = """
INSERT INTO search_reader (entry_id, unit_id)
SELECT entry.id, link.unit_id
FROM findings_jointunit AS link
JOIN search_entry AS entry ON entry.kind = 'task' AND entry.object_id = link.task_id
"""


class Migration(migrations.Migration):
    """One statement; it can be repeated on an emptied table."""

    dependencies = [("findings", "0007_evidence_without_likeness"), ("search", "0003_readers")]

    operations = [migrations.RunSQL(FILL, "DELETE FROM search_reader")]
