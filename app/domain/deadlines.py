"""The deadlines of the regulation: their day-counts, reminders, extensions, and how far they are overdue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain

from app.domain.articles import Article, implements
from app.domain.calendar import Calendar, at, days_after, last_day, weekday
from app.domain.deadline_kinds import KINDS, DeadlineKind, Rung, Source
from app.domain.deadline_lengths import lengths_of, longest_of
from app.domain.invalid_value import InvalidValue
from app.domain.parameters import Parameters
from app.domain.periods import NOT_MOVED, ONLY_WORKING_DAYS, DayCount, Length, Step, Unit, count, fixed

REMINDER_TIME = time(8, 30)

DELAY_REPORTED = Article(21, "应当向县政务服务和大数据管理局报告延期原因，并明确验收时间")

_STATUTORY_DATE = "规定的日期是 %(day)s（%(weekday)s）。"
_ORDERED_DATE = "文书写明的期限是 %(day)s（%(weekday)s）。"
_NEW_DATE = "延期报告明确的时间是 %(day)s（%(weekday)s）。"


@dataclass(frozen=True)
class Reminder:
    """One reminder to be sent: when, and to which roles."""

    at: datetime
    days: int
    """Days from the deadline to the day of the reminder; negative before."""
    roles: tuple[str, ...]


def kind_of(name_or_number: str) -> DeadlineKind:
    """Return the kind with this FEEL name or T-number, whatever its case.

    Raises InvalidValue for an unknown one, and for a number that several kinds share (T-08, T-14, T-22).
    """
    wanted = name_or_number.strip().lower()
    exact = [kind for kind in KINDS.values() if wanted in {kind.name, kind.number.lower()}]
    if exact:
        return exact[0]
    several = [kind.number for kind in KINDS.values() if wanted and kind.number.lower()[:-1] == wanted]
    if several:
        raise InvalidValue(
            "%(kind)s 包括 %(several)s，请写明其中一个。", kind=name_or_number, several="、".join(several)
        )
    known = "、".join(f"{kind.name}（{kind.number}）" for kind in KINDS.values())
    raise InvalidValue("没有名为 %(kind)s 的时限。可用的有：%(known)s。", kind=name_or_number, known=known)


@implements(
    *dict.fromkeys(kind.article for kind in KINDS.values() if kind.article and kind.source is Source.REGULATION),
    ids=tuple(kind.number for kind in KINDS.values()),
)
def compute(
    kind: str,
    start: date,
    calendar: Calendar,
    *,
    length: Length | None = None,
    until: date | None = None,
    parameters: Parameters | None = None,
) -> DayCount:
    """Return the day-count of the deadline `kind` (name or T-number) that the event on `start` sets off.

    A yearly date (T-01, T-09, T-16, T-24) is the next one that is not over on `start`; T-14a and T-14b both count from
    the day of going into operation. `parameters` in force give the usual length where it is open [C]; `length` replaces
    it where an order, opinion or contract may set another, and `until` gives the last day itself where such a paper
    names a date.
    Raises InvalidValue for an unknown kind, a length that is fixed by law, one that is too long, or a date not after
    `start`.
    """
    row = kind_of(kind)
    if (length or until) and not row.adjustable:
        raise InvalidValue("%(kind)s的期限由法规规定，不能另定。", kind=row.zh)
    in_force = parameters or Parameters()
    if row.day:
        return _yearly(row, start, calendar, row.day, rolls=row.rolls and in_force.plan_date_rolls)
    if until:
        if until <= start:
            raise InvalidValue("期限 %(until)s 要晚于起算日 %(start)s。", until=until, start=start)
        counted = fixed(start, until, calendar, message=_ORDERED_DATE, law=_law(row))
    else:
        lengths = (*row.lengths[:-1], length) if length else lengths_of(row, in_force)
        counted = count(start, calendar, *lengths, rolls=row.rolls)
    longest = longest_of(row, in_force)
    if longest and counted.raw > last_day(start, days=longest.count):
        raise InvalidValue("%(kind)s的期限最长%(longest)s。", kind=row.zh, longest=longest.text())
    return counted


def reminders(
    kind: str, counted: DayCount, calendar: Calendar, *, registered_on: date | None = None
) -> tuple[datetime, ...]:
    """Return the moments of the reminders, in order: 08:30 Asia/Shanghai, on working days (see `ladder`)."""
    return tuple(reminder.at for reminder in ladder(kind, counted, calendar, registered_on=registered_on))


def ladder(
    kind: str, counted: DayCount, calendar: Calendar, *, registered_on: date | None = None
) -> tuple[Reminder, ...]:
    """Return the reminders of a deadline, in order, each with the roles to tell.

    Before the deadline a reminder on a day off moves to the previous working day; after it, to the next, since nobody
    is called overdue who is not. A yearly date keeps naming the date itself (30 November), wherever it is moved to.
    Reminders that were due before `registered_on` (default: the start) collapse into one on the first working day
    from then on. Raises InvalidValue for an unknown kind.
    """
    row = kind_of(kind)
    registered = registered_on or counted.start
    base = counted.raw if row.day else counted.due
    by_day: dict[date, list[Rung]] = {}
    for rung in row.ladder:
        day = _day_of(rung, base, calendar)
        by_day.setdefault(day if day >= registered else calendar.next_working_day(registered), []).append(rung)
    return tuple(
        Reminder(at(day, REMINDER_TIME), (day - base).days, tuple(dict.fromkeys(chain(*(r.roles for r in rungs)))))
        for day, rungs in sorted(by_day.items())
    )


@implements(DELAY_REPORTED, ids=("T-12",))
def move(
    counted: DayCount,
    new_date: date,
    calendar: Calendar,
    *,
    reports: int = 0,
    first_due: date | None = None,
    head_consents: bool = False,
    parameters: Parameters | None = None,
) -> DayCount:
    """Return the deadline moved to `new_date` of a report of delay, or the next working day (Art. 21, T-12).

    `reports` counts the reports registered before, `first_due` is the deadline before the first of them (default:
    the present one). Two parameters limit their number and their days together (2 and 180 by default; without a cap
    Art. 20 would be empty), unless the bureau head consents.
    Raises InvalidValue beyond the limits, or when the new date is not later than the present deadline.
    """
    if new_date <= counted.due:
        raise InvalidValue("新的验收时间 %(new)s 要晚于现在的期限 %(due)s。", new=new_date, due=counted.due)
    in_force = parameters or Parameters()
    within = within_extension_limits(first_due or counted.due, new_date, reports=reports, parameters=in_force)
    if not head_consents and not within:
        raise InvalidValue(
            "延期报告最多 %(most)s 次、合计 %(days)s 天，超出的由大数据局领导决定。",
            most=in_force.extensions_at_most,
            days=in_force.extension_days_at_most,
        )
    return fixed(counted.start, new_date, calendar, message=_NEW_DATE, law=DELAY_REPORTED.citation)


def within_extension_limits(
    first_due: date, new_date: date, *, reports: int, parameters: Parameters | None = None
) -> bool:
    """Say whether one more report after `reports` may move a deadline from `first_due` to `new_date` unasked (T-12)."""
    in_force = parameters or Parameters()
    few = reports < in_force.extensions_at_most
    return few and (new_date - first_due).days <= in_force.extension_days_at_most


def again(kind: str, start: date, raw: date, steps: Sequence[Mapping[str, object]], calendar: Calendar) -> DayCount:
    """Count a deadline of the ledger again by another calendar, as it was counted when it was entered.

    `steps` are those of `as_mapping`: a counted period keeps its lengths, a date that a paper or the law names stays
    the same date. Raises InvalidValue for an unknown kind.
    """
    row = kind_of(kind)
    lengths = [found for step in steps if (found := _length_of(step)) is not None]
    if lengths:
        return count(start, calendar, *lengths, rolls=row.rolls)
    first = steps[0]
    rolls = row.rolls and not any(step.get("message") == NOT_MOVED for step in steps)
    counted = fixed(start, raw, calendar, message=str(first["message"]), law=str(first["law"]), rolls=rolls)
    return replace(counted, fires_at=counted.fires_at + timedelta(minutes=row.minutes_after_midnight))


def _length_of(step: Mapping[str, object]) -> Length | None:
    values = step.get("values")
    if not isinstance(values, Mapping):
        return None
    if step.get("message") == ONLY_WORKING_DAYS:
        return Length(int(str(values["count"])), Unit.WORKING_DAYS)
    length = values.get("length")
    return Length(int(length["count"]), Unit(length["unit"])) if isinstance(length, Mapping) else None


def overdue_days(due: date, today: date) -> int:
    """Return how many days `today` lies after the last day `due`; 0 up to and including that day."""
    return max(0, (today - due).days)


def overdue_working_days(due: date, today: date, calendar: Calendar) -> int:
    """Return how many working days have begun since the last day `due`, today included."""
    return sum(calendar.is_working_day(day) for day in days_after(due, today))


def explain(kind: str, counted: DayCount, translate: Callable[[str], str] = str) -> str:
    """Return the day-count as text, one numbered line a step, in the language of `translate` (gettext).

    Raises InvalidValue for an unknown kind.
    """
    row = kind_of(kind)
    lines = [f"{row.number} {translate(row.zh)} · {translate(_law(row))}", _line(translate, "起算", counted.start)]
    lines += [f"{number}. {step_text(step, translate)}" for number, step in enumerate(counted.steps, start=1)]
    lines.append(_line(translate, "到期", counted.due))
    if counted.provisional:
        lines.append(translate("暂定：放假通知载入后重算。"))
    return "\n".join(lines)


def as_mapping(counted: DayCount, translate: Callable[[str], str] = str) -> dict[str, object]:
    """Return the day-count for JSON: `start`, `raw`, `due`, `fires_at`, `steps`, `provisional`.

    Dates and moments are ISO 8601; a step has `what`, `law`, `notice` and `date`, and with `message` and `values` what
    `restated` needs to say it in another language.
    """
    return {
        "start": counted.start.isoformat(),
        "raw": counted.raw.isoformat(),
        "due": counted.due.isoformat(),
        "fires_at": counted.fires_at.isoformat(),
        "steps": [
            {
                "what": step.text(translate),
                "law": translate(step.law) if step.law else "",
                "notice": step.notice,
                "date": step.day.isoformat(),
                "message": step.message,
                "values": {name: _plain(value) for name, value in step.values.items()},
            }
            for step in counted.steps
        ],
        "provisional": counted.provisional,
    }


def restated(step: Mapping[str, object], translate: Callable[[str], str]) -> str:
    """Return a step of `as_mapping`, as the ledger keeps it, in the language of `translate` (gettext)."""
    message, values = step.get("message"), step.get("values")
    if not isinstance(message, str) or not isinstance(values, Mapping):
        return str(step.get("what", ""))
    words = {name: _word(value, translate) for name, value in values.items()}
    return translate(message) % words


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Length):
        return {"count": value.count, "unit": value.unit.value}
    return value


def _word(value: object, translate: Callable[[str], str]) -> object:
    if isinstance(value, Mapping):
        return translate(str(value["unit"])) % {"count": value["count"]}
    return translate(value) if isinstance(value, str) and value else value


def step_text(step: Step, translate: Callable[[str], str] = str) -> str:
    """Return one step with its law and holiday notice in square brackets."""
    sources = [translate(step.law)] if step.law else []
    sources += [step.notice] if step.notice else []
    return step.text(translate) + (f" [{' · '.join(sources)}]" if sources else "")


def _line(translate: Callable[[str], str], label: str, day: date) -> str:
    return f"{translate(label)} {day.isoformat()} {translate(weekday(day))}"


def _law(row: DeadlineKind) -> str:
    return row.article.citation if row.article and row.source is Source.REGULATION else row.basis


def _yearly(row: DeadlineKind, start: date, calendar: Calendar, day: tuple[int, int], *, rolls: bool) -> DayCount:
    years = (date(start.year, *day), date(start.year + 1, *day))
    counted = next(
        counted
        for given in years
        if (counted := fixed(start, given, calendar, message=_STATUTORY_DATE, law=_law(row), rolls=rolls)).due >= start
    )
    return replace(counted, fires_at=counted.fires_at + timedelta(minutes=row.minutes_after_midnight))


def _day_of(rung: Rung, base: date, calendar: Calendar) -> date:
    if rung.on:
        return calendar.previous_working_day(date(base.year, *rung.on))
    day = base + timedelta(days=rung.days)
    return calendar.next_working_day(day) if rung.days > 0 else calendar.previous_working_day(day)
