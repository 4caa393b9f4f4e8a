"""The command line: `flask serve`, `flask db upgrade`, `flask demo load` and the others, one module a subject."""

from __future__ import annotations

from flask import Flask

from app.cli import archives, calendar, database, deadlines, definitions, demo, instances, serving, users


def register(app: Flask) -> None:
    """Add every command to the application's command line."""
    for room in (serving, database, definitions, instances, calendar, deadlines, demo, users, archives):
        room.register(app)
