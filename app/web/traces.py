"""What has happened to a project, in the reader's language: the story for people, the records for whom they concern."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.queries import panels, project_files, scope, traces
from app.queries.said import Said
from app.queries.task import HistoryRow
from app.queries.traces import Scope
from app.web import words
from app.web.filters import drawn, said

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.queries.traces import Record
    from app.services.task_forms import Paper
    from app.web.identity import Reader

Trace = tuple[tuple[HistoryRow, ...], int]


def story(
    rows: Session, who: Reader, *, project_id: int | None, instance_id: int | None = None, long: bool = False
) -> Trace:
    """Return what people tell of a project (or of an instance that has none), newest first, and how much there is."""
    of = Scope(project_id, instance_id)
    limit = traces.LONG if long else traces.SHOWN
    found, total = traces.story(rows, who.person, of, limit=limit, brief=not long)
    return spoken(found), total


def done(rows: Session, who: Reader, no: str) -> tuple[HistoryRow, ...]:
    """Return the tasks of a project that were done last, newest first."""
    project = project_files.find(rows, who.person, no)
    return spoken(traces.done(rows, who.person, Scope(project.id))) if project is not None else ()


def spoken(found: Iterable[HistoryRow]) -> tuple[HistoryRow, ...]:
    """Return what was told in the reader's language."""
    return tuple(replace(row, who=drawn(row.who), what=_spoken(row.what)) for row in found)


def records(rows: Session, who: Reader, *, project_id: int) -> Trace | None:
    """Return every event of a project as the engine recorded it; None where they do not concern the reader."""
    if not scope.sees_records(who.person):
        return None
    found, total = traces.records(rows, who.person, Scope(project_id))
    return tuple(map(_recorded, found)), total


def _spoken(what: str | Said) -> str:
    return said(what) if isinstance(what, Said) else drawn(what)


def _recorded(one: Record) -> HistoryRow:
    what = _(
        "%(element)s（%(kind)s，%(event)s；%(process)s）",
        element=drawn(one.element),
        kind=words.name_of(words.ELEMENTS, one.kind),
        event=words.name_of(words.EVENTS, one.event),
        process=drawn(one.process),
    )
    by_person = one.kind == "userTask" and one.event == "completed"
    return HistoryRow(
        one.at, drawn(one.who), what, "refused" if one.event == "failed" else "done" if by_person else "system"
    )


def papers(rows: Session, who: Reader, found: Iterable[Paper], project_id: int | None) -> tuple[Paper, ...]:
    """Return the papers beside a task that its holder may read; experts who have not met yet stay unnamed."""
    veil = panels.veil(rows, who.person, project_id)
    return tuple(
        replace(one, by=drawn(veil.name(one.by_id, one.by, one.at)))
        for one in found
        if panels.may_read(rows, who.person, veil, (one.form_id, one.by_id), project_id)
    )
