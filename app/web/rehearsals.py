"""The workshop's rehearsal (沙盘): a working copy, or a version that waits for release, played on a past year."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.errors import NotFound
from app.queries import following, rehearsal, release_pages, workshop_pages
from app.queries.diagram_graph import Drawn
from app.queries.rehearsal import Case, Rehearsal
from app.services import working_copies
from app.unit_of_work import read_only
from app.web import untrusted
from app.web.filters import lasting
from app.web.identity import actor

pages = Blueprint("rehearsals", __name__, url_prefix="/workshop/process")

TOLD_EVERY = 10
"""After how many cases the page hears how far it is."""


@dataclass(frozen=True)
class Played:
    """What is rehearsed."""

    key: str
    name: Drawn
    source: str
    before: str
    """The drawing in force; empty where there is none."""
    request_id: int
    """The release that asks for it; 0 for the working copy."""
    years: tuple[int, ...]
    year: int
    """0 while none has been chosen."""

    @property
    def drawings(self) -> list[bytes]:
        """What is rehearsed, and what is in force beside it where there is something."""
        return [text.encode() for text in (self.source, self.before) if text]


@pages.get("/<key>/rehearsal")
def show(key: str) -> ResponseReturnValue:
    """Show the years that can be rehearsed, and the chosen one; with `now=1` all at once, for want of scripts."""
    asked = _asked(key)
    shown: dict[str, object] = {"asked": asked, "done": None}
    if asked.year and request.args.get("now"):
        with read_only() as rows:
            done = rehearsal.rehearse(rows, asked.drawings, key, year=asked.year, now=clock.now())
        shown = _outcome(asked, done)
    return render_template("workshop/rehearsal.html", **shown)


@pages.get("/<key>/rehearsal/played")
def played(key: str) -> ResponseReturnValue:
    """Send how far the rehearsal is, a line of JSON each, and in the last one the page's piece with the outcome."""
    asked = _asked(key)
    if not asked.year:
        raise NotFound

    def lines() -> Iterator[str]:
        cases: list[tuple[Case, ...]] = []
        with read_only() as rows:
            for one in rehearsal.played(rows, asked.drawings, key, year=asked.year, now=clock.now()):
                cases.append(one.cases)
                if one.done % TOLD_EVERY == 0:
                    yield json.dumps({"done": one.done, "of": one.of}) + "\n"
        done = rehearsal.gathered(key, asked.year, cases, drawings=len(asked.drawings))
        yield json.dumps({"html": render_template("workshop/_rehearsed.html", **_outcome(asked, done))}) + "\n"

    return Response(stream_with_context(lines()), mimetype="application/x-ndjson")


def _asked(key: str) -> Played:
    working_copies.must_read(actor())
    request_id = untrusted.whole("request")
    with read_only() as rows:
        copy = workshop_pages.copy(rows, "bpmn", key)
        if copy is None:
            raise NotFound
        source = copy.content
        if request_id:
            page = release_pages.page(rows, request_id)
            if page is None or (page.row.kind, page.row.key) != ("bpmn", key):
                raise NotFound
            source = page.after
        in_force = following.chosen(rows, key, None)
        years = rehearsal.years(rows, key)
    year = untrusted.whole("year")
    return Played(
        key=key,
        name=copy.name,
        source=source,
        before=in_force.source if in_force else "",
        request_id=request_id,
        years=years,
        year=year if year in years else 0,
    )


def _outcome(asked: Played, done: tuple[Rehearsal, ...]) -> dict[str, object]:
    """Return what the outcome's piece of a page shows: the cases, and both drawings as heat maps."""
    top = max((step.median for one in done for step in one.steps), default=0)
    heats = [_heat(source.decode(), one, top) for source, one in zip(asked.drawings, done, strict=True)]
    return {
        "asked": asked,
        "done": done[0],
        "after": heats[0],
        "before": heats[1] if asked.before else None,
        "back": url_for("workshop.edit", kind="process", key=asked.key),
    }


def _heat(source: str, found: Rehearsal, top: int) -> dict[str, object]:
    left = {case.left_at for case in found.left if case.left_at}
    marks = {step.element_id: f"warm-{following.warmth(step.median, top)}" for step in found.steps}
    return {
        "source": source,
        "marks": marks | dict.fromkeys(left, "failed"),
        "notes": {
            step.element_id: f"≈ {lasting(step.median)}" if step.estimated else lasting(step.median)
            for step in found.steps
        },
    }
