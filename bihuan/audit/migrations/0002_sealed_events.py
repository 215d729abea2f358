"""The database itself refuses to change or delete a sealed event; only the opened part may be erased."""

from django.db import migrations

COLUMNS = "seq, batch, organisation_id, at, actor_id, actor_label, action, kind, object_id, sealed, hash"

SQLITE = (
    f"CREATE TRIGGER audit_event_sealed BEFORE UPDATE OF {COLUMNS} ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'a sealed event cannot be changed'); END",
    "CREATE TRIGGER audit_event_opened BEFORE UPDATE OF opened ON audit_event WHEN NEW.opened IS NOT NULL "
    "BEGIN SELECT RAISE(ABORT, 'an event can be erased, not rewritten'); END",
    "CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'a sealed event cannot be deleted'); END",
)
POSTGRESQL = (
    """CREATE FUNCTION audit_event_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.opened IS NULL AND (to_jsonb(NEW) - 'opened') = (to_jsonb(OLD) - 'opened') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a sealed event cannot be changed or deleted';
END $$""",
    "CREATE TRIGGER audit_event_sealed BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_sealed()",
)


def make(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_event_sealed ON audit_event; DROP FUNCTION audit_event_sealed()")
    else:
        for name in ("sealed", "opened", "kept"):
            schema_editor.execute(f"DROP TRIGGER audit_event_{name}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables")]
    operations = [migrations.RunPython(make, unmake)]
