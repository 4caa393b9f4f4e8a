"""Gates of acceptance and inspection: G-24 … G-27, G-33, G-35, G-36."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.facts import (
    AcceptanceAttempt,
    DocumentRequest,
    MeasureProposed,
    MeasureTaken,
    Order,
    Participant,
    ProjectFacts,
    RectificationItem,
    ResourceItem,
)
from app.domain.gates import check
from app.domain.gates.inspection import cosigners
from app.domain.numbers import Path
from app.domain.terms import AcceptanceConclusion
from tests.unit.domain.a_project import FILED, NODES, PASSED, TODAY, a_project, act, an_operating_project


def said(gate: str, facts: ProjectFacts, form: str, **changes: object) -> list[str]:
    return [refusal.text for refusal in check([gate], facts, act(form, **changes))]


def test_g24_wants_a_designated_expert_who_signed_in() -> None:
    facts = a_project(attempts=(PASSED,))
    assert said("G-24", facts, "f16m") == []
    assert said("G-24", a_project(), "f16m") == ["县大数据局尚未指派验收专家。"]
    undesignated = replace(PASSED, designated=())
    assert said("G-24", facts, "f16m", attempt=undesignated) == ["县大数据局尚未指派验收专家。"]
    absent = "县大数据局指派的专家没有签到，验收会无效。"
    for person in (
        Participant("e1", "专家", signed_in=False, designated=True),
        Participant("e1", "专家", signed_in=True, designated=False),
        Participant("e9", "专家", signed_in=True, designated=True),
    ):
        assert said("G-24", facts, "f16m", attempt=replace(PASSED, participants=(person,))) == [absent]
    assert said("G-24", a_project(), "f16g", outcome="不合格") == []
    assert said("G-24", a_project(), "f16g", outcome="通过") == ["县大数据局尚未指派验收专家。"]


def test_g25_wants_the_bureaus_consent_for_this_attempt() -> None:
    refused = ["没有县大数据局的验收核准意见，结论不能为通过。"]
    assert said("G-25", a_project(attempts=(PASSED,)), "f16g", outcome="通过") == []
    assert said("G-25", a_project(), "f16g", outcome="通过") == refused
    assert said("G-25", a_project(attempts=(replace(PASSED, consent="不予核准"),)), "f16g") == refused
    assert said("G-25", a_project(), "f16g", outcome="不合格") == []


def test_g26_pays_after_acceptance_and_filing_s2() -> None:
    after = NODES[1]
    assert said("G-26", a_project(), "f18", node=NODES[0]) == []
    assert said("G-26", a_project(), "f18") == []
    assert said("G-26", a_project(), "f18", node=after) == [
        "付款节点“验收款”以验收通过为条件，项目尚未通过验收。",
        "验收材料缺少4项。",
    ]
    assert said("G-26", an_operating_project(), "f18", node=after) == []
    three = replace(FILED, materials=FILED.materials - {"catalogue"})
    refusal = check(["G-26"], an_operating_project(acceptance_filing=three), act("f18", node=after))[0]
    assert refusal.missing == ("政务信息资源目录",)


def test_g26_silence_counts_as_confirmation() -> None:
    waiting = "验收材料尚待县大数据局确认，2026-11-24起未答复视为确认。"
    open_ = replace(FILED, deemed_confirmed_from=date(2026, 11, 24))
    assert said("G-26", an_operating_project(acceptance_filing=open_), "f18", node=NODES[1]) == [waiting]
    silent = replace(FILED, deemed_confirmed_from=TODAY)
    assert said("G-26", an_operating_project(acceptance_filing=silent), "f18", node=NODES[1]) == []
    confirmed = replace(open_, confirmed_on=TODAY)
    assert said("G-26", an_operating_project(acceptance_filing=confirmed), "f18", node=NODES[1]) == []
    returned = replace(open_, returned=True, confirmed_on=TODAY)
    assert said("G-26", an_operating_project(acceptance_filing=returned), "f18", node=NODES[1]) == [waiting]


def items(*, closed: int, still_open: int = 0) -> tuple[RectificationItem, ...]:
    """Return rectification items, the closed ones first."""
    return tuple(RectificationItem(n, f"问题{n}", confirmed=n <= closed) for n in range(1, closed + still_open + 1))


FAILED = AcceptanceAttempt(1, conclusion=AcceptanceConclusion.FAILED, concluded_on=date(2026, 10, 28))


def test_g27_a_second_acceptance_wants_every_item_closed_s2() -> None:
    assert said("G-27", a_project(), "f16a") == []
    assert said("G-27", a_project(attempts=(replace(FAILED, items=items(closed=3)),)), "f16a") == []
    refusal = check(["G-27"], a_project(attempts=(replace(FAILED, items=items(closed=1, still_open=2)),)), act("f16a"))[
        0
    ]
    assert (refusal.text, refusal.missing) == ("上次验收不合格，还有2项整改未确认。", ("问题2", "问题3"))
    assert said("G-27", a_project(attempts=(FAILED,)), "f16a") == ["上次验收不合格，还有0项整改未确认。"]


def test_g27_a_third_acceptance_wants_the_bureau_head() -> None:
    closed = replace(FAILED, items=items(closed=1))
    twice = a_project(attempts=(closed, replace(closed, number=2)))
    assert said("G-27", twice, "f16a") == ["已2次验收不合格，再次验收须经县大数据局领导决定。"]
    allowed = a_project(attempts=(closed, replace(closed, number=2, third_allowed_by="yue")))
    assert said("G-27", allowed, "f16a") == []


def test_g33_wants_every_resource_registered() -> None:
    resources = (ResourceItem("台账", "PT-1"), ResourceItem("通话录音", " "))
    refusal = check(["G-33"], a_project(resources=resources), act("f16a"))[0]
    assert (refusal.text, refusal.missing) == ("还有1项信息资源没有大数据平台登记编号。", ("通话录音",))
    assert said("G-33", a_project(resources=resources[:1]), "f16a") == []


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (DocumentRequest("DY-1", TODAY), []),
        (DocumentRequest("DY-1", date(2026, 11, 20)), ["调阅资料DY-1应于2026-11-20前提供，至今未提供。"]),
        (DocumentRequest("DY-1", date(2026, 11, 20), answered_on=date(2026, 11, 19)), []),
        (DocumentRequest("DY-1", date(2026, 12, 1), refused=True), ["调阅资料DY-1应于2026-12-01前提供，至今未提供。"]),
    ],
)
def test_g35_unanswered_or_refused_documents_are_a_problem(request_: DocumentRequest, expected: list[str]) -> None:
    assert said("G-35", a_project(document_requests=(request_,)), "f21") == expected


EXPIRED = Order("WT-2026-0001", date(2026, 9, 1), date(2026, 9, 29))
TOO_EARLY = "整改期限未届满，也没有不合格的复查，不能采取措施。"


@pytest.mark.parametrize(
    ("order", "measure", "expected"),
    [
        (EXPIRED, "通报批评", []),
        (EXPIRED, "不采取措施", []),
        (EXPIRED, None, []),
        (replace(EXPIRED, due=TODAY), "通报批评", [TOO_EARLY]),
        (replace(EXPIRED, due=TODAY, rechecked=False), "通报批评", []),
        (replace(EXPIRED, closed_on=date(2026, 9, 20)), "通报批评", [TOO_EARLY]),
        (replace(EXPIRED, number="另一件"), "通报批评", [TOO_EARLY]),
    ],
)
def test_g36_a_measure_follows_an_expired_or_failed_order(
    order: Order, measure: str | None, expected: list[str]
) -> None:
    assert said("G-36", a_project(orders=(order,)), "f26", measure=measure, order=EXPIRED.number) == expected


def test_g36_a_skipped_rung_needs_a_reason() -> None:
    facts = a_project(orders=(EXPIRED,))
    ask = {"order": EXPIRED.number}
    assert said("G-36", facts, "f26", measure="暂缓拨付", **ask) == ["越级采取措施，应当说明理由。"]
    assert said("G-36", facts, "f26", measure="暂缓拨付", reason="情节严重", **ask) == []
    criticised = replace(facts, measures=(MeasureTaken("通报批评", date(2026, 10, 8), EXPIRED.number),))
    assert said("G-36", criticised, "f26", measure="暂缓拨付", **ask) == []


@pytest.mark.parametrize(
    ("kind", "due", "stated", "refused"),
    [
        ("通报批评", TODAY, None, True),
        ("通报批评", TODAY - timedelta(days=1), None, False),
        ("通报批评", TODAY + timedelta(days=3), TODAY, False),
        ("不采取措施", TODAY, None, False),
        ("通报批评", None, None, False),
    ],
)
def test_g36_nothing_is_signed_before_the_unit_is_heard(
    kind: str, due: date | None, stated: date | None, *, refused: bool
) -> None:
    facts = a_project(orders=(EXPIRED,), proposed=MeasureProposed(kind, EXPIRED.number, due, stated))
    assert bool(said("G-36", facts, "f26", signing=True)) is refused
    assert said("G-36", facts, "f26") == []


def test_g36_a_rung_taken_on_an_earlier_order_of_the_case_counts() -> None:
    facts = a_project(orders=(EXPIRED,), measures=(MeasureTaken("暂缓拨付", date(2026, 10, 12), "WT-2026-0099"),))
    assert said("G-36", facts, "f26", measure="暂停建设", order=EXPIRED.number) == []
    lifted = replace(facts, measures=(replace(facts.measures[0], lifted_on=date(2026, 11, 2)),))
    assert said("G-36", lifted, "f26", measure="暂停建设", order=EXPIRED.number) == ["越级采取措施，应当说明理由。"]


def test_g36_suspension_is_signed_by_three_heads_on_path_t() -> None:
    facts = a_project(orders=(EXPIRED,), measures=(MeasureTaken("暂缓拨付", date(2026, 10, 12), EXPIRED.number),))
    ask = {"measure": "暂停建设", "order": EXPIRED.number, "cosigned_by": frozenset({"bur_head"})}
    refusal = check(["G-36"], facts, act("f00s", **ask))[0]
    assert (refusal.text, refusal.missing) == ("暂停建设还缺2个部门会签。", ("drc_head", "fin_head"))
    everybody = {**ask, "cosigned_by": frozenset({"bur_head", "fin_head", "drc_head"})}
    assert said("G-36", facts, "f00s", **everybody) == []
    assert cosigners(a_project(path=Path.SERVICE), "终止") == {"bur_head", "fin_head"}
    assert cosigners(facts, "暂缓拨付") == {"bur_head", "fin_head"}
    assert cosigners(facts, "通报批评") == {"bur_head"}
