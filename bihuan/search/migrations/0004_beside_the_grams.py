"""What is chosen and sorted by lies beside the grams in PostgreSQL, so that many hits cost one pass over one table."""

from django.db import migrations

ADD = (
    "ALTER TABLE search_grams ADD COLUMN organisation_id bigint, ADD COLUMN unit_id bigint,"
    " ADD COLUMN kind varchar(20), ADD COLUMN object_id bigint",
    "UPDATE search_grams SET organisation_id = entry.organisation_id, unit_id = entry.unit_id, kind = entry.kind,"
    " object_id = entry.object_id FROM search_entry AS entry WHERE entry.id = search_grams.entry_id",
    "ALTER TABLE search_grams ALTER COLUMN organisation_id SET NOT NULL, ALTER COLUMN kind SET NOT NULL,"
    " ALTER COLUMN object_id SET NOT NULL",
)
DROP = (
    "ALTER TABLE search_grams DROP COLUMN organisation_id, DROP COLUMN unit_id, DROP COLUMN kind, DROP COLUMN object_id",
)


def _run(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    """Nothing in SQLite, whose index keeps the entry by its number."""

    dependencies = [("search", "0003_readers")]

    operations = [migrations.RunPython(_run(ADD), _run(DROP))]
