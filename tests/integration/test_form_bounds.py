"""Every shipped form over HTTP, at the bounds that its schema draws: each fault is named at its field, nothing is kept.

The faults are worked out from the schema (tests/integration/form_bounds.py), so a new form is covered by lying in
forms/. One task of each form waits for one person; whatever is handed in here is refused in both languages, and in the
end every task is still open.
"""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.models.accounts import Person
from app.models.business import Project
from app.models.documents import Submission
from app.models.process import Definition, UserTask
from app.services import definitions, process_instances
from app.services.accounts import actor_of
from tests.integration.form_bounds import (
    FORMS,
    Leaf,
    every_path,
    faults,
    hidden,
    leaves,
    lists,
    model_of,
    put,
    seen,
    states,
)
from tests.integration.office import task as a_task
from tests.integration.web_clients import NOW
from tests.unit.engine import drawing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.form_schema import FormModel
    from tests.integration.web_clients import County

CLERK = "jyj.wang"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


BY_COMPARISON = {"f05z": ["nomination"], "f09r": ["reason"], "f13": ["change"], "f16o": ["reason"]}
"""Fields that no single answer shows: two compared with each other do, or whose project it is (COI-08)."""
ASIDE = {"f05e": {"declare_first": "=true"}, "f09r": {"reviewing": "=true"}, "f21": {"asking": "=true"}}
"""Forms that show more where their task says so: what it says."""


def every_form_waits(county: County) -> dict[str, list[int]]:
    """Let one task of each form wait for the clerk, and another one where the task says more; return them by form."""
    names = {f"t_{form_id}": a_task(f"t_{form_id}", form=form_id) for form_id in FORMS}
    names |= {
        f"t_{form_id}_aside": a_task(f"t_{form_id}_aside", form=form_id, extensions=drawing.mapping(inputs=said))
        for form_id, said in ASIDE.items()
    }
    body = drawing.start() + drawing.node("parallelGateway", "all") + drawing.end() + "".join(names.values())
    body += drawing.flows("s > all", *[f"all > {name} > e" for name in names])
    source = drawing.definitions(body, process_id="p_every_form")
    with county.change() as session:
        clerk = actor_of(session, session.get_one(Person, county.people[CLERK]))
        definition = Definition(  # not by `publish`: a clerk has no business with most of these forms
            kind="bpmn", key="p_every_form", version=1, name="每张表单", source=source.decode(),
            sha256=hashlib.sha256(source).hexdigest(), published_by=clerk.id, published_at=NOW,
        )  # fmt: skip
        session.add(definition)
        session.flush()
        definitions.release(session, definition, by=None, now=NOW, shipped=True)
        project = session.get_one(Project, county["own.project_id"])
        instance = process_instances.start(
            session, "p_every_form", now=NOW, by=clerk, project_id=project.id, unit_id=project.unit_id
        )
        found: dict[str, list[int]] = {}
        query = select(UserTask.form_id, UserTask.id).where(UserTask.instance_id == instance.id)
        for form_id, task_id in session.execute(query.order_by(UserTask.element_id)):
            found.setdefault(form_id, []).append(task_id)
        return found


