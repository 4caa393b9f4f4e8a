"""Pages of the inbox in reading order: however many tasks wait, a page reads a bounded number of index entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import cast

from sqlalchemy import Select, and_, exists, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.calendar import Calendar
from app.models.accounts import Organisation, Person
from app.models.business import DeadlineRow, Project
from app.models.documents import Attachment, Draft, Submission
from app.models.process import Definition, ProcessInstance, PutOff, TaskAudience, UserTask
from app.queries import own_work, panels, register_views
from app.queries.diagram_graph import Drawn
from app.queries.inbox import (
    PAGE_ROWS,
    Choice,
    DoneRow,
    GroupKey,
    InboxFilter,
    InboxGroup,
    InboxPage,
    InboxRow,
    InboxTab,
    PreviewAttachment,
    StartedRow,
    TaskPreview,
)
from app.queries.ledger_rows import IN_WORKING_DAYS
from app.queries.said import PROCESS, english_names, task_documentation, task_name
from app.queries.scope import Reader
from app.queries.shell import COUNT_CAP
from app.queries.task_holders import colleagues

ORDER: tuple[GroupKey, ...] = ("today", "overdue", "week", "later", "aside")
MAY_WAIT = frozenset({"week", "later"})
"""Groups of which a person may put tasks off; what is due today or late is never out of sight."""
VIEWS = "inbox"
"""Under which name the kept filters of the inbox lie beside those of the registers."""
MOST_EXPORTED = 2000
NO_DUE_YEAR = 9999
DAWN_OF_TIME = datetime(1, 1, 2, tzinfo=SHANGHAI)
END_OF_TIME = datetime(9999, 12, 31, 12, tzinfo=SHANGHAI)
SHOWN_ATTACHMENTS = 6
LISTED_CHOICES = 60
STANDING_IN = "s:"
"""How the audiences begin by which a substitute finds the tasks of the one for whom she stands in."""


@dataclass(frozen=True)
class _Found:
    group: GroupKey
    due_at: datetime
    task_id: int
    audience: str


@dataclass(frozen=True)
class _Window:
    """One group as a half-open range of due moments, and where the page begins in it."""

    key: GroupKey
    start: datetime
    end: datetime
    after: tuple[datetime, int] | None = None
    reader_id: int = 0
    """Whose tasks put off are left out of the window, or alone make it up (`aside`)."""
    today: date | None = None


def load(
    session: Session,
    reader: Reader,
    audiences: Collection[str],
    asked: InboxFilter,
    *,
    now: datetime,
    calendar: Calendar,
) -> InboxPage:
    """Return one page of the reader's inbox. `audiences` are hers (services.audiences.of_person)."""
    names = _names(audiences, asked, reader)
    windows = _windows(now, reader)
    found = _first(session, names, windows, asked, limit=COUNT_CAP + 1)
    shown = (
        found if not asked.cursor else _first(session, names, _from(windows, asked.cursor), asked, limit=PAGE_ROWS + 1)
    )
    page = shown[:PAGE_ROWS]
    rows = {row.id: row for row in _timed(session, _rows(session, page, reader), now, calendar)}
    groups = tuple(
        InboxGroup(
            key,
            sum(one.group == key for one in found),
            tuple(rows[one.task_id] for one in page if one.group == key and one.task_id in rows),
        )
        for key in ORDER
    )
    everything = (
        found if _plain(asked) else _first(session, sorted(audiences), windows, InboxFilter(), limit=COUNT_CAP + 1)
    )
    counts = {group.key: group.count for group in groups}
    more = len(shown) > PAGE_ROWS
    started, done, further = _own_work(session, reader, asked)
    return InboxPage(
        filter=asked,
        total=len(everything),
        overdue=counts["overdue"] if _plain(asked) else sum(one.group == "overdue" for one in everything),
        due_today=counts["today"] if _plain(asked) else sum(one.group == "today" for one in everything),
        tabs=_tabs(
            everything,
            reader,
            drafts=own_work.drafts_count(session, reader),
            started=own_work.started_count(session, reader),
        ),
        groups=groups,
        units=_units(session, everything),
        processes=_processes(session, everything),
        next_cursor=further or (_cursor(page[-1]) if more and page else ""),
        started=started,
        done=done,
        drafts=own_work.drafts(session, reader) if asked.tab == "drafts" else (),
        views=() if asked.tab in {"drafts", "started", "done"} else register_views.views(session, reader, VIEWS),
    )


