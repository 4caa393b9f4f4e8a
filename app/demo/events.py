"""What the demonstration's people start by themselves: an item, a payment, a report of delay, an inspection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.demo.desk import Stuck
from app.demo.diary import Entry, Event
from app.demo.story import Story

FILING = "p01u_unit_plan"
EXISTING: Sequence[Mapping[str, Any]] = (
    {"单位": "县卫健委", "系统名称": "基层卫生服务信息系统", "承建单位": "原承建单位", "上线日期": date(2017, 5, 2),
     "部署方式": "政务云", "运行网络": "电子政务外网", "等级保护级别": "二级", "使用范围": "全县基层卫生机构"},
    {"单位": "县住建局", "系统名称": "住房保障信息系统", "承建单位": "原承建单位", "上线日期": date(2018, 8, 20),
     "部署方式": "机房", "运行网络": "业务专网", "等级保护级别": "二级", "使用范围": "县住建局"},
)  # fmt: skip
"""Systems that were there before and that no later project changes."""


def file_item(story: Story, today: date) -> None:
    """The unit answers the question about secrets and fills in its item; the first time that makes the project.

    It takes the task that the yearly call has opened for the unit, else it starts one by itself (第十八条 动态申报).
    """
    desk, unit = story.desk, story.desk.staff.units[story.plan.unit]
    taken = {number for other in story.instances_of_all() for number in other}
    waiting = [
        task
        for task in desk.open(process=FILING)
        if task.unit_id == unit and not task.project_no and task.instance_id not in taken
    ]
    if waiting and not story.notes.get("late"):
        instance = waiting[0].instance_id
    else:  # the unit's second item, or one that it works out apart from the yearly call and files late
        clerk = desk.staff.holder("unit_clerk", story.plan.unit)
        instance = desk.start(FILING, clerk, variables={"fy": story.plan.fy, "unit": story.plan.unit})
    story.instances.add(instance)
    desk.continue_numbers("project", story.plan.fy, story.plan.serial - 1)
    while tasks := [task for task in desk.open(instance_id=instance) if task.element in {"ask_secrecy", "file_item"}]:
        story.do(tasks[0], today)
        if tasks[0].element == "file_item":
            break
    found = desk.project(story.plan.no)
    if found is None:
        raise Stuck(f"{story.plan.no}: the project got another number")
    story.project_id = found


def nil_returns(story: Story, today: date) -> None:
    """Every unit that has nothing to file says so before the plan closes (零申报)."""
    del today
    taken = {number for other in story.instances_of_all() for number in other}
    for task in story.desk.open(process=FILING):
        if task.element == "ask_secrecy" and task.instance_id not in taken:
            story.desk.complete(task, {"nothing_to_file": True})


def start(
    process: str, role: str, *, notes: Mapping[str, Any] | None = None, variables: Mapping[str, Any] | None = None
) -> Event:
    """Return the event that the holder of a role, of the unit or of its one office, starts a process of the project."""

    def begin(story: Story, today: date) -> None:
        del today
        story.notes.update(notes or {})
        holder = story.holder(role)
        story.begun.append(
            story.desk.start(
                process, holder, project_id=story.key, variables={"project_no": story.plan.no, **(variables or {})},
                unit_id=story.unit_id,
            )
        )  # fmt: skip

    return begin


def pay(node: str, amount: Decimal) -> Event:
    """Return the event that the unit applies for the payment of a node of the contract."""

    def begin(story: Story, today: date) -> None:
        start("p11_payment", "unit_clerk")(story, today)
        story.notes.setdefault("payments", {})[story.begun[-1]] = (node, str(amount))

    return begin


def register_resource(index: int) -> Event:
    """Return the event that the unit registers the resource `index` of its filing in the platform's catalogue."""

    def begin(story: Story, today: date) -> None:
        start("p12b_resources", "unit_clerk")(story, today)
        story.notes.setdefault("resource_of", {})[str(story.begun[-1])] = index

    return begin


def register_legacy(name: str, online: date, *, deploy: str = "政务云", unit: str = "") -> Event:
    """Return the event that a unit enters a system which was there before (第十九条)."""

    def begin(story: Story, today: date) -> None:
        story.notes.update(legacy_name=name, legacy_online=online.isoformat(), legacy_deploy=deploy)
        clerk = story.desk.staff.holder("unit_clerk", unit or story.plan.unit)
        instance = story.desk.start("p12c_legacy", clerk)
        story.instances.add(instance)
        for task in story.desk.open(instance_id=instance):
            story.do(task, today)

    return begin


def import_systems(story: Story, today: date) -> None:
    """The sharing section takes over the list of existing systems that no project of the county names (第十九条)."""
    del today
    story.desk.hand_in("systems", EXISTING, by=story.desk.staff.holder("bur_share"))


def attempt(key: str, gate: str, **answers: Any) -> Event:
    """Return the event that somebody tries what a gate refuses; the task stays open and the attempt is logged."""

    def begin(story: Story, today: date) -> None:
        task = story.open(key)
        story.desk.refuse(task, story.answers(task, Entry(answers=answers), today), gate)

    return begin


def supplement(fy: int) -> Event:
    """Return the event that the bureau's section opens a supplementary batch of the plan of `fy` (第十八条)."""

    def begin(story: Story, today: date) -> None:
        del today
        by = story.desk.staff.holder("bur_section")
        story.desk.start("p01_annual_plan", by, variables={"fy": fy}, start_event_id="supplement")

    return begin


def number_on_paper(kind: str, year: int, last: int) -> Event:
    """Return the event that an office's numbers go on after those it has given out on paper."""

    def begin(story: Story, today: date) -> None:
        del today
        story.desk.continue_numbers(kind, year, last)

    return begin


def withdraw(reason: str) -> Event:
    """Return the event that the unit's head takes the project back."""

    def begin(story: Story, today: date) -> None:
        del today
        story.desk.withdraw(story.key, story.holder("unit_head"), reason)

    return begin
