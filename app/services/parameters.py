"""The open values of the regulation: proposed by one person, put in force by another, read by gates and deadlines."""

from __future__ import annotations

from datetime import date, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.domain import interpretations, parameter_values
from app.domain.invalid_value import InvalidValue
from app.domain.parameter_values import InForce
from app.domain.parameters import Parameters
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.models.parameters import ParameterChange, ParameterDecision
from app.services import audit, notices
from app.services.context import Actor

PROPOSERS = frozenset({"process_owner", "bur_section"})
DECIDERS = frozenset({"bur_head"})
LONGEST_TEXT = 2000
_DECIDED_HERE = "parameters_decided"
_cache: WeakKeyDictionary[Engine, tuple[int, tuple[InForce, ...]]] = WeakKeyDictionary()


def revision() -> ScalarSelect[int]:
    """Return the number of the last decision as part of another statement, so that reading it costs none of its own."""
    return select(func.coalesce(func.max(ParameterDecision.id), 0)).scalar_subquery()


def current(session: Session, day: date, *, at: int | None = None) -> Parameters:
    """Return the parameters in force on `day`; one statement, or none where the revision `at` is known already."""
    number = at if at is not None else session.scalar(select(revision())) or 0
    return parameter_values.on(day, _decided(session, number))


def _decided(session: Session, number: int) -> tuple[InForce, ...]:
    """Return every value ever put in force; read once per revision, and anew where this session has decided itself.

    What this session decided may still be rolled back, and its number be given out again.
    """
    if number == 0:
        return ()
    engine = session.get_bind().engine
    known = _cache.get(engine)
    if known is not None and known[0] == number and not session.info.get(_DECIDED_HERE):
        return known[1]
    found = tuple(
        InForce(key, new, effective_on, decided)
        for key, new, effective_on, decided in session.execute(
            select(ParameterChange.key, ParameterChange.new, ParameterChange.effective_on, ParameterDecision.id)
            .join(ParameterDecision, ParameterDecision.change_id == ParameterChange.id)
            .where(ParameterDecision.decision == "accepted", ParameterChange.new != "")
            .order_by(ParameterDecision.id)
        )
    )
    if not session.info.get(_DECIDED_HERE):
        _cache[engine] = (number, found)
    return found


def propose(
    session: Session,
    key: str,
    *,
    value: str = "",
    interpretation: str = "",
    reason: str,
    effective_on: date | None,
    by: Actor,
    now: datetime,
) -> ParameterChange:
    """Propose another value (as a person types it, amounts in 万元), another interpretation, or both, for `key`.

    Nothing changes until a second person decides. Raises NotPermitted for who may not propose, NotFound for an
    unknown key, AlreadyDone while another proposal of the key is open, InvalidValue as Refused for a wrong value.
    """
    if not by.roles & PROPOSERS:
        raise NotPermitted("参数由流程管理员或者大数据局股室负责人提出修改。")
    subject = interpretations.subject(key)
    if subject is None:
        raise NotFound("没有名为 %(key)s 的参数或者条件。", key=key[:40])
    if effective_on is None:
        raise Refused("请填写生效日期。")
    if _open(session, key) is not None:
        raise AlreadyDone("“%(label)s”已有一份修改等待审定。", label=subject.label)
    typed, old = _checked(session, key, value, effective_on, today=now.date()) if subject.has_value else ("", "")
    if value.strip() and not subject.has_value:
        raise Refused("“%(label)s”没有取值，只能登记解释口径。", label=subject.label)
    interpretation, reason = interpretation.strip(), reason.strip()
    if not typed and not interpretation:
        raise Refused("没有改动：请填写新的取值或者解释口径。")
    if not reason:
        raise Refused("请写明修改理由。")
    if max(len(interpretation), len(reason)) > LONGEST_TEXT:
        raise Refused("理由和解释口径各不超过 %(most)s 字。", most=LONGEST_TEXT)
    row = ParameterChange(
        key=key, old=old, new=typed, interpretation=interpretation, reason=reason, article=subject.article,
        effective_on=effective_on, proposed_by=by.id, proposed_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, "propose_parameter", subject_kind="parameter", subject_id=key, actor_id=by.id, now=now,
        detail={"change": row.id, "old": old, "new": typed, "interpretation": bool(interpretation)},
    )  # fmt: skip
    _tell(session, row, subject.label, sorted(DECIDERS), "“%(label)s”有一份修改等待审定。", now=now)
    return row


