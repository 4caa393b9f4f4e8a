"""How values read on a page: money in 万元, days with their weekday, deadlines as tags, names of codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from flask_babel import get_locale
from flask_babel import gettext as _

from app import clock
from app.domain import deadlines
from app.errors import Sentence
from app.queries.said import Said
from app.web import assets, icons, words

if TYPE_CHECKING:
    from flask import Flask

    from app.queries.task import WorkingStep

FEN_A_WAN = 1_000_000
"""分 in 万元."""
KILO = 1024


def wan(fen: int | None, dash: str = "—") -> str:
    """Return 分 as 万元 with two decimals and thousands separated, rounded half up; a dash for what is not there."""
    if fen is None:
        return dash
    return f"{(Decimal(fen) / FEN_A_WAN).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def signed_wan(fen: int) -> str:
    """Return 分 as 万元 with its sign: +18.50."""
    return f"+{wan(fen)}" if fen > 0 else wan(fen)


def percent(part: int | None, whole: int | None) -> str:
    """Return part of whole as a percentage with two decimals, or a dash."""
    if not part or not whole:
        return "0.00%" if whole else "—"
    return f"{(Decimal(part) * 100 / Decimal(whole)).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def share(part: int | None, whole: int | None) -> str:
    """Return part of whole for a bar's width attribute, between 0 % and 100 %."""
    if not part or not whole or part < 0:
        return "0%"
    return f"{min(100.0, part * 100 / whole):.2f}%"


def weekday(day: date) -> str:
    """Return the short name of the day of the week."""
    return str(words.WEEKDAYS[day.weekday()])


def full_weekday(day: date) -> str:
    """Return the long name of the day of the week."""
    return str(words.FULL_WEEKDAYS[day.weekday()])


def iso(day: date | datetime | None) -> str:
    """Return the day as 2026-11-23, or a dash."""
    if day is None:
        return "—"
    return (day.date() if isinstance(day, datetime) else day).isoformat()


def iso_weekday(day: date | None) -> str:
    """Return the day with its weekday: 2026-11-23 周一."""
    return "—" if day is None else f"{day.isoformat()} {weekday(day)}"


def moment(at: datetime | None) -> str:
    """Return a moment in Asia/Shanghai: 2026-11-23 13:42, or a dash."""
    return "—" if at is None else f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def short_moment(at: datetime) -> str:
    """Return a moment as briefly as it stays clear: 今天 13:42, 11-20, 2025-11-20."""
    local = at.astimezone(clock.SHANGHAI)
    today = clock.today()
    if local.date() == today:
        return _("今天 %(time)s", time=f"{local:%H:%M}")
    return f"{local:%m-%d}" if local.year == today.year else f"{local:%Y-%m-%d}"


def time_of(at: datetime) -> str:
    """Return the time of a moment in Asia/Shanghai: 13:42."""
    return f"{at.astimezone(clock.SHANGHAI):%H:%M}"


@dataclass(frozen=True)
class DueTag:
    """A deadline as it stands in a list: its look, its icon and its words."""

    look: str
    icon: str
    text: str


def brief_day(day: date, today: date) -> str:
    """Return a day as it reads in a list: 周三 11-25 inside this week, 12-10 周四 this year, else with the year."""
    monday = today - timedelta(days=today.weekday())
    if monday <= day < monday + timedelta(days=7):
        return f"{weekday(day)} {day:%m-%d}"
    return f"{day:%m-%d} {weekday(day)}" if day.year == today.year else f"{day.isoformat()} {weekday(day)}"


def due_tag(due_on: date | None, working_days_late: int | None = None) -> DueTag:
    """Return how a deadline is shown: boxed only today and after it."""
    today = clock.today()
    if due_on is None:
        return DueTag("plain", "dash-circle", _("不限时"))
    if due_on == today:
        return DueTag("due", "circle-half", _("今天 24:00"))
    if due_on > today:
        return DueTag("plain", "circle", brief_day(due_on, today))
    if working_days_late:
        return DueTag("over", "exclamation-triangle-fill", _("逾期 %(count)s 个工作日", count=working_days_late))
    return DueTag("over", "exclamation-triangle-fill", _("逾期 %(count)s 天", count=(today - due_on).days))


def days_left(day: date) -> int:
    """Return the number of calendar days from today to `day`."""
    return (day - clock.today()).days


def file_size(size: int) -> str:
    """Return a file's size as people say it."""
    if size < KILO:
        return f"{size} B"
    if size < KILO * KILO:
        return f"{size / KILO:.0f} KB"
    return f"{size / KILO / KILO:.1f} MB"


HOUR, DAY = 3600, 86_400


