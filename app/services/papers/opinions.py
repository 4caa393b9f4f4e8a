"""The bureau's opinions as papers: D-02, D-04, D-06, D-09, D-10 (第五条, 第十一条, 第十四条, 第十七条, 第二十条)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain import money
from app.domain.papers import EMPTY, Content, amount, chinese_day
from app.domain.terms import SIX_CONTENTS, OpinionKind
from app.models.accounts import Person
from app.models.business import (
    AcceptanceAttempt,
    Approval,
    BudgetLine,
    Change,
    DeadlineRow,
    ExpertForm,
    Opinion,
    PanelMember,
    PlanItem,
)
from app.models.documents import Submission
from app.models.process import UserTask
from app.services.papers.reading import Desk, article, fen, iso, lines, rows_of, text

ENOUGH = 60
"""Points from which a content is said to meet the demand (bands 90/80/60, specification Art. 23)."""
COUNTERSIGNED = "本项目为主管部门自建项目，本意见经县政府办公室会签后生效。"
POINTS = (
    ("数据共享交换平台对接方案", "interface", "接口设计"),
    ("数据共享交换平台对接方案", "platform", "大数据平台接入"),
    ("基础设施共建共享方案", "cloud", "政务云资源"),
    ("基础设施共建共享方案", "network", "电子政务外网"),
    ("基础设施共建共享方案", "security", "安全责任"),
)


def review(desk: Desk, row: Opinion) -> Content:
    """D-02 from the signed 审核意见, or from its draft."""
    project = desk.project
    item = desk.session.scalar(
        select(PlanItem).where(PlanItem.project_id == project.id).order_by(PlanItem.id.desc()).limit(1)
    )
    requested = _filed_total(desk) or project.total_fen
    reviewed = row.reviewed_total_fen
    values: dict[str, object] = {
        "nature": project.nature or EMPTY,
        "funding_form": project.funding_form or EMPTY,
        "requested": amount(requested),
        "reviewed": amount(reviewed),
        "cut": amount(requested - reviewed if reviewed is not None else None),
        "conclusion": row.conclusion,
        "basis": [
            f"依据{article(5, 10, 13)}，"
            + (f"县政府同意文号{item.consent_doc_no}，" if item is not None and item.consent_doc_no else "")
            + f"对{desk.unit.name}报送的“{project.name}”进行审核，形成如下意见。"
        ],
        "contents": _six(desk, row.scope_version),
        "text": [*lines(row.text), *([COUNTERSIGNED] if desk.unit.kind == "bureau" else [])],
        "cuts": [
            {"item": text(cut.get("item")), "amount": amount(fen(cut.get("amount")))}
            for cut in rows_of(row.content.get("cuts"))
        ],
        "conditions": [text(one) for one in row.content.get("conditions") or () if text(one)],
        "signatures": _signed(desk, row),
    }
    return desk.content("D-02", values, number=row.doc_no, issued_on=row.signed_on, addressee=desk.unit.name,
                        copies="县发展和改革委员会，县财政局。")  # fmt: skip


def _signed(desk: Desk, row: Opinion) -> list[dict[str, object]]:
    return desk.signatures(("拟稿", row.drafted_by, row.drafted_on), ("签发", row.signed_by, row.signed_on))


def _filed_total(desk: Desk) -> int | None:
    found = [fen(line.get("amount")) or 0 for line in rows_of(desk.answers("f03").get("budget_lines"))]
    return sum(found) if found else None


def means(desk: Desk, purpose: str, number: int) -> list[tuple[str, str, list[str]]]:
    """Return key, mean score with one decimal, and the distinct comments of the panel's forms, unnamed."""
    forms = desk.session.scalars(
        select(ExpertForm)
        .join(
            PanelMember,
            (PanelMember.project_id == ExpertForm.project_id)
            & (PanelMember.purpose == ExpertForm.purpose)
            & (PanelMember.round == ExpertForm.round)
            & (PanelMember.person_id == ExpertForm.person_id),
        )
        .where(
            ExpertForm.project_id == desk.project_id, ExpertForm.purpose == purpose, ExpertForm.round == number,
            PanelMember.replaced.is_(False),
        )
        .order_by(ExpertForm.id)
    ).all()  # fmt: skip
    found = []
    for key in SIX_CONTENTS:
        scores = [one.content[f"{key}_score"] for one in forms if isinstance(one.content.get(f"{key}_score"), int)]
        comments = dict.fromkeys(text(one.content.get(f"{key}_comment")) for one in forms)
        found.append((key, f"{sum(scores) / len(scores):.1f}" if scores else "", [one for one in comments if one]))
    return found


