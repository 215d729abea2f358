"""`bihuan migrate`: prepare the data, or bring it to this version."""

import argparse

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bihuan.cli.console import language
from bihuan.web.catalogue import say


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Take no arguments: what to prepare is said by BIHUAN_HOME and DATABASE_URL."""


def run(args: argparse.Namespace) -> int:
    """Make the home and bring the tables up to date; repeating it changes nothing."""
    prepare()
    print(say("cli.migrated", {"home": str(settings.BIHUAN_HOME)}, lang=language(args)))
    return 0


def prepare() -> None:
    """Make the folders and bring the tables up to date, without a word."""
    settings.BIHUAN_HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.BIHUAN_FILES.mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", interactive=False, verbosity=0)


def is_ready() -> bool:
    """Tell whether the tables are those of this version."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
