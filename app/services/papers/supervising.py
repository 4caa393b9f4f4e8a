"""Evaluation, orders, measures and scrapping as papers: D-12, D-13, D-14, D-21 (第二十三条, 第三十一条, 第九条)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select

from app.domain import standing
from app.domain.papers import EMPTY, Content
from app.domain.terms import Measure
from app.models.accounts import Person
from app.models.business import Evaluation, ExpertForm, MeasureTaken, Order, RectificationItem, SystemEntry
from app.models.documents import Submission
from app.models.process import UserTask
from app.services import parameters
from app.services.papers.opinions import day_in_words
from app.services.papers.reading import Desk, article, iso, lines, rows_of, text

PARTS = {"operation": "项目运行", "sharing": "数据共享", "performance": "目标绩效"}
HEADS = {"bur_head": "县政务服务和大数据管理局", "fin_head": "县财政局", "drc_head": "县发展和改革委员会"}
_CENT = Decimal("0.01")


def evaluation(desk: Desk, row: Evaluation) -> Content:
    """D-12 from a signed evaluation."""
    sheets = desk.session.scalars(
        select(ExpertForm).where(
            ExpertForm.project_id == desk.project_id, ExpertForm.purpose == "evaluation", ExpertForm.round == row.number
        )
    ).all()
    parts = [_part(key, label, row.weights, [one.content for one in sheets]) for key, label in PARTS.items()]
    total = Decimal(row.total_centi or 0) / 100
    limit = []
    if row.rectify_due is not None:
        limit = [
            (
                f"项目单位应于{day_in_words(row.rectify_due)}前完成整改并报复查。依据{article(23)}，整改完成之前"
                "不得申报该项目运维或者与该项目相关的升级改造资金。"
            )
        ]
    signed = row.weights.get("signed") or {}
    values: dict[str, object] = {
        "online_on": iso(desk.project.online_on),
        "mode": row.mode or EMPTY,
        "evaluator": row.evaluator or EMPTY,
        "total": f"{total:.2f}分",
        "band": standing.band(row.total_centi or 0, parameters.current(desk.session, row.signed_on or desk.today)),
        "conclusion": {True: "达标", False: "未达标", None: EMPTY}[row.passed],
        "basis": [f"依据{article(23, 24)}，对投入运行满一年的“{desk.project.name}”进行绩效评价，现将结果通知如下。"],
        "parts": parts,
        "problems": lines(row.problems),
        "limit": limit,
        "signatures": desk.signatures(
            *((HEADS[role], str(signed[role]), row.signed_on) for role in ("bur_head", "fin_head") if role in signed)
        ),
    }
    return desk.content("D-12", values, issued_on=row.signed_on, addressee=desk.unit.name)


def _part(key: str, label: str, weights: dict[str, Any], sheets: list[dict[str, Any]]) -> dict[str, object]:
    weight = Decimal(str(weights.get(key) or 0))
    scores = [Decimal(str(one[f"{key}_score"])) for one in sheets if one.get(f"{key}_score") not in {None, "None"}]
    if not scores:
        return {"part": label, "weight": f"{weight}", "mean": EMPTY, "score": EMPTY}
    mean = sum(scores, Decimal(0)) / len(scores)
    points = (mean * weight / 100).quantize(_CENT, ROUND_HALF_UP)
    return {
        "part": label,
        "weight": f"{weight}",
        "mean": f"{mean.quantize(_CENT, ROUND_HALF_UP)}",
        "score": f"{points}",
    }


def order(desk: Desk, row: Order) -> Content:
    """D-13 from an issued order."""
    answers = desk.answers("f31")
    wanted = {text(one.get("fact") or one.get("problem")): text(one.get("requirement"))
              for one in rows_of(answers.get("items"))}  # fmt: skip
    listed = desk.session.scalars(
        select(RectificationItem)
        .where(RectificationItem.cause == "order", RectificationItem.cause_id == row.id)
        .order_by(RectificationItem.number)
    ).all() if row.id is not None else []  # fmt: skip
    named = [(one.number, one.problem) for one in listed] or list(enumerate(map(str, row.findings), start=1))
    issuer = desk.session.execute(
        select(Person.username, Submission.at)
        .join(Submission, Submission.by_id == Person.id)
        .where(Submission.project_id == desk.project_id, Submission.form_id == "f31")
        .order_by(Submission.id.desc())
        .limit(1)
    ).one_or_none()
    values: dict[str, object] = {
        "body": [f"经监督检查，你单位“{desk.project.name}”（{desk.project.no}）存在以下问题，现责令限期整改。"],
        "items": [
            {"place": str(number), "fact": fact, "requirement": wanted.get(fact) or "按依据条款改正"}
            for number, fact in named
        ],
        "basis": _basis(text(answers.get("basis"))),
        "limit": [f"请于{day_in_words(row.due)}前完成整改，并逐项报送整改措施和证明材料。"] if row.due else [],
        "consequence": [
            (
                f"拒不整改或者整改后仍不符合要求的，依据{article(31)}，可以通报批评、暂缓拨付建设资金、暂停项目建设、"
                "直至终止项目。"
            )
        ],
        "problem_no": row.number,
        "service_by": "通过本系统送达，到达单位收件箱即为送达",
        "received_by": EMPTY,
        "received_on": EMPTY,
        "signatures": desk.signatures(("签发", issuer[0], row.issued_on)) if issuer and row.issued_on else [],
    }
    return desk.content("D-13", values, number=row.doc_no, issued_on=row.issued_on, addressee=desk.unit.name)


def _basis(typed: str) -> list[str]:
    """Return the clauses of an order; 第三十一条, which orders to rectify, is named once."""
    return lines(typed) if "第三十一条" in typed else [*lines(typed), f"{article(31)}。"]


def measure(desk: Desk, row: MeasureTaken) -> Content:
    """D-14 from a measure that has taken effect."""
    origin = desk.session.get(Order, row.order_id) if row.order_id is not None else None
    notice = f"整改通知书{origin.doc_no}（问题编号{origin.number}）" if origin is not None else "整改通知"
    kind = row.kind
    decided: dict[str, str] = {
        Measure.NONE: f"对{desk.unit.name}暂不采取措施，并继续督促整改。",
        Measure.CRITICISM: f"对{desk.unit.name}予以通报批评。",
        Measure.WITHHOLD: f"自{day_in_words(row.decided_on)}起暂缓拨付“{desk.project.name}”建设资金。",
        Measure.SUSPEND: f"自{day_in_words(row.decided_on)}起暂停“{desk.project.name}”项目建设。",
        Measure.TERMINATE: f"自{day_in_words(row.decided_on)}起终止“{desk.project.name}”项目，仅办理结算和审计。",
    }
    ordered = day_in_words(origin.issued_on if origin else None)
    values: dict[str, object] = {
        "body": [f"{desk.body('bureau')}于{ordered}下达{notice}，现作出如下决定。"],
        "facts_text": lines(row.facts),
        "basis": [(f"{article(31)}：对拒不整改或者整改后仍不符合要求的，可对其进行通报批评、暂缓拨付建设资金、"
                  "暂停项目建设、直至终止项目。")],
        "statement": _statement(desk, row),
        "decision": [decided.get(kind, kind)] if kind else [],
        "remedy": [] if kind in {Measure.TERMINATE, Measure.NONE} else ["整改事项全部复查合格后解除。"],
        "signatures": [
            {"role": HEADS[role], "name": _head(desk, role, row), "on": iso(row.decided_on)} for role in row.cosigned_by
        ],
    }  # fmt: skip
    title = f"关于{kind}的决定" if kind else "监督措施决定"
    return desk.content("D-14", values, number=row.doc_no, issued_on=row.decided_on, addressee=desk.unit.name,
                        title=title)  # fmt: skip


def _statement(desk: Desk, row: MeasureTaken) -> list[str]:
    """Return what the unit said for itself after the proposal, as far as a task for it was completed."""
    found = desk.session.execute(
        select(UserTask.properties, Submission.answers, Submission.at)
        .join(Submission, Submission.task_id == UserTask.id)
        .where(Submission.project_id == desk.project_id, Submission.form_id == "f00c")
        .order_by(Submission.id.desc())
    )
    for properties, answers, at in found:
        if (properties or {}).get("shows") == "f26" and at.date() >= row.proposed_on:
            said = text(answers.get("note"))
            return [
                f"项目单位于{day_in_words(at.date())}陈述：{said}"
                if said
                else f"项目单位于{day_in_words(at.date())}答复，无陈述意见。"
            ]
    return []


def _head(desk: Desk, role: str, row: MeasureTaken) -> str:
    """Return who signed in this role: the newest signature of F-26 by somebody of that body."""
    kinds = {"bur_head": "bureau", "fin_head": "finance", "drc_head": "drc"}
    if role == "bur_head" and row.signed_by:
        return desk.name(row.signed_by)
    for name, kind in _signers(desk, "f26"):
        if kind == kinds.get(role):
            return name
    return EMPTY


def _signers(desk: Desk, form_id: str) -> list[tuple[str, str]]:
    from app.models.accounts import Organisation  # noqa: PLC0415 -- used once

    found = desk.session.execute(
        select(Person.name, Organisation.kind, UserTask.properties)
        .join(Submission, Submission.by_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(UserTask, UserTask.id == Submission.task_id)
        .where(Submission.project_id == desk.project_id, Submission.form_id == "f00s")
        .order_by(Submission.id.desc())
    )
    return [(name, kind) for name, kind, properties in found if (properties or {}).get("signs") == form_id]


def decommission(desk: Desk, row: Submission) -> Content:
    """D-21 from the bureau head's signature on F-29, with the opinions of sections and offices before it."""
    asked = desk.answers("f29")
    system = desk.session.get(SystemEntry, desk.project.parent_system_id) if desk.project.parent_system_id else None
    said = desk.session.execute(
        select(UserTask.name, UserTask.properties, Submission.answers, Person.name, Submission.at)
        .join(Submission, Submission.task_id == UserTask.id)
        .join(Person, Person.id == Submission.by_id)
        .where(Submission.project_id == desk.project_id, Submission.form_id == "f00s")
        .order_by(Submission.id)
    ).all()
    values: dict[str, object] = {
        "system": system.name if system is not None else desk.project.name,
        "assessor": text(asked.get("assessor")) or EMPTY,
        "assessed_on": text(asked.get("assessed_on")) or EMPTY,
        "successor": text(asked.get("successor")) or EMPTY,
        "conclusion": text(row.answers.get("result")) or EMPTY,
        "reason": lines(asked.get("reason")),
        "data_plan": lines(asked.get("data_plan")) if isinstance(asked.get("data_plan"), str) else ["方案见附件。"],
        "opinions": [
            {"who": " ".join(task.split()), "name": name, "on": at.date().isoformat(),
             "opinion": "：".join(p for p in (text(answers.get("result")), text(answers.get("opinion"))) if p)}
            for task, properties, answers, name, at in said
            if (properties or {}).get("signs") == "f29"
        ],
        "basis": [f"依据{article(9)}，项目申请报废时应当委托专业机构进行系统测评，并提交测评报告。"],
    }  # fmt: skip
    return desk.content("D-21", values, issued_on=row.at.date(), addressee=desk.unit.name)
