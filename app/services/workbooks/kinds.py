"""The workbooks that may be handed in: a unit's plan, each row an F-02; the existing systems, each row an F-22."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.duplicates import bare
from app.domain.legacy_systems import legacy_refusals
from app.domain.states import State
from app.domain.terms import Nature
from app.errors import InvalidAnswers, Refused
from app.form_schema import FormModel, validate
from app.models.accounts import Organisation
from app.models.business import Project, SystemEntry
from app.models.documents import Draft, Submission
from app.models.process import ProcessInstance, UserTask
from app.services import definitions, parameters, process_instances, system_catalogue, user_tasks
from app.services.context import Actor
from app.services.workbooks.layout import Column, Layout, columns_of, posted

FILING = "p01u_unit_plan"
GIVEN_UP = (State.WITHDRAWN.value, State.REJECTED.value, State.REMOVED.value, State.TERMINATED.value)
"""States in which a name is free again."""
NEEDS_REPORT = (Nature.REBUILD.value, Nature.EXTEND.value, Nature.SCRAP.value)
LATER = frozenset({"assessor", "assessed_on", "assess_report"})
"""What a cell cannot hold: the report of 系统测评, which is a file, and who made it when."""
DRAFTED = "存为草稿：还缺测评机构、测评日期和系统测评报告，请在收件箱里补上后报送（第九条）。"
NOT_SECRET = {"secret": False, "other_rule": False}
UNIT = Column("单位", "", "text", required=True, help="填写单位的简称、全称或者代码。")
MOST_ITEMS, MOST_SYSTEMS = 100, 1000


@dataclass(frozen=True)
class Taken:
    """What became of a row: the number that it got, or why it is a draft that somebody has to finish."""

    no: str = ""
    note: str = ""


@dataclass(frozen=True)
class Kind:
    """How one kind of workbook is drawn up and how a row of it is carried out."""

    role: str
    """Who may hand it in."""
    named_by: int
    """Which column names a row."""
    identity: Callable[[Mapping[str, Any]], object]
    """What two rows may not have in common."""
    layout: Callable[[Session], Layout]
    take: Callable[..., Taken]
    """Carries out a row; raises Refused."""
    asks_secrecy: bool = False
    """Whether the person has to say first that nothing in it is secret (第三十四条)."""


def _form(session: Session, key: str) -> FormModel:
    found = definitions.in_force(session, "form", key)
    if found is None:
        raise Refused("表单 %(form)s 还没有发布，暂时不能导入。", form=key)
    return definitions.form_model(session, found.id)


# -- a unit's plan -----------------------------------------------------------------------------------------------------


def _plan_layout(session: Session) -> Layout:
    return Layout(
        kind="plan",
        title="年度计划项",
        sheet="计划项",
        columns=columns_of(_form(session, "f02"), without=LATER),
        most_rows=MOST_ITEMS,
        notes=(
            "一行一个计划项；标红的列必填。金额单位：万元，填数字，不带逗号和单位；日期设成日期格式。",
            "涉及国家秘密或者另有规定的项目不得填入本表（第三十四条）。",
            "改建、扩建、报废的计划项须附系统测评报告，导入后存为草稿，请在收件箱里补上报告再报送（第九条）。",
            "原系统填政务信息系统目录里的编号。",
            "各资金来源之和等于估算总投资；没有的来源留空。",
            "不要合并单元格，不要用公式，不要改工作表和表头的名字。",
            "上传后先逐行检查；全部通过后由你确认，整个文件一次导入，再由单位负责人逐项签报。",
        ),
    )


def _plan_identity(values: Mapping[str, Any]) -> object:
    return bare(str(values.get("项目名称") or "")), values.get("计划年度")


def _take_item(session: Session, layout: Layout, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Taken:
    """File one plan item as its unit's clerk would on the pages: the question of secrecy, then F-02 (第九条).

    An item that needs an assessment report waits as her draft until the report has been attached.
    """
    answers = posted(layout.columns, values)
    _not_filed_yet(session, str(answers.get("name") or ""), answers.get("fy"), by=by)
    instance_id = _filing(session, answers.get("fy"), by=by, now=now)
    asked = _open(session, instance_id, "f01")
    user_tasks.complete(session, asked, dict(NOT_SECRET), by=by, now=now)
    filing = _open(session, instance_id, "f02")
    if values.get("项目性质") in NEEDS_REPORT:
        return _drafted(session, filing, answers, by=by, now=now)
    user_tasks.complete(session, filing, answers, by=by, now=now)
    kept = session.scalar(select(Submission.answers).where(Submission.task_id == filing)) or {}
    for column in layout.columns:
        if column.key in answers and column.key not in kept:
            raise Refused("“%(label)s”在这种情况下不填，请清空这一格。", label=column.label)
    project_id = session.get_one(ProcessInstance, instance_id).project_id
    return Taken(session.get_one(Project, project_id).no)


def _drafted(session: Session, task_id: int, answers: Mapping[str, Any], *, by: Actor, now: datetime) -> Taken:
    """Keep a row as a draft of its F-02 once only the assessment is wanting; raise InvalidAnswers for anything else."""
    mine = select(Draft.values).join(UserTask, UserTask.id == Draft.task_id)
    for known in session.scalars(mine.where(Draft.person_id == by.id, UserTask.form_id == "f02",
                                            UserTask.status == "open")):  # fmt: skip
        if bare(str(known.get("name") or "")) == bare(str(answers.get("name") or "")):
            raise Refused("你已有同名的计划项草稿，请在收件箱里继续填写，不重复导入。", label="项目名称")
    try:
        with session.begin_nested():
            user_tasks.complete(session, task_id, dict(answers), by=by, now=now)
    except InvalidAnswers as wanting:
        session.expire_all()
        wrong = {path: found for path, found in wanting.errors.items() if path not in LATER}
        if wrong:
            raise InvalidAnswers(wrong) from wanting
    user_tasks.save_draft(session, task_id, answers, by=by, now=now)
    return Taken(note=DRAFTED)


def _not_filed_yet(session: Session, name: str, fy: object, *, by: Actor) -> None:
    rows = session.execute(
        select(Project.no, Project.name).where(
            Project.unit_id == by.organisation_id, Project.fy == fy, Project.name != "", Project.state.not_in(GIVEN_UP)
        )
    )
    for no, known in rows:
        if bare(known) == bare(name):
            raise Refused("本单位 %(fy)s 年度已有同名的计划项 %(no)s，不重复导入。", fy=fy, no=no, label="项目名称")


def _filing(session: Session, fy: object, *, by: Actor, now: datetime) -> int:
    """Return the instance to file in: the one that the yearly call has opened for the unit, else a new one."""
    called = session.execute(
        select(ProcessInstance.id, ProcessInstance.started_at)
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(
            ProcessInstance.process_key == FILING,
            ProcessInstance.parent_id.is_not(None),
            ProcessInstance.project_id.is_(None),
            UserTask.form_id == "f01",
            UserTask.status == "open",
            UserTask.unit_id == by.organisation_id,
            UserTask.claimed_at.is_(None),
        )
        .order_by(ProcessInstance.id)
    )
    for instance_id, started_at in called:
        if started_at.year + 1 == fy:
            return int(instance_id)
    code = session.scalar(select(Organisation.code).where(Organisation.id == by.organisation_id))
    instance = process_instances.start(
        session, FILING, now=now, by=by, variables={"unit": code, "fy": fy}, unit_id=by.organisation_id
    )
    session.flush()
    return instance.id


def _open(session: Session, instance_id: int, form_id: str) -> int:
    found = session.scalar(
        select(UserTask.id).where(
            UserTask.instance_id == instance_id, UserTask.form_id == form_id, UserTask.status == "open"
        )
    )
    if found is None:
        raise Refused("现行的流程图没有可填报计划项的一步，请逐项填报，并告知流程管理员。")
    return found


# -- existing systems --------------------------------------------------------------------------------------------------


def _system_layout(session: Session) -> Layout:
    return Layout(
        kind="systems",
        title="存量政务信息系统",
        sheet="系统",
        columns=(UNIT, *columns_of(_form(session, "f22"), without=("status",))),
        most_rows=MOST_SYSTEMS,
        notes=(
            "一行一个已经建成、没有对应项目的系统（第十九条）；标红的列必填。日期设成日期格式。",
            "不要合并单元格，不要用公式，不要改工作表和表头的名字。",
            "上传后先逐行检查；全部通过后由你确认，整个文件一次导入，导入的系统即列入目录。",
        ),
    )


def _system_identity(values: Mapping[str, Any]) -> object:
    return str(values.get("单位") or ""), bare(str(values.get("系统名称") or ""))


def _take_system(session: Session, layout: Layout, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Taken:
    """Enter one existing system as F-22 does; the sharing section that hands it in has checked it (第十九条)."""
    unit = _unit(session, str(values.get("单位") or ""))
    answers = validate(
        _form(session, "f22"), posted(layout.columns[1:], values) | {"status": "在用"}, context={}, today=now.date(),
        now=now,
    )  # fmt: skip
    name = str(answers.get("name") or "")
    rows = session.execute(
        select(SystemEntry.code, SystemEntry.name).where(
            SystemEntry.unit_id == unit.id, SystemEntry.status != "cancelled"
        )
    )
    for code, known in rows:
        if bare(known) == bare(name):
            raise Refused(
                "目录里%(unit)s已有同名的系统 %(no)s，不重复导入。", unit=unit.short, no=code, label="系统名称"
            )
    entry = system_catalogue.new_entry(session, unit_id=unit.id, project_id=None)
    system_catalogue.fill(entry, answers, by=by.username)
    in_force = parameters.current(session, now.date())
    for refusal in legacy_refusals(entry.online_on, str(answers.get("note") or ""), in_force):
        raise Refused(refusal.message, label="说明", **refusal.values)
    entry.status, entry.content = "active", {**entry.content, "checked_by": by.username}
    session.add(entry)
    session.flush()
    return Taken(entry.code)


def _unit(session: Session, text: str) -> Organisation:
    found = session.scalar(
        select(Organisation).where(
            (Organisation.code == text) | (Organisation.short == text) | (Organisation.name == text),
            Organisation.eligible,
        )
    )
    if found is None:
        raise Refused("没有名为“%(value)s”的项目单位，请填单位的简称、全称或者代码。", value=text[:40], label="单位")
    return found


KINDS: Mapping[str, Kind] = {
    "plan": Kind("unit_clerk", 0, _plan_identity, _plan_layout, _take_item, asks_secrecy=True),
    "systems": Kind("bur_share", 1, _system_identity, _system_layout, _take_system),
}
"""Kind in the address → how it is handled."""
