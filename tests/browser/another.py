"""Make an account of another organisation in the installation of BIHUAN_HOME: `python -m tests.browser.another`.

A process of its own, because the tests' Django has the tests' settings.
"""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
django.setup()

from bihuan.cli.console import console_actor  # noqa: E402 - apps must be ready
from bihuan.orgs.actions.accounts import use_code  # noqa: E402
from bihuan.orgs.actions.people import PersonDraft, create_person  # noqa: E402
from bihuan.orgs.actions.units import create_unit  # noqa: E402

username, password = sys.argv[1:]
actor = console_actor()
unit = create_unit(None, name="云洲经开区", kind="organisation", actor=actor)
draft = PersonDraft(
    name="秦越川", username=username, title="整改办主任", starts_on=actor.today, role="office"
)
_, code = create_person(unit, draft=draft, actor=actor)
use_code(code, username=username, password=password, at=actor.at)
