"""A county whose facts, operations and people answer at random, but always with values of the right type."""

from __future__ import annotations

from copy import copy
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import SHANGHAI
from app.domain.deadline_kinds import KINDS
from app.domain.parameters import Parameters
from app.domain.states import State
from app.domain.terms import Category, FundingForm, Nature
from app.domain.vocabulary import FACTS, HOLDS, OPERATIONS
from app.form_schema import display_context, parse_form, routing_values
from app.form_schema.answers import _Reading
from app.form_schema.options import normalised, options
from app.form_schema.posted import shaped
from app.form_schema.visibility import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from app.engine.step import UserTaskWait
    from app.form_schema import Field, FormModel
    from app.form_schema.visibility import Values

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
NO_DEADLINE: Mapping[str, object] = {"due": None, "fires_at": None, "reminders": [], "overdue": False}
WORDS: Mapping[str, Sequence[str]] = {
    "project.path": "TGLYB",
    "project.state": (*State, *5 * ("REJECTED", "WITHDRAWN", "ALTERNATE", "REMOVED", "TERMINATED")),
    "project.category": tuple(Category),
    "project.nature": tuple(Nature),
    "project.funding_form": tuple(FundingForm),
    "project.library_status": ("在库", "备选", "剔除", ""),
}
"""The words of those facts that stand in a closed list; states that diagrams ask for come more often."""
MAYBE = frozenset({"reviewed_fen", "approved_fen", "completed_on", "accepted_on", "online_on"})
"""Facts of a project that are null until something has happened."""
OPTIONAL_ANSWERED = 0.6
HOLD_CODES = ("H-ACC", "H-EVAL")


@cache
def form_of(form_id: str) -> FormModel:
    """Return the model of a shipped form."""
    return parse_form((ROOT / "forms" / f"{form_id}.form").read_bytes())


