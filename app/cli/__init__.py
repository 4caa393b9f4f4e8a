"""The command line: `flask serve`, `flask db upgrade`, `flask demo load` and the others, one module a subject."""

from __future__ import annotations

from flask import Flask

from app.cli import archives, calendar, database, deadlines, definitions, demo, instances, serving, users
from app.cli.speech import help_in_our_language


def register(app: Flask) -> None:
    """Add every command to the application's command line."""
    for room in (serving, database, definitions, instances, calendar, deadlines, demo, users, archives):
        room.register(app)
    for command in app.cli.commands.values():
        help_in_our_language(command)
