"""Papers of a year: the plan sent to the county government D-01, the removals D-16, the sharing sheet D-18."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.domain.papers import EMPTY, Content, amount
from app.domain.papers.content import Text
from app.models.accounts import Organisation
from app.models.business import LibraryEntry, PlanItem, Project, ResourceItem, SharingScore
from app.models.documents import Submission
from app.models.process import UserTask
from app.services.papers.reading import Desk, article, fen, rows_of, text

PATH_NAMES = {"T": "政府投资", "G": "购买服务", "L": "联合建设", "Y": "运行维护", "B": "报废", "X": "另行规定"}
YEARS_WITHOUT_FUNDS = 3


def plan(desk: Desk, row: Submission) -> Content:
    """D-01 with the items on which F-02s was filled in in this instance, by unit, with subtotals per unit and path."""
    items = _batch(desk, row.instance_id)
    fy = max((item.fy for item, _project, _unit in items), default=desk.today.year + 1)
    total = sum(item.total_fen for item, _project, _unit in items)
    wanted = sum(item.fy_amount_fen for item, _project, _unit in items)
    units = len({unit.id for _item, _project, unit in items})
    late = sum(1 for item, _project, _unit in items if item.supplement)
    values: dict[str, object] = {
        "body": [
            f"依据{article(9)}，我局会同有关部门对各单位报送的{fy}年度政务信息化项目进行了研究汇总。"
            f"本批共{units}个单位{len(items)}个项目"
            + (f"（其中增补{late}个）" if late else "")
            + "，现将年度计划随文报上。",
            ["估算总投资合计", amount(total), "万元，本年度资金需求合计", amount(wanted),
             "万元（合计按精确值计算后四舍五入）。"],
            "妥否，请批示。",
        ],
        "items": _plan_rows(items),
        "signatures": desk.signatures(("签发", _username(desk, row), row.at.date())),
    }  # fmt: skip
    return desk.content("D-01", values, issued_on=row.at.date(), addressee="县人民政府",
                        title=f"关于报请审定{fy}年度政务信息化项目计划的请示")  # fmt: skip


def _username(desk: Desk, row: Submission) -> str:
    from app.models.accounts import Person  # noqa: PLC0415 -- used once

    return desk.session.scalar(select(Person.username).where(Person.id == row.by_id)) or ""


Item = tuple[PlanItem, Project, Organisation]


def _batch(desk: Desk, instance_id: int) -> list[Item]:
    inputs = desk.session.scalars(
        select(UserTask.inputs).where(
            UserTask.instance_id == instance_id, UserTask.form_id == "f02s", UserTask.status == "completed"
        )
    )
    numbers = {found["project_no"] for found in inputs if found and found.get("project_no")}
    rows = desk.session.execute(
        select(PlanItem, Project, Organisation)
        .join(Project, Project.id == PlanItem.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(Project.no.in_(numbers))
        .order_by(Organisation.id, PlanItem.rank, Project.no, PlanItem.fy.desc())
    ).all()
    newest: dict[int, Item] = {}
    for item, project, unit in rows:
        newest.setdefault(project.id, (item, project, unit))
    return list(newest.values())


def _plan_rows(items: Sequence[Item]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    place = 0
    for unit_id in dict.fromkeys(unit.id for _i, _p, unit in items):
        own = [one for one in items if one[2].id == unit_id]
        for item, project, unit in own:
            place += 1
            rows.append(_plan_row(place, item, project, unit))
        if len(own) > 1:
            rows.append(_sums(f"{own[0][2].short}小计", own))
    for letter in dict.fromkeys(project.path for _i, project, _u in items):
        same = [one for one in items if one[1].path == letter]
        rows.append(_sums(f"{PATH_NAMES[letter]}类小计（{len(same)}个）", same))
    rows.append(_sums(f"合计（{len(items)}个）", items))
    return rows


def _sums(label: str, items: Sequence[Item]) -> dict[str, object]:
    return {
        "name": label, "sum": True, "place": "", "unit": "", "nature": "", "funding_form": "", "content": "",
        "total": amount(sum(item.total_fen for item, _p, _u in items)),
        "fy_amount": amount(sum(item.fy_amount_fen for item, _p, _u in items)),
        "source": "", "period": "", "cloud": "", "suggestion": "", "remark": "",
    }  # fmt: skip


def _plan_row(place: int, item: PlanItem, project: Project, unit: Organisation) -> dict[str, object]:
    content: dict[str, Any] = item.content
    late = f"增补：{item.supplement_reason}" if item.supplement else ""
    return {
        "place": str(place), "name": project.name, "unit": unit.short or unit.name, "nature": project.nature,
        "funding_form": project.funding_form, "content": text(content.get("content")) or EMPTY,
        "total": amount(item.total_fen), "fy_amount": amount(item.fy_amount_fen), "source": _sources(content),
        "period": _period(content), "cloud": "是" if content.get("uses_cloud") else "否",
        "suggestion": item.suggestion or EMPTY, "remark": late or EMPTY,
    }  # fmt: skip


def _period(content: dict[str, Any]) -> str:
    months = content.get("period_months")
    return f"{months}个月" if months else EMPTY


def _sources(content: dict[str, Any]) -> Text:
    found: list[object] = []
    for one in rows_of(content.get("source")):
        found += ["、" if found else "", f"{text(one.get('kind'))} ", amount(fen(one.get("amount")))]
    return found or EMPTY


def removals(desk: Desk, row: Submission) -> Content:
    """D-16: the entries that the closing of a fiscal year has removed (第十八条)."""
    closed = row.at.date().year - 1
    found = desk.session.execute(
        select(LibraryEntry, Project, Organisation)
        .join(Project, Project.id == LibraryEntry.project_id)
        .join(Organisation, Organisation.id == Project.unit_id)
        .where(LibraryEntry.status == "剔除", LibraryEntry.removed_on.is_not(None))
        .order_by(Project.no)
    ).all()
    removed = [
        (entry, project, unit)
        for entry, project, unit in found
        if entry.removed_on is not None and entry.removed_on.year == closed + 1
    ]
    values: dict[str, object] = {
        "body": [
            f"依据{article(18)}，入库项目连续三年未予安排资金的自动剔除出库。{closed}年度终了，"
            + (f"以下{len(removed)}个项目剔除出库。" if removed else "没有项目剔除出库。")
        ],
        "items": [
            {"place": str(place), "no": project.no, "name": project.name, "unit": unit.short or unit.name,
             "entered": str(entry.entered_fy),
             "years": "、".join(str(year) for year in sorted(entry.closed_fys)[-YEARS_WITHOUT_FUNDS:]),
             "total": amount(project.total_fen)}
            for place, (entry, project, unit) in enumerate(removed, start=1)
        ],
        "signatures": desk.signatures(("签收", _username(desk, row), row.at.date())),
    }  # fmt: skip
    return desk.content("D-16", values, issued_on=row.at.date(), title=f"{closed}年度剔除出库清单")


def sharing(desk: Desk, row: Submission) -> Content:
    """D-18: each unit's five indicators and its score, as the sharing section settled them (第二十五条)."""
    year = row.at.date().year - 1
    found = desk.session.execute(
        select(SharingScore, Organisation.short, Organisation.name)
        .join(Organisation, Organisation.id == SharingScore.unit_id)
        .where(SharingScore.year == year)
        .order_by(SharingScore.score.desc(), Organisation.id)
    ).all()
    rows = [_sharing_row(score, short or name) for score, short, name in found] or _measured(desk)
    values: dict[str, object] = {
        "body": [f"依据{article(25)}，对{year}年度各单位政务信息资源共享工作进行评价，结果如下。"],
        "items": rows,
        "signatures": desk.signatures(("签发", _username(desk, row), row.at.date())),
    }
    return desk.content("D-18", values, issued_on=row.at.date(), title=f"{year}年度信息共享评价表")


