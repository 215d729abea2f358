"""The kinds of inspection that the register begins with; an installation may add its own."""

from django.db import migrations

KINDS = (
    ("xunshi", "巡视", "Central or provincial inspection"),
    ("xuncha", "巡察", "Municipal or county inspection"),
    ("shenji", "审计", "Audit"),
    ("huanbao", "环保督察", "Environmental inspection"),
    ("ducha", "督查", "Supervision"),
    ("huitoukan", "回头看", "Look-back"),
)


def make_kinds(apps, schema_editor):
    kind = apps.get_model("findings", "InspectionKind")
    for position, (code, name, name_en) in enumerate(KINDS, 1):
        kind.objects.update_or_create(code=code, defaults={"name": name, "name_en": name_en, "position": position})


class Migration(migrations.Migration):

    dependencies = [("findings", "0001_tables")]

    operations = [migrations.RunPython(make_kinds, migrations.RunPython.noop)]