def listed(
    session: Session,
    reader: Reader,
    audiences: Collection[str],
    asked: InboxFilter,
    *,
    now: datetime,
    calendar: Calendar,
) -> tuple[tuple[GroupKey, InboxRow], ...]:
    """Return the reader's tasks under this filter in reading order, each with its group: the first two thousand."""
    found = _first(session, _names(audiences, asked, reader), _windows(now, reader), asked, limit=MOST_EXPORTED)
    rows = {row.id: row for row in _timed(session, _rows(session, found, reader), now, calendar)}
    return tuple((one.group, rows[one.task_id]) for one in found if one.task_id in rows)


def _own_work(
    session: Session, reader: Reader, asked: InboxFilter
) -> tuple[tuple[StartedRow, ...], tuple[DoneRow, ...], str]:
    if asked.tab == "started":
        started, cursor = own_work.started(session, reader, asked.cursor)
        return started, (), cursor
    if asked.tab == "done":
        done, cursor = own_work.done(session, reader, asked.text, asked.cursor)
        return (), done, cursor
    return (), (), ""


def _plain(asked: InboxFilter) -> bool:
    return asked.tab == "all" and not (asked.process or asked.unit or asked.text)


def _names(audiences: Collection[str], asked: InboxFilter, reader: Reader) -> list[str]:
    if asked.tab == "mine":
        return [f"p:{reader.id}"]
    if asked.tab == "sign":
        return sorted(name for name in audiences if _is_head(name))
    return [] if asked.tab in {"drafts", "started", "done"} else sorted(audiences)


def _is_head(audience: str) -> bool:
    return audience.startswith("r:") and audience[2:].partition("@")[0].endswith("_head")


def _windows(now: datetime, reader: Reader) -> tuple[_Window, ...]:
    """Today's tasks end at 24:00 today; a task whose due moment is 00:00 of a day belongs to the day before."""
    today = now.astimezone(SHANGHAI).date()
    midnight = _at(today)
    tomorrow, monday = _at(today + timedelta(days=1)), _at(today + timedelta(days=7 - today.weekday()))
    instant = timedelta(microseconds=1)
    return (
        _Window("today", midnight + instant, tomorrow + instant),
        _Window("overdue", DAWN_OF_TIME, midnight + instant),
        _Window("week", tomorrow + instant, monday + instant, None, reader.id, today),
        _Window("later", monday + instant, END_OF_TIME, None, reader.id, today),
        _Window("aside", tomorrow + instant, END_OF_TIME, None, reader.id, today),
    )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def _from(windows: Sequence[_Window], cursor: str) -> tuple[_Window, ...]:
    """Return the windows from the cursor on; an unreadable cursor gives the first page."""
    try:
        key, stamp, task_id = cursor.split("~")
        place = [window.key for window in windows].index(key)  # type: ignore[arg-type]
        after = (datetime.fromisoformat(stamp), int(task_id))
        if after[0].tzinfo is None:
            return tuple(windows)
    except ValueError:
        return tuple(windows)
    first = windows[place]
    return (replace(first, after=after), *windows[place + 1 :])


def _cursor(last: _Found) -> str:
    return f"{last.group}~{last.due_at.isoformat()}~{last.task_id}"


def _first(
    session: Session, names: Sequence[str], windows: Sequence[_Window], asked: InboxFilter, *, limit: int
) -> list[_Found]:
    """Return the first tasks of the windows in reading order, each once; `limit` for each window and audience."""
    parts = [select(_part(name, window, asked, limit).subquery()) for window in windows for name in names]
    if not parts:
        return []
    order = {window.key: place for place, window in enumerate(windows)}
    found: dict[int, _Found] = {}
    for group, due_at, task_id, audience in session.execute(union_all(*parts)):
        known = found.get(task_id)
        if known is None or audience < known.audience:
            found[task_id] = _Found(cast("GroupKey", group), due_at, task_id, audience)
    return sorted(found.values(), key=lambda one: (order[one.group], one.due_at, one.task_id))[:limit]


