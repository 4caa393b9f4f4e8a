"""What every page has around it: navigation with counts, today, the demonstration's clock, language and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from app import clock
from app.queries import shell
from app.queries.shell import DemoClock, Shell
from app.services import demo_clock
from app.unit_of_work import read_only
from app.web import js_messages, working_days
from app.web.identity import visitor
from app.web.language import language

if TYPE_CHECKING:
    from flask import Flask

PLACES = {
    "inbox": "inbox",
    "tasks": "inbox",
    "projects": "projects",
    "withdrawals": "projects",
    "urging": "board",
    "funds": "funds",
    "board": "board",
    "processes": "processes",
    "instances": "processes",
    "migrations": "processes",
    "workshop": "processes",
    "workshop_files": "processes",
    "releases": "processes",
    "search": "search",
    "sheets": "deadlines",
    "plans": "deadlines",
    "imports": "deadlines",
    "papers": "deadlines",
    "paper_templates": "deadlines",
    "archives": "projects",
}
PLACES_OF_ENDPOINTS = {
    "registers.holds": "holds",
    "registers.deadlines": "deadlines",
    "registers.workings": "deadlines",
}
THEMES = ("light", "dark")


def place() -> str:
    """Return which entry of the navigation the page belongs to."""
    endpoint = request.endpoint or ""
    return PLACES_OF_ENDPOINTS.get(endpoint) or PLACES.get(endpoint.split(".")[0], "")


def here() -> str:
    """Return the address to come back to after a switch of language."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def keep(**parameters: object) -> dict[str, Any]:
    """Return the parameters that say something, for an address without empty ones."""
    return {name: value for name, value in parameters.items() if value}


def current() -> Shell:
    """Return the frame of this page."""
    today = clock.today()
    working = working_days.calendar().is_working_day(today)
    with read_only() as rows:
        demo = None
        if demo_clock.running():
            coming = shell.next_deadline(rows, now=clock.now())
            demo = DemoClock(clock.now(), *(coming or (None, "")))
        who = visitor()
        if who is None:
            return Shell(today=today, is_working_day=working, demo=demo)
        return shell.load(
            rows,
            who.person,
            who.audiences,
            today=today,
            is_working_day=working,
            name=who.person.name,
            organisation=who.person.organisation,
            demo=demo,
        )


def register(app: Flask) -> None:
    """Give every template its frame."""

    @app.context_processor
    def frame() -> dict[str, object]:
        return {
            "shell": current(),
            "place": place(),
            "here": here,
            "keep": keep,
            "locale": language(),
            "theme": request.cookies.get("theme", ""),
            "js_messages": js_messages.catalogue,
        }