def _six(desk: Desk, number: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for key, mean, _comments in means(desk, "review", number):
        said = ("符合要求" if float(mean) >= ENOUGH else "不符合要求") if mean else "由主管部门审查，未组织专家评分"
        rows.append({"content": SIX_CONTENTS[key], "score": mean or EMPTY, "opinion": said})
    return rows


def industry(desk: Desk, row: Opinion) -> Content:
    """D-04, the letter to the DRC."""
    drc = desk.body("drc") or "县发展和改革委员会"
    values: dict[str, object] = {
        "feasibility_version": text(row.content.get("feasibility_version")) or EMPTY,
        "conclusion": row.conclusion,
        "body": [
            (
                f"你委关于征求“{desk.project.name}”行业审查意见的来函收悉。依据{article(11)}，"
                "经研究，现将行业审查意见函复如下。"
            )
        ],
        "text": lines(row.text),
        "conditions": [text(one) for one in row.content.get("conditions") or () if text(one)],
        "signatures": _signed(desk, row),
    }
    return desk.content("D-04", values, number=row.doc_no, issued_on=row.signed_on, addressee=drc)


def preprocurement(desk: Desk, row: Opinion) -> Content:
    """D-06 with its two plans, point by point."""
    judged = desk.answers("f11")
    values: dict[str, object] = {
        "scope_version": f"第{row.scope_version}版",
        "conclusion": row.conclusion,
        "basis": [
            (f"依据{article(14)}，对{desk.unit.name}报送的数据共享交换平台对接方案和政务云平台、"
            "电子政务外网等基础设施共建共享方案进行核准。")
        ],
        "points": [
            {"plan": plan, "point": label, "result": text(judged.get(f"{key}_result")) or EMPTY,
             "reason": text(judged.get(f"{key}_reason")) or EMPTY}
            for plan, key, label in POINTS
        ],
        "text": [*lines(row.text), *([COUNTERSIGNED] if desk.unit.kind == "bureau" else [])],
        "validity": [
            (f"本核准书对项目范围第{row.scope_version}版有效；接口或者基础设施内容变更的，变更部分须重新报核准。"
            "项目单位凭本核准书进入政府采购程序。")
        ],
        "signatures": _signed(desk, row),
    }  # fmt: skip
    return desk.content("D-06", values, number=row.doc_no, issued_on=row.signed_on, addressee=desk.unit.name)


def acceptance(desk: Desk, row: Opinion) -> Content:
    """D-10 for the attempt that the opinion names in its part."""
    number = int(row.part) if row.part.isdecimal() else 1
    attempt = desk.session.scalar(
        select(AcceptanceAttempt).where(
            AcceptanceAttempt.project_id == desk.project_id, AcceptanceAttempt.number == number
        )
    )
    due = desk.session.scalar(
        select(DeadlineRow.due).where(DeadlineRow.project_id == desk.project_id, DeadlineRow.kind == "acceptance")
    )
    application: dict[str, Any] = attempt.application if attempt is not None else {}
    values: dict[str, object] = {
        "attempt": f"第{number}次",
        "completed_on": iso(desk.project.completed_on),
        "due": iso(due),
        "applied_on": iso(attempt.applied_on if attempt is not None else None),
        "access_no": desk.project.access_no or EMPTY,
        "mlps_no": text(application.get("mlps_no")) or EMPTY,
        "conclusion": row.conclusion,
        "basis": [f"依据{article(20)}，县政务服务和大数据管理局的核准意见为项目验收条件之一。"],
        "text": [*lines(row.text), *([COUNTERSIGNED] if desk.unit.kind == "bureau" else [])],
        "experts": _designated(desk, number),
        "signatures": _signed(desk, row),
    }
    return desk.content("D-10", values, number=row.doc_no, issued_on=row.signed_on, addressee=desk.unit.name)


def _designated(desk: Desk, number: int) -> list[str]:
    """Return how many experts the bureau designated: their names wait for the meeting (§2.3)."""
    count = len(
        desk.session.scalars(
            select(PanelMember.id).where(
                PanelMember.project_id == desk.project_id, PanelMember.purpose == "acceptance",
                PanelMember.round == number, PanelMember.replaced.is_(False),
            )
        ).all()
    )  # fmt: skip
    return [f"已指派专家{count}名参加验收会，名单于验收会公布。"] if count else []


def change(desk: Desk, row: Change) -> Content:
    """D-09 with the four opinions as far as they have been given."""
    opinion = desk.session.scalar(
        select(Opinion)
        .where(Opinion.project_id == desk.project_id, Opinion.kind == OpinionKind.CHANGE,
               Opinion.part == str(row.number))
        .order_by(Opinion.id.desc())
        .limit(1)
    )  # fmt: skip
    # until the new scope version is made the project still has its old total
    after = desk.answers("f14").get("new_total")
    total = fen(after) if fen(after) is not None else desk.project.total_fen + row.delta_fen
    before = (total or 0) - row.delta_fen
    share = f"{money.percent(row.delta_fen, before):+}%" if before > 0 else EMPTY
    values: dict[str, object] = {
        "number_of": f"第{row.number}次变更",
        "type": "、".join(str(one) for one in row.content.get("type") or ()) or EMPTY,
        "before_total": amount(before),
        "after_total": amount(total),
        "delta": ["+" if row.delta_fen > 0 else "", amount(row.delta_fen)],
        "percent": share,
        "fund_source": text(desk.answers("f14").get("fund_source")) or EMPTY,
        "conclusion": {"agreed": "同意", "refused": "不同意", "filed": "备案"}.get(row.status, "待审批"),
        "before": lines(row.content.get("before")),
        "after": lines(row.content.get("after")),
        "reason": lines(row.content.get("reason")),
        "opinions": _opinions_on_change(desk, row),
        "basis": [f"依据{article(17, what='第二款')}。增加投资或者较大变更，经审查同意后按照政府投资相关规定执行。"],
    }
    number, day = (opinion.doc_no, opinion.signed_on) if opinion is not None else ("", None)
    return desk.content("D-09", values, number=number, issued_on=day, addressee=desk.unit.name)


def _opinions_on_change(desk: Desk, row: Change) -> list[dict[str, object]]:
    """Return who said what in the process of the change, in the order of the sheet; who has not is blank."""
    said = desk.session.execute(
        select(UserTask.properties, Submission.answers, Person.name, Submission.at)
        .join(Submission, Submission.task_id == UserTask.id)
        .join(Person, Person.id == Submission.by_id)
        .where(
            Submission.instance_id == row.instance_id, Submission.project_id == desk.project_id,
            Submission.form_id == "f00s",
        )
        .order_by(Submission.id)
    ).all()  # fmt: skip
    found: dict[str, dict[str, object]] = {}
    sheet = {"supervisor_opinion": "监理单位", "approved_estimate": "发展改革部门", "source_of_funds": "财政部门"}
    for properties, answers, name, at in said:
        who = sheet.get((properties or {}).get("records", ""), "")
        if not who and (properties or {}).get("signs") == "f14":
            who = "主管部门"
        if who:
            opinion = "：".join(part for part in (text(answers.get("result")), text(answers.get("opinion"))) if part)
            found[who] = {"who": who, "opinion": opinion, "name": name, "on": at.date().isoformat()}
    blank = {"opinion": EMPTY, "name": EMPTY, "on": EMPTY}
    order = ("监理单位", "主管部门", "发展改革部门", "财政部门")
    return [found.get(who) or {"who": who, **blank} for who in order]


def service_funds(desk: Desk, row: Approval) -> Content:
    """D-05: what finance finds reasonable for a service (第十条第二款)."""
    asked = desk.answers("f09r")
    requested = fen(asked.get("requested"))
    reviewed = desk.session.scalar(
        select(Opinion.doc_no)
        .where(Opinion.project_id == desk.project_id, Opinion.kind == OpinionKind.REVIEW, Opinion.void.is_(False),
               Opinion.signed_on.is_not(None))
        .order_by(Opinion.id.desc())
        .limit(1)
    )  # fmt: skip
    values: dict[str, object] = {
        "years": text(asked.get("years")) or EMPTY,
        "requested": amount(requested),
        "approved": amount(row.amount_fen),
        "capital": amount(row.amount_fen, "capital"),
        "cut": amount(requested - row.amount_fen if requested is not None else None),
        "conclusion": row.decision,
        "basis": [f"依据{article(10, what='第二款')}和审核意见{reviewed or EMPTY}，对项目资金的合理性进行审核。"],
        "price_basis": lines(asked.get("price_basis")),
        "benchmark": lines(asked.get("benchmark")),
        "reason": lines(asked.get("reason")),
        "signatures": desk.signatures(
            ("审核", row.drafted_by, row.decided_on), ("签发", row.signed_by, row.signed_on)
        ),
    }  # fmt: skip
    return desk.content("D-05", values, number=row.doc_no, issued_on=row.signed_on, addressee=desk.unit.name)


def arranged(desk: Desk) -> int:
    """Return what has been arranged for the project in all years, in 分."""
    found = desk.session.scalars(select(BudgetLine.arranged_fen).where(BudgetLine.project_id == desk.project_id)).all()
    return sum(one or 0 for one in found)


def day_in_words(day: date | None) -> str:
    """Return 2026年11月13日, or a dash."""
    return chinese_day(day.isoformat()) if day else EMPTY