def _checked(session: Session, key: str, value: str, effective_on: date, *, today: date) -> tuple[str, str]:
    """Return the new value as it is stored, empty where it is not changed, and the one in force now."""
    try:
        parameter_values.must_not_look_back(effective_on, today)
        before = current(session, effective_on)
        old = parameter_values.stored(getattr(before, key))
        new = parameter_values.stored(parameter_values.parse(key, value)) if value.strip() else ""
        if new and new != old:
            parameter_values.consistent(parameter_values.replaced(before, key, new))
    except InvalidValue as wrong:
        raise Refused(wrong.message, **wrong.values) from None
    return (new if new != old else ""), old


def decide(
    session: Session, change_id: int, *, accepted: bool, reason: str = "", by: Actor, now: datetime
) -> ParameterDecision:
    """Put a proposal in force from its day on, or refuse it; the one who proposed may only withdraw it.

    Raises NotPermitted for who may not decide and for the proposer herself (COI-09, specification §2.5), NotFound,
    AlreadyDone for a proposal that is decided, Refused where the value no longer fits the others in force.
    """
    change = session.scalar(select(ParameterChange).where(ParameterChange.id == change_id).with_for_update())
    if change is None:
        raise NotFound
    withdraws = not accepted and change.proposed_by == by.id
    if not withdraws and not by.roles & DECIDERS:
        raise NotPermitted("参数由大数据局领导审定。")
    if accepted and change.proposed_by == by.id:
        raise NotPermitted("提出修改的人不能自己审定，请另一位领导审定。")
    if session.scalar(select(ParameterDecision.id).where(ParameterDecision.change_id == change_id)) is not None:
        raise AlreadyDone("这份修改已经审定。")
    if not accepted and not withdraws and not reason.strip():
        raise Refused("不同意的，请写明理由。")
    if accepted:
        _still_fits(session, change, today=now.date())
    row = ParameterDecision(
        change_id=change.id, decision="accepted" if accepted else "withdrawn" if withdraws else "refused",
        reason=reason.strip()[:LONGEST_TEXT], decided_by=by.id, decided_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.info[_DECIDED_HERE] = True
    audit.record(
        session, "decide_parameter", subject_kind="parameter", subject_id=change.key, actor_id=by.id, now=now,
        detail={"change": change.id, "decision": row.decision},
    )  # fmt: skip
    subject = interpretations.subject(change.key)
    label = subject.label if subject is not None else change.key
    said = {"accepted": "“%(label)s”的修改已审定生效。", "refused": "“%(label)s”的修改未获同意。"}
    if row.decision in said:
        _tell(session, change, label, sorted(PROPOSERS), said[row.decision], now=now)
    return row


def _still_fits(session: Session, change: ParameterChange, *, today: date) -> None:
    """Refuse a value that would take effect in the past or contradict another one put in force meanwhile."""
    try:
        parameter_values.must_not_look_back(change.effective_on, today)
        if change.new:
            before = current(session, change.effective_on)
            parameter_values.consistent(parameter_values.replaced(before, change.key, change.new))
    except InvalidValue as wrong:
        raise Refused(wrong.message, **wrong.values) from None


def _open(session: Session, key: str) -> int | None:
    return session.scalar(
        select(ParameterChange.id)
        .outerjoin(ParameterDecision, ParameterDecision.change_id == ParameterChange.id)
        .where(ParameterChange.key == key, ParameterDecision.id.is_(None))
        .limit(1)
    )


def _tell(
    session: Session, change: ParameterChange, label: str, roles: list[str], message: str, *, now: datetime
) -> None:
    notices.notify(
        session, notices.holders(session, roles, unit_id=None), message=message, values={"label": label},
        dedupe_key=f"parameter:{change.id}:{message}", now=now, link=f"/parameters/{change.key}", level="info",
    )  # fmt: skip