def _sharing_row(one: SharingScore, unit: str) -> dict[str, object]:
    adjusted = f"测算{one.computed}分，调整理由：{one.reason}" if one.score != one.computed else ""
    return {
        "unit": unit, "connected": _share(one.connected), "registered": _share(one.registered),
        "updated": _share(one.on_time), "answered": _share(one.answered), "available": _share(one.available),
        "score": str(one.score), "remark": adjusted or EMPTY,
    }  # fmt: skip


def _share(percent: int | None) -> str:
    return EMPTY if percent is None else f"{percent}%"


def _measured(desk: Desk) -> list[dict[str, object]]:
    """Return what the register of systems says where nobody has settled scores for the year."""
    found = desk.session.execute(
        select(Organisation.id, Organisation.short, Project.id, Project.access_verified)
        .join(Project, Project.unit_id == Organisation.id)
        .where(Project.online_on.is_not(None))
        .order_by(Organisation.id, Project.id)
    ).all()
    items = desk.session.execute(
        select(Project.unit_id, ResourceItem.platform_no)
        .join(Project, Project.id == ResourceItem.project_id)
        .where(Project.online_on.is_not(None))
    ).all()
    rows: list[dict[str, object]] = []
    for unit_id, short in dict.fromkeys((unit_id, short) for unit_id, short, _project, _connected in found):
        connected = _percent([yes for unit, _s, _p, yes in found if unit == unit_id])
        registered = _percent([bool(number) for unit, number in items if unit == unit_id])
        told = [one for one in (connected, registered) if one is not None]
        rows.append(
            {
                "unit": short, "connected": _share(connected), "registered": _share(registered), "updated": EMPTY,
                "answered": EMPTY, "available": EMPTY, "score": str(sum(told) // len(told)) if told else EMPTY,
                "remark": "其余指标未测算",
            }
        )  # fmt: skip
    return rows


def _percent(found: Sequence[bool]) -> int | None:
    return sum(found) * 100 // len(found) if found else None
