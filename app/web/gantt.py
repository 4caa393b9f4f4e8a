"""The geometry of a project's Gantt: shares of the width for bars, ticks, payments and today; no text stretches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from app.queries.projects import PaymentRow, Phase
from app.web.filters import said, wan

ROW = 34
HEAD = 30
LEFT_OF = 84.0
"""A label whose bar ends after this share of the width stands before the bar."""
MARGIN = timedelta(days=20)
FEW_MONTHS = 30


@dataclass(frozen=True)
class Tick:
    """A line of the time axis."""

    x: str
    label: str
    major: bool


@dataclass(frozen=True)
class Bar:
    """One phase as a bar; an empty width means that nothing is known of it yet."""

    number: int
    row: int
    status: str
    x: str = ""
    width: str = ""
    label: str = ""
    label_x: str = ""
    before: bool = False


@dataclass(frozen=True)
class Dot:
    """One payment on the axis, made or expected."""

    x: str
    paid: bool
    label: str
    before: bool


@dataclass(frozen=True)
class Chart:
    """The whole picture."""

    rows: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    payments: tuple[Dot, ...]
    today: str
    height: int


@dataclass(frozen=True)
class _Axis:
    start: date
    end: date

    def at(self, day: date) -> float:
        return 100 * (day - self.start).days / max(1, (self.end - self.start).days)


def chart(phases: Sequence[Phase], payments: Sequence[PaymentRow], *, today: date) -> Chart | None:
    """Return the picture of a project's phases and payments, or None while no phase has begun."""
    days = [day for phase in phases for day in (phase.started_on, phase.ended_on, phase.expected_on) if day]
    if not any(phase.started_on for phase in phases):
        return None
    days += [day for payment in payments for day in (payment.paid_on, payment.due_on) if day]
    axis = _Axis(min([*days, today]) - MARGIN, max([*days, today]) + 2 * MARGIN)
    rows = tuple(_bar(phase, place, axis, today) for place, phase in enumerate(phases))
    dots = tuple(_dots(payments, axis, today))
    height = HEAD + ROW * (len(rows) + bool(dots))
    return Chart(rows, tuple(_ticks(axis)), dots, _share(axis.at(today)), height)


def _share(value: float) -> str:
    return f"{value:.2f}%"


def _bar(phase: Phase, row: int, axis: _Axis, today: date) -> Bar:
    start, end = phase.started_on, phase.ended_on
    if phase.status == "later" and phase.expected_on:
        start, end = phase.expected_on - timedelta(days=365), phase.expected_on
        start = max(start, today + timedelta(days=7))
    elif start and not end:
        end = today
    if not start or not end or end < start:
        return Bar(phase.number, row, phase.status)
    left, right = axis.at(start), max(axis.at(end), axis.at(start) + 0.3)
    before = right > LEFT_OF and phase.status != "now"
    label = said(phase.caption if phase.status == "now" else phase.result)
    return Bar(
        phase.number,
        row,
        phase.status,
        _share(left),
        _share(right - left),
        label,
        _share(left if before else right),
        before,
    )


def _dots(payments: Sequence[PaymentRow], axis: _Axis, today: date) -> Iterator[Dot]:
    for payment in payments:
        day = payment.paid_on or payment.due_on or payment.expected_on
        if day is None or (payment.paid_on is None and day < today):
            continue
        at = axis.at(day)
        label = f"{payment.node} {wan(payment.fen)}" + ("" if payment.paid_on else _("（未付）"))
        yield Dot(_share(at), bool(payment.paid_on), label, at > LEFT_OF + 8)


def _ticks(axis: _Axis) -> Iterator[Tick]:
    months = (axis.end.year - axis.start.year) * 12 + axis.end.month - axis.start.month
    step = 3 if months <= FEW_MONTHS else 6 if months <= 2 * FEW_MONTHS else 12
    year, month = axis.start.year, 1
    while (day := date(year, month, 1)) <= axis.end - MARGIN:
        if day >= axis.start:
            label = str(year) if month == 1 else _("%(month)s 月", month=month)
            yield Tick(_share(axis.at(day)), label, major=month == 1)
        month += step
        if month > 12:  # noqa: PLR2004 -- a year has twelve months
            year, month = year + 1, 1