class Desk:
    """One form in front of the clerk."""

    def __init__(self, county: County, form_id: str, task_id: int) -> None:
        self.browser, self.task_id = county.as_(CLERK), task_id
        self.language = "en"
        self.form: FormModel = model_of(form_id)
        self.context: Mapping[str, Any] = self.browser.task_page(task_id)["data"]

    def hand_in(self, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """Hand in what must be refused; return the sentences by path, in Chinese and in English by turns."""
        self.language = "en" if self.language == "zh" else "zh"
        answer = self.browser.post(f"/tasks/{self.task_id}/complete?lang={self.language}", json={"values": values})
        assert answer.status_code == 422, (self.form.form_id, values, answer.get_data(as_text=True)[:300])
        found: dict[str, list[str]] = answer.get_json()["errors"]
        for path, sentences in found.items():
            spoken = [bool(CHINESE.search(said)) for said in sentences]
            assert spoken == [self.language == "zh"] * len(sentences), (self.form.form_id, path, sentences)
        return found

    def walk(self) -> set[tuple[str, str]]:
        """Try every fault of every field in the first state that shows it; return what was tried."""
        tried: set[tuple[str, str]] = set()
        for state in states(self.form, self.context):
            settled = seen(self.form, state, self.context)
            here = list(leaves(self.form.fields, settled, settled.data))
            self.leave_out(state, here, list(hidden(self.form.fields, settled)))
            self.spoil(state, here, tried)
        return tried

    def leave_out(self, state: Mapping[str, Any], here: list[Leaf], unseen: list[str]) -> None:
        """Hand in nothing but what decides: what is required and visible is named, what is hidden is not asked."""
        answered = {leaf.path for leaf in here if _given(state, leaf)}
        wanted = {leaf.path for leaf in here if leaf.item.rules.get("required")} - answered
        said = self.hand_in({**state, **{key: {"nonsense": 1} for key in unseen}, "surplus": 1})
        named = {path for path in said if path in {leaf.path for leaf in here}}
        assert wanted <= named, (self.form.form_id, state, wanted - named)
        assert not [path for path in said if path.partition("[")[0].partition(".")[0] in unseen], (state, said)
        assert said["surplus"]

    def spoil(self, state: Mapping[str, Any], here: list[Leaf], tried: set[tuple[str, str]]) -> None:
        """Spoil every field at once, each in its first way, then each in its second …"""
        ways = {leaf: list(faults(leaf.item).items()) for leaf in here if not _given(state, leaf)}
        for number in range(max(map(len, ways.values()), default=0)):
            spoilt = {leaf: found[number] for leaf, found in ways.items() if number < len(found)}
            if all((leaf.path, kind) in tried for leaf, (kind, _) in spoilt.items()):
                continue
            posted = deepcopy(dict(state))
            for leaf, (_, value) in spoilt.items():
                put(posted, leaf.path, value)
            after = seen(self.form, posted, self.context)
            still = {leaf.path for leaf in leaves(self.form.fields, after, after.data)}
            said = self.hand_in(posted)
            for leaf, (kind, value) in spoilt.items():
                if leaf.path in still:
                    assert said.get(leaf.path), (self.form.form_id, kind, leaf.path, value)
                    tried.add((leaf.path, kind))


def _given(state: Mapping[str, Any], leaf: Leaf) -> bool:
    at: Any = state
    for step in leaf.path.replace("[", ".").replace("]", "").split("."):
        at = at[int(step)] if step.isdigit() else (at or {}).get(step)
    return at is not None


@pytest.fixture
def desks(county: County) -> dict[str, list[Desk]]:
    """The desks of every shipped form."""
    return {
        form_id: [Desk(county, form_id, task_id) for task_id in tasks]
        for form_id, tasks in every_form_waits(county).items()
    }


def test_every_form_names_every_fault_and_keeps_nothing(county: County, desks: dict[str, list[Desk]]) -> None:
    assert sorted(desks) == FORMS
    before = county.count(Submission)
    never = {}
    for form_id, places in desks.items():
        tried = {path for desk in places for path, _ in desk.walk()}
        columns = {re.sub(r"\[\d+\]", "[]", path) for path in tried}
        never[form_id] = sorted(set(every_path(model_of(form_id).fields)) ^ columns)
        for desk in places:
            rows_of_lists(desk)
    assert {form_id: paths for form_id, paths in never.items() if paths} == BY_COMPARISON
    assert county.count(Submission) == before
    everyone = [desk.task_id for places in desks.values() for desk in places]
    with county.look() as session:
        still = select(func.count()).where(UserTask.id.in_(everyone), UserTask.status == "open")
        assert session.scalar(still) == len(everyone) == len(FORMS) + len(ASIDE)


def rows_of_lists(desk: Desk) -> None:
    """Too few rows, too many, and an even number where it must be odd."""
    for state in states(desk.form, desk.context):
        settled = seen(desk.form, state, desk.context)
        shown = [item for item in lists(desk.form.fields) if item.key in settled.data]
        least = {item.key: int(item.properties.get("list.min", 0)) for item in shown}
        most = {item.key: int(item.properties["list.max"]) for item in shown}
        for rows in (
            {key: limit - 1 for key, limit in least.items() if limit},
            {key: limit + 1 for key, limit in most.items()},
            {item.key: 4 for item in shown if item.properties.get("list.odd") == "true"},
        ):
            said = desk.hand_in({**state, **{key: [{}] * count for key, count in rows.items()}}) if rows else {}
            assert not rows.keys() - said.keys(), (desk.form.form_id, rows)


# -- one answer against another ----------------------------------------------------------------------------------------

AGAINST: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("f02", {"total": 10, "fy_amount": 10.000001}, "fy_amount", "“本年度需求”不能大于 10 万元。"),
    (
        "f02",
        {"total": 10, "source": [{"kind": "县级", "amount": 6}, {"kind": "上级", "amount": 3.999999}]},
        "source",
        "合计 9.999999 万元，应为 10 万元。",
    ),
    ("f03", {"budget_lines": [{"quantity": 1, "price": 1}]}, "budget_lines", "万元，应为 1234.56 万元。"),
    ("f03", {"mlps_level": 3, "crypto_required": False}, "crypto_required", "三级"),
    ("f09r", {"requested": 5, "approved": 5.000001}, "approved", "不能大于 5 万元。"),
    ("f13", {"amount": 100, "pay_nodes": [{"amount": 99.999999}]}, "pay_nodes", "合计 99.999999 万元，应为 100 万元。"),
    ("f13", {"start_on": "2026-12-02", "end_on": "2026-12-01"}, "end_on", "不能早于 2026-12-02。"),
    ("f15k", {"start_on": "2026-12-02", "plan_end": "2026-12-01"}, "plan_end", "不能早于 2026-12-02。"),
    ("f16p", {"trial_from": "2026-10-02", "trial_to": "2026-10-01"}, "trial_to", "不能早于 2026-10-02。"),
    ("f20a", {"amount": 3, "lines": [{"amount": 1}, {"amount": 1}]}, "lines", "合计 2 万元，应为 3 万元。"),
    ("f25s", {"weight_operation": 30, "weight_sharing": 30, "weight_performance": 39}, "weight_performance", "100"),
    ("f26", {"kind": "暂停建设", "from_on": "2026-12-02", "to_on": "2026-12-01"}, "to_on", "不能早于 2026-12-02。"),
)
"""Form, answers, the field that is named, and what its sentence says."""


def test_what_contradicts_another_answer_is_named(county: County, desks: dict[str, list[Desk]]) -> None:
    before = county.count(Submission)
    for form_id, answers, path, sentence in AGAINST:
        desk = desks[form_id][-1]
        desk.language = "en"  # the next one is said in Chinese
        said = desk.hand_in(answers)
        assert sentence in " ".join(said.get(path, [])), (form_id, answers, said)
    assert county.count(Submission) == before