def lasting(seconds: float | None) -> str:
    """Return a duration as people say it: 3.5 天, 6 小时, 5 分钟, or a dash."""
    if seconds is None:
        return "—"
    if round(seconds / HOUR) >= DAY / HOUR:
        return _("%(count)s 天", count=f"{seconds / DAY:.1f}".removesuffix(".0"))
    if round(seconds / 60) >= HOUR / 60:
        return _("%(count)s 小时", count=round(seconds / HOUR))
    return _("%(count)s 分钟", count=max(1, round(seconds / 60)) if seconds else 0)


def full_width(text: str) -> str:
    """Return stored text with the half-width punctuation of Chinese sentences widened; numbers stay as they are."""
    if NARROW.search(text) is None:
        return text
    out: list[str] = []
    for at, sign in enumerate(text):
        before = text[at - 1] if at else ""
        after = text[at + 1] if at + 1 < len(text) else ""
        chinese = _is_chinese(before) or _is_chinese(after)
        out.append(WIDE.get(sign, sign) if chinese else sign)
    return "".join(out)


NARROW = re.compile("[,:;()?!]")
WIDE = {",": "，", ":": "：", ";": "；", "(": "（", ")": "）", "?": "？", "!": "。"}


def _is_chinese(sign: str) -> bool:
    return bool(sign) and ("\u4e00" <= sign <= "\u9fff" or sign in "”“）（")


OPTIONAL = re.compile(r"（可不填）| ?\(optional\)", re.IGNORECASE)


def bare(label: str) -> str:
    """Return a field's label without what only matters while it is filled in."""
    return OPTIONAL.sub("", label)


def form_number(form_id: str) -> str:
    """Return a form's number as people know it: f16a → F-16a."""
    return f"F-{form_id[1:]}" if form_id[:1] == "f" and form_id[1:3].isdigit() else form_id


def fill(message: str, values: Mapping[str, object] | None = None) -> str:
    """Return a stored message id in the reader's language with its values written as a page writes them.

    What has a name in both languages stands there twice, as `task` and `task_en`.
    """
    if not values:
        return _(message)
    chosen = dict(values)
    if _english():
        chosen |= {name: values[f"{name}_en"] for name in values if values.get(f"{name}_en")}
    return _(message, **{name: _written(name, value) for name, value in chosen.items()})


def said(text: str | Said) -> str:
    """Return a message id in the reader's language; nothing stays nothing (for gettext it is the catalogue's head)."""
    if isinstance(text, Said):
        return fill(text.message, text.values) if text else ""
    return _(text) if text else ""


def drawn(name: str) -> str:
    """Return a name that a diagram gave: for readers of English its English, where the diagram has any."""
    return (getattr(name, "en", "") if _english() else "") or name


def _english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"


CITATION = re.compile("(?:民法典)?第[零一二三四五六七八九十百]+条")


def cited(text: str) -> str:
    """Return citations in the reader's language: 第十九条、第二十一条 is Art. 19, Art. 21."""
    return CITATION.sub(lambda found: _(found.group()), text).replace("、", _("、"))


def step(of: WorkingStep) -> str:
    """Return a step of a day-count in the reader's language."""
    return deadlines.restated(of.stored, _)


def _written(name: str, value: object) -> object:
    if name.endswith("_fen") and isinstance(value, int):
        return wan(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return _("、").join(str(_written(name, item)) for item in value)
    if isinstance(value, Sentence):
        return fill(value.message, value.values)
    return said(value) if isinstance(value, (str, Said)) else value


def register(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(
        wan=wan,
        signed_wan=signed_wan,
        iso=iso,
        iso_weekday=iso_weekday,
        weekday=weekday,
        full_weekday=full_weekday,
        moment=moment,
        short_moment=short_moment,
        time_of=time_of,
        days_left=days_left,
        file_size=file_size,
        full_width=full_width,
        lasting=lasting,
        form_number=form_number,
        bare=bare,
        said=said,
        drawn=drawn,
        cited=cited,
        step=step,
        state=lambda code: words.name_of(words.STATES, code),
        role=lambda code: words.name_of(words.ROLES, code),
        deadline=lambda code: words.name_of(words.DEADLINES, code),
        hold=lambda code: words.name_of(words.HOLDS, code),
        element=lambda code: words.name_of(words.ELEMENTS, code),
        instance_state=lambda code: words.name_of(words.INSTANCE_STATES, code),
        deadline_state=lambda code: words.name_of(words.DEADLINE_STATES, code),
        phase=lambda number: str(words.PHASES[number - 1]) if 0 < number <= len(words.PHASES) else "—",
    )
    app.jinja_env.globals.update(
        icon=icons.icon,
        styles=assets.styles,
        scripts=assets.scripts,
        asset=assets.asset,
        style_of=assets.style_of,
        due_tag=due_tag,
        percent=percent,
        share=share,
        fill=fill,
        form_number=form_number,
        state_look=lambda code: words.STATE_LOOKS.get(code, "plain"),
        deadline_number=lambda kind: words.DEADLINE_NUMBERS.get(kind, ""),
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
