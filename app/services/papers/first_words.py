"""公文自动成稿: what an opinion's form opens with, put together from the records; people change it freely."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.terms import SIX_CONTENTS, OpinionKind
from app.models.business import AcceptanceAttempt, ExpertForm, Opinion, Order, PanelMember
from app.services.papers import panels
from app.services.papers.opinions import ENOUGH, day_in_words, means
from app.services.papers.reading import Desk, rows_of, text

Words = Mapping[str, object]


def first_words(session: Session, form_id: str, project_id: int, *, today: date) -> Words:
    """Return field → first words of the form of an opinion; nothing where the records do not yet say enough."""
    write = WRITERS.get(form_id)
    return write(Desk(session, today, project_id)) if write is not None else {}


def _panel(desk: Desk, purpose: str, number: int) -> list[ExpertForm]:
    """Return the forms of a panel once everybody who sits on it has handed hers in (§2.3)."""
    same = (PanelMember.project_id == desk.project_id, PanelMember.purpose == purpose, PanelMember.round == number)
    seated = select(PanelMember.person_id).where(*same, PanelMember.replaced.is_(False))
    forms = desk.session.scalars(
        select(ExpertForm).where(
            ExpertForm.project_id == desk.project_id, ExpertForm.purpose == purpose, ExpertForm.round == number,
            ExpertForm.person_id.in_(seated),
        )
    ).all()  # fmt: skip
    whole = desk.session.scalar(select(func.count()).select_from(seated.subquery())) or 0
    return list(forms) if whole and len(forms) == whole else []


def _votes(forms: list[ExpertForm]) -> str:
    said = [text(one.conclusion) for one in forms]
    return "，".join(f"{said.count(word)}名建议“{word}”" for word in dict.fromkeys(said) if word)


def _scores(desk: Desk) -> str:
    """Return the six mean scores in one sentence; empty where no panel has scored."""
    found = [(SIX_CONTENTS[key], mean) for key, mean, _said in means(desk, "review", desk.project.scope_version)]
    return "，".join(f"{label}{mean}分" for label, mean in found if mean)


def _review_panel(desk: Desk) -> Words:
    forms = _panel(desk, "review", desk.project.scope_version)
    if not forms:
        return {}
    found = means(desk, "review", desk.project.scope_version)
    low = [SIX_CONTENTS[key] for key, mean, _said in found if mean and float(mean) < ENOUGH]
    comments = [f"{SIX_CONTENTS[key]}：{'；'.join(said)}" for key, _mean, said in found if said]
    lines = [
        f"专家组{len(forms)}名成员审阅材料、听取汇报，经质询讨论，形成如下意见。",
        f"六项评审内容平均分：{_scores(desk)}。",
        *([f"低于{ENOUGH}分的有：{'、'.join(low)}。"] if low else []),
        *comments,
        f"个人结论：{_votes(forms)}。",
    ]
    return {"text": "\n".join(lines)[:4000]}


def _acceptance_panel(desk: Desk) -> Words:
    attempt = _attempt(desk)
    forms = _panel(desk, "acceptance", attempt.number) if attempt is not None else []
    if attempt is None or not forms:
        return {}
    points = [f"{row['point']}：{row['result']}。{row['opinion']}" for row in panels.points(desk, attempt.number)]
    opened = f"验收组听取汇报、查验系统、审阅文档，{len(forms)}名专家逐项验收。"
    return {"text": "\n".join([opened, *points, f"个人结论：{_votes(forms)}。"])[:4000]}


def _attempt(desk: Desk) -> AcceptanceAttempt | None:
    return desk.session.scalar(
        select(AcceptanceAttempt)
        .where(AcceptanceAttempt.project_id == desk.project_id)
        .order_by(AcceptanceAttempt.number.desc())
        .limit(1)
    )


def _opinion(desk: Desk) -> Words:
    concluded, sharing = desk.answers("f05g"), desk.answers("f04s")
    lines = [f"经审核，{desk.unit.name}报送的“{desk.project.name}”已按办法第三条、第四条、第十条审查。"]
    if concluded:
        lines.append(f"专家组结论为{text(concluded.get('conclusion'))}，六项评审内容平均分：{_scores(desk)}。")
    if text(sharing.get("result")):
        lines.append(f"数据共享和共建共用审查结论为{text(sharing.get('result'))}。")
    return {"text": "\n".join(lines)}


def _industry(desk: Desk) -> Words:
    reviewed = desk.session.scalar(
        select(Opinion)
        .where(
            Opinion.project_id == desk.project_id, Opinion.kind == OpinionKind.REVIEW, Opinion.void.is_(False),
            Opinion.signed_on.is_not(None),
        )
        .order_by(Opinion.id.desc())
        .limit(1)
    )  # fmt: skip
    if reviewed is None:
        return {}
    signed = f"我局已于{day_in_words(reviewed.signed_on)}以{reviewed.doc_no}出具审核意见"
    return {
        "text": f"{signed}，结论为{reviewed.conclusion}。"
        f"“{desk.project.name}”的信息资源目录、数据共享清单、交换机制和模式已随可行性研究报告报送。"
    }


def _acceptance(desk: Desk) -> Words:
    attempt, checked = _attempt(desk), desk.answers("f16s")
    project = desk.project
    known = [
        ("竣工日期", day_in_words(project.completed_on) if project.completed_on else ""),
        ("大数据平台接入号", project.access_no),
        ("接入核验", text(checked.get("access"))),
        ("等保备案号", text(attempt.application.get("mlps_no")) if attempt is not None else ""),
    ]
    told = "，".join(f"{label}{value}" for label, value in known if value)
    return {"basis": f"“{project.name}”{told}。"} if told else {}


def _order(desk: Desk) -> Words:
    found = rows_of(desk.answers("f21i").get("findings"))
    basis = "、".join(dict.fromkeys(text(one.get("basis")) for one in found if text(one.get("basis"))))
    items = [{"fact": text(one.get("fact")), "requirement": ""} for one in found]
    return {"items": items, "basis": basis[:500]} if items else {}


def _measure(desk: Desk) -> Words:
    order = desk.session.scalar(
        select(Order)
        .where(Order.project_id == desk.project_id, Order.issued_on.is_not(None))
        .order_by(Order.id.desc())
        .limit(1)
    )
    if order is None:
        return {}
    listed = "；".join(f"{place}.{fact}" for place, fact in enumerate(order.findings, start=1))
    return {"facts": f"{order.doc_no}要求{day_in_words(order.due)}前整改的事项：{listed}。"}


WRITERS: Mapping[str, Callable[[Desk], Words]] = {
    "f05g": _review_panel,
    "f06": _opinion,
    "f08i": _industry,
    "f16g": _acceptance_panel,
    "f16h": _acceptance,
    "f26": _measure,
    "f31": _order,
}
"""Form → who writes its first words. F-11 is judged point by point; F-09r, F-14 and F-29 say what one unit knows."""