def _part(name: str, window: _Window, asked: InboxFilter, limit: int) -> Select[str, datetime, int, str]:
    query = (
        select(literal(str(window.key)).label("key"), TaskAudience.due_at, TaskAudience.task_id, TaskAudience.audience)
        .where(TaskAudience.audience == name, TaskAudience.due_at >= window.start, TaskAudience.due_at < window.end)
        .order_by(TaskAudience.due_at, TaskAudience.task_id)
        .limit(limit)
    )
    if window.after is not None:
        # The type is told: a bare moment would be compared in its own zone where the database keeps UTC as text.
        moment = literal(window.after[0], TaskAudience.due_at.type)
        place = tuple_(moment, literal(window.after[1]))
        query = query.where(tuple_(TaskAudience.due_at, TaskAudience.task_id) > place)
    if window.reader_id:
        put_off = and_(
            PutOff.task_id == TaskAudience.task_id, PutOff.person_id == window.reader_id, PutOff.until > window.today
        )
        # joined, so that the few tasks put off are read first, never all tasks asked whether they are among them
        query = query.join(PutOff, put_off) if window.key == "aside" else query.where(~exists().where(put_off))
    return _filtered(query, asked)


def _filtered(query: Select[str, datetime, int, str], asked: InboxFilter) -> Select[str, datetime, int, str]:
    if not (asked.process or asked.unit or asked.text):
        return query
    query = query.join(UserTask, UserTask.id == TaskAudience.task_id)
    if asked.process:
        query = query.join(ProcessInstance, ProcessInstance.id == UserTask.instance_id).where(
            ProcessInstance.process_key == asked.process
        )
    if asked.unit:
        query = query.join(Organisation, Organisation.id == UserTask.unit_id).where(Organisation.code == asked.unit)
    if asked.text:
        like = f"%{asked.text.replace('%', '').replace('_', '')}%"
        query = query.outerjoin(Project, Project.id == UserTask.project_id).where(
            or_(UserTask.name.like(like), Project.name.like(like), Project.no.like(like))
        )
    return query


def _rows(session: Session, found: Sequence[_Found], reader: Reader) -> Iterable[InboxRow]:
    audience_of = {one.task_id: one.audience for one in found}
    query = (
        select(
            UserTask,
            Definition.key,
            Definition.name,
            Definition.sha256,
            Project.no,
            Project.name,
            Organisation.short,
            Person.name,
            Draft.values,
            PutOff.until,
        )
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Project, Project.id == UserTask.project_id)
        .outerjoin(Organisation, Organisation.id == UserTask.unit_id)
        .outerjoin(Person, Person.id == UserTask.assignee_id)
        .outerjoin(Draft, (Draft.task_id == UserTask.id) & (Draft.person_id == reader.id))
        .outerjoin(PutOff, (PutOff.task_id == UserTask.id) & (PutOff.person_id == reader.id))
        .where(UserTask.id.in_(audience_of))
    )
    waiting = session.execute(query).all()
    english = english_names(session, {row.sha256 for row in waiting})
    for task, process_id, name, sha256, no, project, unit, assignee, draft, until in waiting:
        process_name = Drawn(name, english[sha256].get(PROCESS, ""))
        yield InboxRow(
            id=task.id,
            name=task_name(task.name, task.properties),
            process_id=process_id,
            process_name=process_name,
            project_no=no or "",
            project_name=project or "",
            unit=unit or "",
            subject="" if no else process_name,
            due_on=due_day(task.due_at),
            counts_working_days=bool((task.properties or {}).get("days")),
            role=_role(audience_of[task.id], task.roles, reader),
            on_behalf_of=(assignee or "") if audience_of[task.id].startswith(STANDING_IN) else "",
            claimed_by=assignee or "",
            claimed_by_me=task.assignee_id == reader.id and task.claimed_at is not None,
            put_off_until=until,
            has_draft=bool(draft) and own_work.says_something(draft),
        )


def _timed(session: Session, rows: Iterable[InboxRow], now: datetime, calendar: Calendar) -> Iterable[InboxRow]:
    """Say of each overdue row how many working days late it is, where its deadline counts working days."""
    found, today = list(rows), now.astimezone(SHANGHAI).date()
    late = {row.project_no for row in found if row.due_on and row.due_on < today}
    if not late:
        return found
    query = (
        select(Project.no, DeadlineRow.due)
        .join(Project, Project.id == DeadlineRow.project_id)
        .where(Project.no.in_(late), DeadlineRow.due < today, DeadlineRow.kind.in_(IN_WORKING_DAYS))
    )
    counted = {(no, due) for no, due in session.execute(query)}
    return [
        replace(row, working_days_late=calendar.working_days_between(row.due_on, today))
        if row.due_on and row.due_on < today and (row.counts_working_days or (row.project_no, row.due_on) in counted)
        else row
        for row in found
    ]


