"""The command line: `flask serve`, `flask db upgrade`, `flask demo load` and the others, one module a subject."""

from __future__ import annotations

import sys

import click
import flask.cli
from flask import Flask

from app.cli import archives, calendar, click_words, database, deadlines, definitions, demo, instances, serving, users
from app.cli.speech import help_in_our_language, language


def register(app: Flask) -> None:
    """Add every command to the application's command line."""
    for room in (serving, database, definitions, instances, calendar, deadlines, demo, users, archives):
        room.register(app)
    click_words.install(language())
    for command in app.cli.commands.values():
        help_in_our_language(command)
        click_words.outline(command, language())
    _begin_the_page_again()


def _begin_the_page_again() -> None:
    """Write the page of `flask` itself anew: its beginning was worded before Flask loaded the application."""
    context = click.get_current_context(silent=True)
    named = any(not word.startswith("-") for word in sys.argv[1:])
    asked = len(sys.argv) == 1 or sys.argv[-1] in ("--help", "-h")
    if context is None or context.command is not flask.cli.cli or named or not asked or "begun" in context.meta:
        return
    context.meta["begun"] = True
    click.echo(context.get_help())
    sys.exit(0 if len(sys.argv) > 1 else NOTHING_ASKED)


NOTHING_ASKED = 2
"""The exit status where no command is named."""
