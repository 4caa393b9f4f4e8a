"""The stories of all projects, told day by day: whatever is due by the diaries is done, and the clock goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from app import clock, dispatch
from app.demo import case as book
from app.demo.county import County, Plan
from app.demo.desk import Desk, Gone, Stuck
from app.demo.diary import USUAL, Diary, Entry
from app.domain.calendar import Calendar
from app.domain.roles import ROLES, OrganisationKind
from app.queries.open_tasks import OpenTask
from app.services import task_forms
from app.services.context import Actor
from app.unit_of_work import read_only

MORNING = time(9, 0)
PACE = timedelta(minutes=2)
BUILDING = "p07_construction"
LAST_ROUND = 60
"""Rounds in one day: beyond it a story answers the same task again and again."""
WITH_CHOICES = frozenset({"f02", "f12", "f18"})
"""Forms whose answers are chosen from what the page offers."""


@dataclass
class Story:
    """One project on its way."""

    plan: Plan
    diary: Diary
    desk: Desk
    county: County
    calendar: Calendar
    notes: dict[str, Any] = field(default_factory=dict)
    visits: Counter[str] = field(default_factory=Counter)
    last: dict[str, date] = field(default_factory=dict)
    instances: set[int] = field(default_factory=set)
    """Instances that belong to it before they are bound to its project."""
    project_id: int | None = None
    begun: list[int] = field(default_factory=list)
    """Instances that its people have started, oldest first."""
    others: list[Story] = field(default_factory=list)
    """All stories, this one too."""

    @property
    def key(self) -> int:
        """The project's key; raise Stuck before there is one."""
        if self.project_id is None:
            raise Stuck(f"{self.plan.no} has not been filed yet")
        return self.project_id

    @property
    def unit_id(self) -> int:
        """The project unit's key."""
        return self.desk.staff.units[self.plan.unit]

    def instances_of_all(self) -> Iterable[set[int]]:
        """Yield the instances that any story has taken for itself."""
        return (story.instances for story in self.others)

    def holder(self, role: str) -> Actor:
        """Return who holds a role for this project: of its unit, of its company, or of the one office that has it."""
        kind = ROLES[role].organisation
        return self.desk.staff.holder(role, self.plan.unit if kind is OrganisationKind.UNIT else "")

    def open(self, key: str) -> OpenTask:
        """Return the project's open task `process.element`; raise Stuck where there is none."""
        found = [t for t in self.desk.open(project_no=self.plan.no) if f"{t.process}.{t.element}" == key]
        found += [
            t
            for number in self.instances
            for t in self.desk.open(instance_id=number)
            if f"{t.process}.{t.element}" == key
        ]
        if not found:
            raise Stuck(f"{self.plan.no}: {key} is not open")
        return found[0]

    def visit(self, key: str, today: date) -> int:
        """Return how many times a task has been done on earlier days; all of one day are one visit."""
        return self.visits[key] - (1 if self.last.get(key) == today else 0)

    def due(self, task: OpenTask, opened: date, today: date) -> date | None:
        """Return the day on which a task is to be done; None for never."""
        key = f"{task.process}.{task.element}"
        entry = self.diary.entry(key, self.visit(key, today))
        if entry.never or (task.process == BUILDING and self.diary.stands_since and today >= self.diary.stands_since):
            return None
        if entry.on is not None:
            return entry.on
        days = USUAL.get(key, 1)
        return self.calendar.after_working_days(opened, days) if days else opened

    def do(self, task: OpenTask, today: date) -> None:
        """Do a task with the book's answers and what the diary says instead."""
        key = f"{task.process}.{task.element}"
        entry = self.diary.entry(key, self.visit(key, today))
        self.notes.update(entry.notes)
        found = self.answers(task, entry, today)
        self.desk.complete(task, found)
        for days, event in self.diary.follow.pop(key, ()):
            self.diary.at(self.calendar.after_working_days(today, days), event)
        if self.last.get(key) != today:
            self.visits[key] += 1
            self.last[key] = today
        if task.form_id == "f03":
            self.notes["filing"] = found

    def answers(self, task: OpenTask, entry: Entry, today: date) -> dict[str, Any]:
        """Return what is answered in a task."""
        key = f"{task.process}.{task.element}"
        shown = self._shown(task) if task.form_id in WITH_CHOICES else {}
        case = book.Case(self.county, self.plan, today, task, self.calendar, self.visit(key, today), self.notes, shown)
        return book.answers(case) | dict(entry.answers)

    def _shown(self, task: OpenTask) -> dict[str, Any]:
        """Return the data with which the task's page opens its form."""
        who = self.desk.staff.who(task.audiences)
        with read_only() as session:
            content = task_forms.open_content(session, task.id, by=who, now=clock.now(), language="zh")
        return dict(content.form.data) if content.form is not None else {}


