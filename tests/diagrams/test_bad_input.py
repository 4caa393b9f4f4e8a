"""Every amount, number and date of every form against values that no county means: each gets a sentence with its name.

Generated from the forms themselves, so that a new field is judged too. What a field may hold beyond that (no more than
the award, not before its cause) is asked by the recorders: tests/scenarios/test_every_gate.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.clock import SHANGHAI
from app.domain.roles import ROLES
from app.errors import InvalidAnswers
from app.form_schema import Field, FormModel, parse_form, validate
from tests.diagrams.test_shipped_diagrams import DIAGRAMS, elements, find, said, tree

FORMS = sorted((Path(__file__).parents[2] / "forms").glob("*.form"))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
MONEY = (-(10**9), 10**9, 0.0000001, "壹万", 1e300)
NUMBERS = (-(10**13), 10**13, 1e300, "多")
DAYS = ("0001-01-01", "2026-02-30", "9999-12-31", "明天")
MAY_FALL = frozenset({"f14.delta"})
"""Amounts that may be negative: a change may save money."""


@dataclass(frozen=True)
class Place:
    """A field of a form, with the groups and lists in which it stands."""

    form: FormModel
    path: tuple[Field, ...]
    item: Field

    @property
    def name(self) -> str:
        return ".".join([self.form.form_id, *(one.key for one in self.path if one.key), self.item.key])

    @property
    def always(self) -> bool:
        """Whether it is shown whatever else is answered."""
        return not any(one.component.get("conditional") for one in (*self.path, self.item))

    def posted(self, value: object) -> dict[str, Any]:
        found: Any = {self.item.key: value}
        for one in reversed(self.path):
            found = {one.key: [found]} if one.type == "dynamiclist" else {one.key: found} if one.key else found
        return dict(found)


def places(form: FormModel, fields: Sequence[Field], path: tuple[Field, ...] = ()) -> Iterator[Place]:
    for item in fields:
        if item.children:
            yield from places(form, item.children, (*path, item))
        elif item.key and item.type in {"number", "datetime"}:
            yield Place(form, path, item)


ALL = [place for path in FORMS for form in [parse_form(path.read_bytes())] for place in places(form, form.fields)]
SHOWN = [place for place in ALL if place.always]


def sentences(place: Place, value: object) -> list[str]:
    """Return what is said of a field that holds a value; none if it is taken as it is."""
    try:
        validate(place.form, place.posted(value), context={}, today=NOW.date(), now=NOW, owns=lambda _file: True)
    except InvalidAnswers as refused:
        told = {path: said for path, said in refused.errors.items() if path.rpartition(".")[2] == place.item.key}
        return [str(one) for found in told.values() for one in found]
    return []


@pytest.mark.parametrize("place", SHOWN, ids=lambda place: place.name)
def test_what_no_county_means_gets_a_sentence_that_names_the_field(place: Place) -> None:
    values: tuple[object, ...] = MONEY if place.item.is_money else NUMBERS
    if place.item.type == "datetime":
        moment = place.item.component.get("subtype", "date") != "date"
        values = tuple(f"{day}T09:00:00+08:00" for day in DAYS) if moment else DAYS
    if place.name in MAY_FALL:
        assert sentences(place, -1) == []
    for value in values:
        told = sentences(place, value)
        assert told, value
        assert all("“" in one and one.endswith("。") for one in told), told


def test_amounts_that_may_not_fall_are_refused_below_zero() -> None:
    money = [place for place in SHOWN if place.item.is_money and place.name not in MAY_FALL]
    assert len(money) == 19
    assert [place.name for place in money if not sentences(place, -0.01)] == []


def test_fields_that_appear_only_sometimes_obey_the_same_rules() -> None:
    """They are judged by the same code once they are shown; here only that each has a label to be named by."""
    hidden = [place for place in ALL if not place.always]
    assert [place.name for place in hidden if not (place.item.label() or place.item.component.get("dateLabel"))] == []


def lists(fields: Sequence[Field]) -> Iterator[Field]:
    """Yield the lists with a sum, wherever they stand."""
    for item in fields:
        if any(name.startswith("list.sum.") for name in item.properties):
            yield item
        elif item.type == "group":
            yield from lists(item.children)


SUMS = [
    pytest.param(form, item, id=f"{form.form_id}.{item.key}")
    for path in FORMS
    for form in [parse_form(path.read_bytes())]
    for item in lists(form.fields)
]


@pytest.mark.parametrize(("form", "item"), SUMS)
def test_sums_that_disagree_name_the_list_and_both_sums(form: FormModel, item: Field) -> None:
    name, total = next((name, to) for name, to in item.properties.items() if name.startswith("list.sum."))
    target = total.removeprefix("=")
    column = name.removeprefix("list.sum.")
    rows = [{column: wan, "quantity": 1, "unit_price": wan} for wan in (1.5, 2)]
    posted: dict[str, object] = {item.key: rows}
    context: dict[str, object] = {"project": {"total": 4}} if "." in target else {}
    posted |= {} if "." in target else {target: 4}
    with pytest.raises(InvalidAnswers) as refused:
        validate(form, posted, context=context, today=NOW.date(), now=NOW, owns=lambda _file: True)
    told = [str(one) for one in refused.value.errors.get(item.key, ())]
    assert any("合计 3.5 万元，应为 4 万元。" in one for one in told), refused.value.errors


def test_every_form_with_a_sum_is_here() -> None:
    assert {str(one.id).partition(".")[0] for one in SUMS} == {"f02", "f03", "f13", "f20a"}


# -- who does it -------------------------------------------------------------------------------------------------------


def accounts() -> frozenset[str]:
    """Return the roles that the demonstration's accounts hold."""
    from app.demo.county import county  # noqa: PLC0415 -- only this test looks at it

    return frozenset(role for body in county().bodies for person in body.people for role in person.roles)


TASKS = [
    pytest.param(path, said(task, "id"), id=f"{path.stem}.{said(task, 'id')}")
    for path in DIAGRAMS
    for task in elements(tree(path), "userTask")
]


@pytest.mark.parametrize(("path", "task_id"), TASKS)
def test_each_user_task_can_be_held_by_a_demonstration_account(path: Path, task_id: str) -> None:
    task = next(one for one in elements(tree(path), "userTask") if said(one, "id") == task_id)
    groups = said(find(task, "bpmn:extensionElements/zeebe:assignmentDefinition")[0], "candidateGroups").split(",")
    assert set(groups) <= set(ROLES)
    assert set(groups) <= accounts(), task_id
