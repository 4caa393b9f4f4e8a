"""The load of the demonstration county: accounts, shipped definitions, then every project by running the engine."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, time
from pathlib import Path

from app import clock
from app.demo import answers, diaries, people
from app.demo.county import County, Plan, county
from app.demo.desk import Desk
from app.demo.diary import Diary
from app.demo.story import Story, Telling
from app.domain.calendar import Calendar
from app.services import calendars, shipping
from app.services.attachments import LocalBlobs
from app.settings import ROOT
from app.unit_of_work import unit_of_work

__all__ = ["answers", "load"]

BEGINNING = date(2022, 9, 26)
"""The Monday on which the county's first year begins; the call for the plan of 2023 follows on 1 October."""
HOUR = time(8, 0)
COMMON = Plan(no="", name="", unit="dsj", path="", nature="", state="", note="", row={})


def load(
    blobs: Path,
    *,
    told: Callable[[date, int], None] = lambda _day, _completed: None,
    only: Collection[str] = (),
    lenient: bool = False,
    begin: date = BEGINNING,
    until: datetime | None = None,
    began: Callable[[Telling], None] = lambda _telling: None,
) -> Telling:
    """Load the county into the database of this process, which is empty; `blobs` is the folder for attachments.

    `told` hears of each day with the number of tasks completed so far. `only` names the projects wanted (default: all),
    `begin` the day to begin on and `until` the moment to end at (default: the demonstration's own); `began` gets the
    telling before its first day. Raises Stuck where a story cannot go on, unless
    `lenient`.
    """
    found = county()
    with clock.frozen(datetime.combine(begin, HOUR, tzinfo=clock.SHANGHAI)) as frozen:
        with unit_of_work() as session:
            staff = people.enter(session, found, now=clock.now())
            shipping.import_files(session, shipping.shipped_files(ROOT), now=clock.now())
            calendar = calendars.current(session)
        desk = Desk(staff, LocalBlobs(blobs), frozen)
        written = diaries.diaries(found, calendar)
        chosen = [plan for plan in found.plans if not only or plan.no in only]
        chosen.sort(key=lambda plan: (plan.fy, plan.serial))
        stories = {plan.no: _story(plan, written[plan.no], desk, found, calendar) for plan in chosen}
        for story in stories.values():
            story.others = list(stories.values())
        common = _story(COMMON, diaries.common(calendar), desk, found, calendar)
        common.others = list(stories.values())
        telling = Telling(desk, found, calendar, stories, common, lenient)
        telling.told = told
        began(telling)
        telling.tell(begin, until or found.now)
    return telling


def _story(plan: Plan, diary: Diary, desk: Desk, found: County, calendar: Calendar) -> Story:
    return Story(plan, diary, desk, found, calendar, dict(diary.notes))