@dataclass
class Telling:
    """All stories together, and the county's own: the yearly plan, the library, the sharing evaluation."""

    desk: Desk
    county: County
    calendar: Calendar
    stories: dict[str, Story]
    common: Story
    lenient: bool = False
    """Go on with the others when one is stuck (for work on the diaries); a load is strict."""
    stuck: dict[str, str] = field(default_factory=dict)
    told: Callable[[date, int], None] = lambda _day, _completed: None

    def tell(self, start: date, end: datetime) -> None:
        """Go from `start` to `end` day by day."""
        day = start
        while day <= end.date():
            if self.calendar.is_working_day(day) or day in self._special():
                self._day(day, end)
            day += timedelta(days=1)
        if clock.now() < end:
            self.desk.move_to(end)

    def _special(self) -> frozenset[date]:
        return frozenset(moment for story in self.stories.values() for moment, _event in story.diary.events)

    def _day(self, day: date, end: datetime) -> None:
        morning = datetime.combine(day, MORNING, tzinfo=clock.SHANGHAI)
        if morning > end:
            return
        self.desk.move_to(morning)
        for story in self._all():
            for moment, event in story.diary.events:
                if moment == day:
                    self._try(story, lambda story=story, event=event: event(story, day))  # type: ignore[misc]
        for _round in range(LAST_ROUND):
            due = self._due(day)
            if not due:
                break
            for story, task in due:
                self._tick()
                with suppress(Gone):  # another's answer has withdrawn the task meanwhile
                    self._try(story, lambda story=story, task=task: story.do(task, day))  # type: ignore[misc]
            dispatch.settle_outbox()
        else:
            raise Stuck(f"{day}: the same tasks again and again: {[t.element for _s, t in due][:10]}")
        self.told(day, self.desk.completed)

    def _tick(self) -> None:
        self.desk.clock.move_to(clock.now() + PACE)

    def _try(self, story: Story, act: Callable[[], None]) -> None:
        if story.plan.no in self.stuck:
            return
        try:
            act()
        except (Stuck, LookupError, StopIteration, KeyError, ValueError) as problem:
            if not self.lenient:
                raise
            self.stuck[story.plan.no] = f"{clock.now():%F} {type(problem).__name__}: {problem}"

    def _all(self) -> Iterable[Story]:
        return (*self.stories.values(), self.common)

    def _due(self, day: date) -> list[tuple[Story, OpenTask]]:
        found = []
        for task in self.desk.open():
            story = self._story(task)
            if story is None or story.plan.no in self.stuck:
                continue
            planned = story.due(task, task.opened_at.astimezone(clock.SHANGHAI).date(), day)
            if planned is not None and planned <= day:
                found.append((planned, task.id, story, task))
        return [(story, task) for _planned, _id, story, task in sorted(found, key=lambda one: one[:2])]

    def _story(self, task: OpenTask) -> Story | None:
        number = str(task.inputs.get("project_no") or task.project_no)
        if number:
            return self.stories.get(number)
        for story in self.stories.values():
            if task.instance_id in story.instances:
                return story
        return None if task.process == "p01u_unit_plan" else self.common
