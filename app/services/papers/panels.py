"""The panels' opinions as papers: D-03 of the review, D-11 of an acceptance (第十条, 第二十条, 第二十一条)."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from app.domain.papers import EMPTY, Content, amount
from app.domain.terms import SIX_CONTENTS, OpinionKind
from app.models.accounts import Person
from app.models.business import (
    AcceptanceAttempt,
    Contract,
    ExpertForm,
    Opinion,
    PanelMember,
    Participant,
    Payment,
    RectificationItem,
)
from app.models.documents import Submission
from app.services.papers.opinions import day_in_words, means
from app.services.papers.reading import Desk, article, fen, iso, lines, rows_of, text

LEADER, MEMBER = "组长", "成员"
POINTS = {
    "content": "建设内容", "technology": "技术指标", "documents": "档案资料", "finance": "资金使用",
    "sharing": "数据共享", "security": "安全保障",
}  # fmt: skip


def review(desk: Desk, row: Submission) -> Content:
    """D-03 from the panel's opinion F-05g: mean scores only, no single expert's (§2.3)."""
    answers = row.answers
    number = desk.project.scope_version
    seated = desk.session.execute(
        select(PanelMember, Person.name, Person.username)
        .join(Person, Person.id == PanelMember.person_id)
        .where(PanelMember.project_id == desk.project_id, PanelMember.purpose == "review",
               PanelMember.round == number)
        .order_by(PanelMember.leader.desc(), PanelMember.id)
    ).all()  # fmt: skip
    members = [(member, name, username) for member, name, username in seated if not member.replaced]
    withdrawn = sum(1 for member, _name, _user in seated if member.replaced)
    filled = dict(
        desk.session.execute(
            select(ExpertForm.person_id, ExpertForm.filled_on).where(
                ExpertForm.project_id == desk.project_id, ExpertForm.purpose == "review", ExpertForm.round == number
            )
        ).all()
    )
    day = row.at.date()
    values: dict[str, object] = {
        "held_on": iso(day),
        "conclusion": text(answers.get("conclusion")) or EMPTY,
        "suggested": amount(fen(answers.get("total"))),
        "contents": [
            {"content": SIX_CONTENTS[key], "score": mean or EMPTY, "opinion": "；".join(comments) or EMPTY}
            for key, mean, comments in means(desk, "review", number)
        ],
        "text": lines(answers.get("text")),
        "revisions": [said for one in rows_of(answers.get("revisions")) if (said := text(one.get("content")))],
        "recusal": [
            f"专家组成员{len(members)}名，均已声明与项目单位、参建单位无利害关系；"
            + (f"因利害关系回避并更换{withdrawn}名。" if withdrawn else "无人回避。")
        ],
        "members": [
            {"role": LEADER if member.leader else MEMBER, "name": name,
             "on": iso(day if member.leader else filled.get(member.person_id))}
            for member, name, _username in members
        ],
    }  # fmt: skip
    return desk.content("D-03", values, issued_on=day, names=[username for _m, _n, username in members])


def acceptance(desk: Desk, row: AcceptanceAttempt) -> Content:
    """D-11 from a concluded attempt."""
    present = desk.session.scalars(
        select(Participant).where(Participant.attempt_id == row.id).order_by(Participant.id)
    ).all()
    items = desk.session.scalars(
        select(RectificationItem)
        .where(RectificationItem.project_id == desk.project_id, RectificationItem.cause == "acceptance",
               RectificationItem.cause_id == row.id)
        .order_by(RectificationItem.number)
    ).all()  # fmt: skip
    answers = desk.answers("f16g")
    wanted = {text(one.get("problem")): text(one.get("requirement")) for one in rows_of(answers.get("items"))}
    named = [(one.number, one.problem) for one in items] or list(enumerate(wanted, start=1))
    contract = desk.session.scalar(select(func.sum(Contract.amount_fen)).where(Contract.project_id == desk.project_id))
    paid = desk.session.scalar(
        select(func.sum(Payment.amount_fen)).where(Payment.project_id == desk.project_id, Payment.status == "paid")
    )
    experts = [one for one in present if one.person_id is not None]
    values: dict[str, object] = {
        "attempt": f"第{row.number}次",
        "held_on": iso(row.held_on),
        "place": row.place or EMPTY,
        "contract": amount(contract),
        "paid": amount(paid if paid is not None else (0 if contract is not None else None)),
        "consent_no": _consent_no(desk, row.number),
        "conclusion": row.conclusion or EMPTY,
        "members": [
            {"name": one.name, "org": one.organisation or EMPTY,
             "role": "★ 指派专家" if one.person_id is not None else one.role,
             "signed": "已签到" if one.signed_in else "未签到"}
            for one in present
        ],
        "points": _points(desk, row.number),
        "text": lines(row.opinion),
        "items": [
            {"place": str(number), "problem": problem, "requirement": wanted.get(problem) or EMPTY}
            for number, problem in named
            if problem
        ],
        "limit": _limit(row),
        "signatures": [
            {"role": "指派专家" if one.person_id is not None else one.role, "name": one.name, "on": iso(row.held_on)}
            for one in present
            if one.signed_in
        ],
    }  # fmt: skip
    return desk.content("D-11", values, issued_on=row.concluded_on, names=_usernames(desk, experts))


def _usernames(desk: Desk, experts: list[Participant]) -> list[str]:
    keys = [one.person_id for one in experts if one.person_id is not None]
    return list(desk.session.scalars(select(Person.username).where(Person.id.in_(keys)).order_by(Person.id)))


def _consent_no(desk: Desk, number: int) -> str:
    found = desk.session.scalar(
        select(Opinion.doc_no)
        .where(Opinion.project_id == desk.project_id, Opinion.kind == OpinionKind.ACCEPTANCE,
               Opinion.part == str(number), Opinion.void.is_(False), Opinion.signed_on.is_not(None))
        .order_by(Opinion.id.desc())
        .limit(1)
    )  # fmt: skip
    return found or EMPTY


def _points(desk: Desk, number: int) -> list[dict[str, object]]:
    """Return the six points: how many experts found them in order, and what they said, unnamed."""
    forms = desk.session.scalars(
        select(ExpertForm)
        .where(ExpertForm.project_id == desk.project_id, ExpertForm.purpose == "acceptance",
               ExpertForm.round == number)
        .order_by(ExpertForm.id)
    ).all()  # fmt: skip
    found: list[dict[str, object]] = []
    for key, label in POINTS.items():
        votes = Counter(text(one.content.get(f"{key}_result")) for one in forms)
        said = dict.fromkeys(text(one.content.get(f"{key}_text")) for one in forms)
        result = "，".join(f"{word} {votes[word]}人" for word in ("合格", "不合格") if votes[word])
        found.append({"point": label, "result": result or EMPTY, "opinion": "；".join(s for s in said if s) or EMPTY})
    return found


def _limit(row: AcceptanceAttempt) -> list[str]:
    if row.rectify_due is None:
        return []
    return [
        (
            f"依据{article(21)}，项目单位应于{day_in_words(row.rectify_due)}前完成整改，完成后可申请再次验收。"
            "整改期间验收期限不停止计算；不能按期验收的，应当报告延期原因并明确验收时间。"
        )
    ]
