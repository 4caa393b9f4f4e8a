"""Rules on timers: what each must say, and what looks like a legal deadline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.engine.lint.durations import is_moment, read_cycle_period, read_period
from app.engine.lint.rules import ERROR, WARNING, Hits, at, rule
from app.engine.xml import BPMN, XmlElement, children, local_name, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.lint.diagram import Diagram, Node
    from app.engine.timers import Period


_TIMERS: Final = ("timeDate", "timeDuration", "timeCycle")


_LEGAL_DAYS: Final = 30
"""From this many days on a duration is more likely a legal period than a pause."""


_FEEL_DURATION: Final = re.compile(r'(?:duration\s*\(\s*"|@")(P[^"]{1,40})"')


def timers(diagram: Diagram) -> Iterator[tuple[Node, XmlElement]]:
    """Yield each timer definition with its event."""
    for node in diagram.nodes:
        for definition in node.definitions:
            if local_name(definition) == "timerEventDefinition":
                yield node, definition


def timer_parts(definition: XmlElement) -> list[XmlElement]:
    """Return the `timeDate`, `timeDuration` and `timeCycle` of a timer that say something."""
    return [part for part in children(definition, BPMN, *_TIMERS) if text_of(part)]


@rule(
    "timer-without-definition",
    ERROR,
    zh="定时事件“%(name)s”没有写明时间。",
    en="The timer event “%(name)s” does not say when.",
    hint="请填写日期、时长或周期，例如 =deadline.acceptance.fires_at 或 P10WD。",
    hint_en="Give a date, a duration or a cycle, such as =deadline.acceptance.fires_at or P10WD.",
)
def timer_without_definition(diagram: Diagram) -> Hits:
    """Yield each timer that says nothing."""
    for node, definition in timers(diagram):
        if not timer_parts(definition):
            yield at(node.id, name=node.label)


@rule(
    "timer-defined-twice",
    ERROR,
    zh="定时事件“%(name)s”同时写了日期、时长或周期中的几个。",
    en="The timer event “%(name)s” gives more than one of date, duration and cycle.",
    hint="请只留一个。",
    hint_en="Keep one.",
)
def timer_defined_twice(diagram: Diagram) -> Hits:
    """Yield each timer that says several things."""
    for node, definition in timers(diagram):
        if len(timer_parts(definition)) > 1:
            yield at(node.id, name=node.label)


@rule(
    "timer-invalid",
    ERROR,
    zh="定时事件“%(name)s”的“%(text)s”不合 ISO 8601 的写法。",
    en="“%(text)s” of the timer event “%(name)s” is not ISO 8601.",
    hint="日期写 2026-10-01T09:00:00+08:00，时长写 P5D、PT1H、P10WD（工作日），周期写 R/P7D；表达式以 = 开头。",
    hint_en="A date is written 2026-10-01T09:00:00+08:00, a duration P5D, PT1H or P10WD (working days), a cycle R/P7D; "
    "an expression begins with =.",
)
def timer_invalid(diagram: Diagram) -> Hits:
    """Yield each timer whose static text is no date, duration or cycle."""
    for node, part, text in _static_timers(diagram):
        kind = local_name(part)
        right = is_moment(text) if kind == "timeDate" else _period(kind, text) is not None
        if not right:
            yield at(node.id, name=node.label, text=text)


@rule(
    "timer-not-positive",
    ERROR,
    zh="定时事件“%(name)s”的时长“%(text)s”不大于零，引擎会不停触发。",
    en="The period “%(text)s” of the timer event “%(name)s” is not positive; the engine would fire without end.",
    hint="请写大于零的时长。",
    hint_en="Give a period greater than zero.",
)
def timer_not_positive(diagram: Diagram) -> Hits:
    """Yield each timer whose period does not lead forward."""
    for node, part, text in _static_timers(diagram):
        period = _period(local_name(part), text)
        if period is not None and not period.is_positive():
            yield at(node.id, name=node.label, text=text)


@rule(
    "timer-cycle-misplaced",
    WARNING,
    zh="“%(name)s”用了周期，但它只触发一次：周期只能用在开始事件和不中断的边界事件上。",
    en="“%(name)s” has a cycle but fires once: a cycle belongs to a start event or a non-interrupting boundary event.",
    hint="请改写日期或时长，或把边界事件设为不中断。",
    hint_en="Give a date or a duration, or make the boundary event non-interrupting.",
)
def timer_cycle_misplaced(diagram: Diagram) -> Hits:
    """Yield each cycle where nothing can repeat."""
    for node, definition in timers(diagram):
        repeats = node.type == "startEvent" or node.element.get("cancelActivity") == "false"
        if not repeats and any(local_name(part) == "timeCycle" for part in timer_parts(definition)):
            yield at(node.id, name=node.label)


@rule(
    "legal-deadline-drawn",
    WARNING,
    zh="定时事件“%(name)s”自己写了期限“%(text)s”；法定期限应从时限台账读取，顺延和展期才会生效。",
    en="The timer event “%(name)s” writes the period “%(text)s” itself; legal deadlines are read from the ledger, so "
    "that postponements and extensions count.",
    hint="请改为日期，例如 =deadline.acceptance.fires_at。",
    hint_en="Use a date such as =deadline.acceptance.fires_at.",
)
def legal_deadline_drawn(diagram: Diagram) -> Hits:
    """Yield each timer on or after a step whose duration looks like a legal period: months, years, 30 days and more."""
    for node, definition in timers(diagram):
        if node.type not in ("boundaryEvent", "intermediateCatchEvent"):
            continue
        for part in timer_parts(definition):
            if local_name(part) == "timeCycle":
                continue
            text = text_of(part)
            written = _FEEL_DURATION.findall(text) if text.startswith("=") else [text]
            for item in written:
                period = read_period(item)
                if period is not None and (period.months or period.exact.days >= _LEGAL_DAYS):
                    yield at(node.id, name=node.label, text=item)


def _static_timers(diagram: Diagram) -> Iterator[tuple[Node, XmlElement, str]]:
    for node, definition in timers(diagram):
        for part in timer_parts(definition):
            text = text_of(part)
            if not text.startswith("="):
                yield node, part, text


def _period(kind: str, text: str) -> Period | None:
    if kind == "timeDuration":
        return read_period(text)
    return read_cycle_period(text) if kind == "timeCycle" else None