class CountyByChance:
    """What a step asks of the application. Facts stay as they are until `turn` or `move_deadlines` is called."""

    def __init__(self, chance: Random, *, has_project: bool) -> None:
        self.chance = chance
        self.now = NOW
        self.has_project = has_project
        self.submissions: dict[str, Mapping[str, object]] = {}
        self.deadlines: dict[str, date] = {}
        self.project: dict[str, object] = {}
        self.turn()
        self.move_deadlines()

    def copied(self) -> CountyByChance:
        """Return the same county, to go on from in another way; chance is shared."""
        other = copy(self)
        other.submissions = dict(self.submissions)
        other.deadlines = dict(self.deadlines)
        other.project = dict(self.project)
        return other

    def turn(self) -> None:
        """Let every fact of the project change."""
        for name, fact in FACTS.items():
            root, _, key = name.partition(".")
            if root == "project":
                absent = not self.has_project or (key in MAYBE and self.chance.random() < 0.5)
                self.project[key] = None if absent else self._fact(name, fact.type)

    def move_deadlines(self) -> None:
        """Let the ledger change: rows move and new ones come, none goes away."""
        for kind in KINDS:
            if self.chance.random() < 0.5:
                self.deadlines[kind] = self.some_day()

    def facts(self, names: frozenset[str]) -> Mapping[str, object]:
        found: dict[str, object] = {}
        for root in {name.partition(".")[0] for name in names}:
            if root == "submission":
                found[root] = self._submitted(names)
            else:
                found[root] = {
                    "project": self.project,
                    "deadline": {kind: self._deadline(kind) for kind in KINDS},
                    "hold": {"active": [], **{name: {"active": False, "since": None} for name in HOLDS}},
                    "instance": {"key": "1"},
                    "parameter": asdict(Parameters()),
                }[root]
        return found

    def operation(self, kind: str, inputs: Mapping[str, object], headers: Mapping[str, str]) -> Mapping[str, object]:
        del inputs
        if kind == "deadline.start":
            self.deadlines[headers["kind"]] = self.some_day()
        if kind == "plan.open":
            self.deadlines["plan"] = self.some_day()
        return {name: RESULTS[name](self) for name in OPERATIONS[kind].outputs}

    def decision_source(self, decision_id: str) -> str:
        return (ROOT / "bpmn" / f"{decision_id}.dmn").read_text(encoding="utf-8")

    def after_working_days(self, start: date, days: int) -> date:
        day = start
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < 5
        return day

    def answer(self, task: UserTaskWait) -> tuple[Mapping[str, object], Mapping[str, object]]:
        """Return typed answers to the form of a task, as a person might give them, and what of them routes."""
        form = form_of(task.form_id)
        lists = {name: [{"label": word, "value": word} for word in "甲乙丙"] for name in form.option_names}
        context = {**display_context(self.facts(form.context_names)), **display_context(task.inputs), **lists}
        blank = settle(form.fields, shaped(form.fields, {}).data, context, now=self.now)
        posted = shaped(form.fields, self._posted(form.fields, blank.values[""], context))
        settled = settle(form.fields, posted.data, context, now=self.now)
        reading = _Reading(posted, settled, self.now.date(), None)
        answers = reading.scope(form.fields, settled.data, "", row=0)
        self.submissions[task.form_id] = answers
        return answers, routing_values(form, answers)

    def called(self, process_id: str) -> None:
        """A called process has ended: what it has certainly left in the ledger is there."""
        if process_id == "p09_acceptance":
            self.deadlines["evaluation_opens"] = self.some_day()

    def words(self, is_hold: bool) -> str:
        """Return a word for a message to carry."""
        return self.chance.choice(HOLD_CODES) if is_hold else "文字"

    def numbers(self, most: int = 3) -> list[str]:
        """Return numbers of up to `most` projects, sometimes of none."""
        return [f"XWXX-2026-T-{serial:03}" for serial in range(1, self.chance.randint(0, most) + 1)]

    def experts(self) -> list[str]:
        """Return up to three experts, sometimes none."""
        return [expert for expert in ("e1", "e2", "e3") if self.chance.random() < 0.6]

    def _posted(self, fields: Sequence[Field], values: Values, context: Mapping[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        for item in fields:
            if item.type == "group":
                inner = self._posted(item.children, values, context)
                found |= {item.key: inner} if item.key else inner
            elif item.type == "dynamiclist":
                rows = range(self.chance.randint(0, 3))
                found[item.key] = [self._posted(item.children, values, context) for _ in rows]
            elif item.key and item.type != "expression":
                must = bool(item.rules.get("required")) and item.type != "checkbox"
                if must or self.chance.random() < OPTIONAL_ANSWERED:
                    found[item.key] = self._chosen(item, values, context)
        return found

    def _chosen(self, item: Field, values: Values, context: Mapping[str, object]) -> object:
        offered = [option.value for option in options(item, values, context)]
        if item.component.get("valuesExpression") and not offered:
            offered = [option.value for option in normalised(list("甲乙丙"))]
        found: Mapping[str, Callable[[], object]] = {
            "radio": lambda: self.chance.choice(offered),
            "select": lambda: self.chance.choice(offered),
            "taglist": lambda: [value for value in offered if self.chance.random() < 0.5],
            "checklist": lambda: [value for value in offered if self.chance.random() < 0.5],
            "checkbox": lambda: self.chance.random() < 0.5,
            "number": lambda: self.chance.choice((0, 1, 3, 60, 100, 2027)),
            "datetime": lambda: self._moment(str(item.component.get("subtype", "date"))),
            "filepicker": lambda: ["a1"],
        }
        return found.get(item.type, lambda: "文字")()

    def _moment(self, subtype: str) -> str:
        day = self.some_day().isoformat()
        return day if subtype == "date" else f"{day}T09:00:00+08:00"

    def _fact(self, name: str, type_: str) -> object:
        if name in WORDS:
            return str(self.chance.choice(WORDS[name]))
        found: Mapping[str, Callable[[], object]] = {
            "string": lambda: "文字",
            "boolean": lambda: self.chance.random() < 0.5,
            "number": lambda: self.chance.choice((0, 1, 2, 3, 181)),
            "fen": lambda: self.chance.choice((0, 1, 50_000_000)),
            "date": self.some_day,
        }
        return found[type_]()

    def _submitted(self, names: frozenset[str]) -> dict[str, object]:
        """A field that was not submitted answers null."""
        found: dict[str, dict[str, object]] = {}
        for name in names:
            root, _, rest = name.partition(".")
            form_id, _, path = rest.partition(".")
            if root == "submission":
                given = self.submissions.get(form_id, {})
                found.setdefault(form_id, {})[path.partition(".")[0]] = given.get(path.partition(".")[0])
        return dict(found)

    def some_day(self) -> date:
        return self.now.date() + timedelta(days=self.chance.randint(-3, 40))

    def _deadline(self, kind: str) -> Mapping[str, object]:
        due = self.deadlines.get(kind)
        if due is None:
            return NO_DEADLINE
        fires_at = datetime.combine(due + timedelta(days=1), time(), SHANGHAI)
        reminders = [datetime.combine(due - timedelta(days=n), time(8, 30), SHANGHAI) for n in (30, 15, 7, 3, 1)]
        return {"due": due, "fires_at": fires_at, "reminders": reminders, "overdue": self.now >= fires_at}


def a_bool(county: CountyByChance) -> object:
    return county.chance.random() < 0.5


def a_count(county: CountyByChance) -> object:
    return county.chance.choice((0, 1, 5))


def a_percentage(county: CountyByChance) -> object:
    return county.chance.choice((0, 59, 60, 61, 100))


RESULTS: Mapping[str, Callable[[CountyByChance], object]] = {
    "gate_ok": a_bool,
    "refusals": a_count,
    "due": lambda county: county.some_day(),
    "hold_in_force": a_bool,
    "hold_lifted": a_bool,
    "lapsed": a_bool,
    "measure_taken": a_bool,
    "units": lambda county: ["nyj", "slj", "wgl"][: county.chance.randint(0, 3)],
    "findings": a_count,
    "items": lambda county: county.numbers(),
    "approved_items": lambda county: county.numbers(),
    "panel": lambda _county: ["e1", "e2", "e3"],
    "undeclared": lambda county: county.experts(),
    "leader": lambda _county: "e1",
    "rolled_items": lambda county: county.numbers(),
    "removed_count": a_count,
    "budget_fy": lambda _county: 2027,
    "not_started": lambda county: county.numbers(),
    "scope_version": a_count,
    "reopen_preprocurement": a_bool,
    "catalogue_active": a_bool,
    "total": a_percentage,
    "share_percent": a_percentage,
    "band": lambda county: county.chance.choice("优良中差"),
    "figures": lambda _county: [],
    "low_projects": lambda county: county.numbers(),
    "measure": lambda county: county.chance.choice(("不采取措施", "通报批评", "暂缓拨付", "暂停建设", "终止")),
}
"""What an operation gives back under each name, by chance."""
