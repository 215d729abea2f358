"""The text index itself, in each database's own way: FTS5 in SQLite, tsvector with GIN in PostgreSQL."""

from django.db import migrations

SQLITE = "CREATE VIRTUAL TABLE search_grams USING fts5(grams, detail='full', tokenize=\"unicode61 remove_diacritics 0\")"
POSTGRESQL = (
    "CREATE TABLE search_grams (entry_id bigint PRIMARY KEY, grams tsvector NOT NULL)",
    "CREATE INDEX search_grams_gin ON search_grams USING gin (grams) WITH (fastupdate = on)",
)


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)
    else:
        schema_editor.execute(SQLITE)


def unmake(apps, schema_editor):
    schema_editor.execute("DROP TABLE search_grams")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_tables")]
    operations = [migrations.RunPython(make, unmake)]
