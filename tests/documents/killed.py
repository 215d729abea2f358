"""Run by test_killed: register the sample feedback, dying without a word at the given step; or look at what was left."""

import os
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from bihuan.audit.queries import chain_breaks, table_breaks  # noqa: E402
from bihuan.documents.actions import receive  # noqa: E402
from bihuan.documents.models import Draft  # noqa: E402
from bihuan.findings.actions import registering  # noqa: E402
from bihuan.findings.models import Inspection, Problem  # noqa: E402
from bihuan.orgs.models import User  # noqa: E402
from tests.cast import actor_for, make_cast  # noqa: E402
from tests.documents.test_real_files import SAMPLES  # noqa: E402


def begin() -> None:
    call_command("migrate", verbosity=0)
    cast = make_cast()
    path = SAMPLES / "反馈意见.docx"
    receive(path.read_bytes(), name=path.name, organisation=cast.organisation, actor=actor_for(cast.office))


def die_at(step: int) -> None:
    """Register, and end the process in the middle as a power cut would."""
    written: list[object] = []
    insert = registering.insert

    def dying(rows: object) -> None:
        if len(written) == step:
            os._exit(9)
        written.append(rows)
        insert(rows)

    registering.insert = dying
    if step == 99:
        registering._close = lambda *args, **kwargs: os._exit(9)
    registering.register(Draft.objects.get().pk, actor=actor_for(User.objects.get(username="fangjingyi")))


def left() -> None:
    """Print what is in the register and whether the record holds, apart from the cast, which no action made."""
    cast_only = {"unit", "user", "post", "grant"}
    breaks = [one for one in (*chain_breaks(), *table_breaks()) if one.kind not in cast_only]
    sys.stdout.write(
        f"{Inspection.objects.count()} {Problem.objects.count()} {len(breaks)} {Draft.objects.get().state};"
    )


if sys.argv[1] == "begin":
    begin()
elif sys.argv[1] == "finish":
    left()
    registering.register(Draft.objects.get().pk, actor=actor_for(User.objects.get(username="fangjingyi")))
    left()
else:
    die_at(int(sys.argv[1]))