def due_day(due_at: datetime | None) -> date | None:
    """Return the last day of a due moment: 00:00 of a day means the end of the day before."""
    if due_at is None or due_at.year >= NO_DUE_YEAR:
        return None
    return (due_at.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()


def _role(audience: str, roles: str, reader: Reader) -> str:
    if audience.startswith(STANDING_IN):
        audience = audience.split(":", 2)[2]
    if audience.startswith("r:"):
        return audience[2:].partition("@")[0]
    return next((role for role in roles.split() if role in reader.roles), roles.split(" ", maxsplit=1)[0])


def _tabs(everything: Sequence[_Found], reader: Reader, *, drafts: int, started: int) -> tuple[InboxTab, ...]:
    mine = sum(one.audience == f"p:{reader.id}" for one in everything)
    sign = sum(_is_head(one.audience) for one in everything)
    tabs = [InboxTab("all", len(everything)), InboxTab("mine", mine)]
    if any(role.endswith("_head") for role in reader.roles):
        tabs.append(InboxTab("sign", sign))
    return (*tabs, InboxTab("drafts", drafts), InboxTab("started", started), InboxTab("done", None))


def _units(session: Session, found: Sequence[_Found]) -> tuple[Choice, ...]:
    query = (
        select(Organisation.code, Organisation.short)
        .where(Organisation.id.in_(select(UserTask.unit_id).where(UserTask.id.in_([one.task_id for one in found]))))
        .order_by(Organisation.id)
        .limit(LISTED_CHOICES)
    )
    return tuple(Choice(code, short) for code, short in session.execute(query))


def _processes(session: Session, found: Sequence[_Found]) -> tuple[Choice, ...]:
    query = (
        select(Definition.key, Definition.name, Definition.sha256)
        .join(ProcessInstance, ProcessInstance.definition_id == Definition.id)
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(UserTask.id.in_([one.task_id for one in found]))
        .distinct()
        .order_by(Definition.key)
        .limit(LISTED_CHOICES)
    )
    found_names = {key: (name, sha256) for key, name, sha256 in session.execute(query)}
    english = english_names(session, {sha256 for _, sha256 in found_names.values()})
    return tuple(
        Choice(key, Drawn(name, english[sha256].get(PROCESS, ""))) for key, (name, sha256) in found_names.items()
    )


def preview(
    session: Session, reader: Reader, audiences: Collection[str], task_id: int, *, now: datetime, calendar: Calendar
) -> TaskPreview | None:
    """Return the pane for one task of the reader's inbox; None when it is not hers or no longer open."""
    mine = session.scalar(
        select(TaskAudience.audience)
        .where(TaskAudience.task_id == task_id, TaskAudience.audience.in_(sorted(audiences)))
        .order_by(TaskAudience.audience)
        .limit(1)
    )
    if mine is None:
        return None
    only = _rows(session, [_Found("today", DAWN_OF_TIME, task_id, mine)], reader)
    row = next(iter(_timed(session, only, now, calendar)))
    task = session.get(UserTask, task_id)
    assert task is not None  # noqa: S101 -- its audience row refers to it
    papers = session.execute(
        select(Attachment.id, Attachment.name)
        .join(Submission, Submission.id == Attachment.submission_id)
        .where(Submission.instance_id == task.instance_id, ~panels.kept_files(reader))
        .order_by(Attachment.uploaded_at.desc(), Attachment.id)
        .limit(SHOWN_ATTACHMENTS)
    )
    named = task.claimed_at is None and mine.startswith("p:")
    others = () if named or row.on_behalf_of else colleagues(session, reader, task)
    return TaskPreview(
        row=row,
        documentation=task_documentation(task.documentation, task.properties),
        entered_at=task.created_at,
        attachments=tuple(PreviewAttachment(key, name) for key, name in papers),
        may_claim=not named and task.assignee_id is None,
        may_release=row.claimed_by_me,
        may_remind=bool(others) and not row.claimed_by_me,
        colleagues=others,
        may_put_off=row.due_on is None or row.due_on > now.astimezone(SHANGHAI).date(),
        first_day=now.astimezone(SHANGHAI).date() + timedelta(days=1),
    )
