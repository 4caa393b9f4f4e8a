"""Holds: what the regulation forbids to a project for the time being, computed from facts alone (specification §4.4).

A hold is in force from the moment its facts are so, before any sweep has run and whether or not a row records it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.articles import Article, implements
from app.domain.numbers import Path
from app.domain.refusals import Holder, Link, Refusal
from app.domain.sharing_scores import MECHANISM, holds_unit
from app.domain.small_enterprises import owed
from app.domain.terms import UPGRADES, AcceptanceConclusion, Action, FundType, Measure, Nature

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import ProjectFacts

SHARING_FAILED = Article(28, "不符合接入规定和要求的项目不予审核立项")
NOT_IN_CATALOGUE = Article(19, "未纳入县政务信息系统目录管理的政务信息化项目,不安排运维经费")
NOT_STARTED = Article(19, "下一年度不再安排该项目资金")
OVERDUE = Article(21, "对逾期未验收的项目")
BELOW_STANDARD = Article(23, "整改完成之前不得申报该项目运维或者与该项目相关的升级改造资金")
AUDIT_FAILED = Article(32, "不拨付运维经费")
MEASURES = Article(31, "暂缓拨付建设资金、暂停项目建设、直至终止项目")

ONE_DAY = timedelta(days=1)

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "H-SHARE": "未达共享要求",
        "H-CAT": "未入系统目录",
        "H-NOSTART": "当年未开工",
        "H-ACC": "逾期未验收",
        "H-EVAL": "评价未达标",
        "H-AUDIT": "审计未整改",
        "H-INSP": "检查暂缓拨付",
        "H-SUSP": "暂停建设",
        "H-TERM": "终止",
    }
)
"""Code of a hold → its name, by which people know it (a message id)."""


@dataclass(frozen=True)
class Hold:
    """A hold in force: code, gate, since which day (at 00:00), for what cause, and what lifts it."""

    code: str
    gate: str
    articles: tuple[int, ...]
    since: date
    cause: str
    """What it hangs on (a fiscal year, an order's number …); with project and code it is unique."""
    message: str
    remedy: str
    holder_role: str
    holder_kind: Holder
    link: Link
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


def in_force(facts: ProjectFacts) -> tuple[Hold, ...]:
    """Return every hold in force on the project, whatever it may block, in the order of the matrix."""
    holds = (hold for rule in _RULES for hold in rule(facts))
    return tuple(hold for hold in holds if (hold.code, hold.cause) not in facts.lifted_by_hand)


def blocking(facts: ProjectFacts, act: Act, fund_type: FundType | None = None) -> tuple[Refusal, ...]:
    """Return a refusal for every hold in force that stops this act for this kind of money (安排 ≠ 拨付, §4.4)."""
    fund = fund_type or fund_of(facts, act)
    debt = owed(facts, act)
    found = (refusal_of(hold) for hold in in_force(facts) if _BLOCKS[hold.code](facts, act, fund))
    return tuple(replace(refusal, values={**refusal.values, **debt}) if debt else refusal for refusal in found)


def blocking_code(facts: ProjectFacts, act: Act, *codes: str) -> tuple[Refusal, ...]:
    """Return the refusals of `blocking` that come from holds of these codes."""
    return tuple(refusal for refusal in blocking(facts, act) if refusal.hold in codes)


def refusal_of(hold: Hold) -> Refusal:
    """Return the sentence with which a hold refuses."""
    return Refusal(
        gate=hold.gate,
        articles=hold.articles,
        message=hold.message,
        remedy=hold.remedy,
        holder_role=hold.holder_role,
        holder_kind=hold.holder_kind,
        link=hold.link,
        hold=hold.code,
        values=hold.values,
    )


def fund_of(facts: ProjectFacts, act: Act) -> FundType:
    """Return the kind of money that an act is about: as it says, else what the path is paid with."""
    if act.fund_type is not None:
        return act.fund_type
    if act.line is not None:
        return act.line.fund_type
    if act.node is not None:
        return act.node.fund_type
    if act.form_id == "f20a" or facts.path is Path.MAINTENANCE:
        return FundType.OM
    return FundType.SERVICE if facts.path is Path.SERVICE else FundType.CONSTRUCTION


@implements(Article(20, "竣工后6个月内"), OVERDUE, ids=("T-10", "T-12"))
def effective_acceptance_due(facts: ProjectFacts) -> date | None:
    """Return the last day for acceptance as moved by the registered reports of delay; None before completion.

    A report filed after the day had lapsed moves nothing: it does not undo 逾期 [C].
    """
    due = facts.acceptance_due
    if due is None:
        return None
    for extension in facts.extensions:
        if extension.registered and extension.filed_on <= due:
            due = max(due, extension.effective_due)
    return due


def accepted(facts: ProjectFacts) -> bool:
    """Whether an attempt at acceptance has concluded 通过 since the last completion, that of a service year too."""
    done = facts.completed_on
    return any(
        attempt.conclusion is AcceptanceConclusion.PASSED
        and (done is None or attempt.concluded_on is None or attempt.concluded_on >= done)
        for attempt in facts.attempts
    )


def sharing_fails(facts: ProjectFacts) -> bool:
    """Whether the latest check of 共建 and 共享, or of access to the platform, says 不符合 (第五条, 第二十八条)."""
    return (bool(facts.sharing) and not facts.sharing[-1].conforms) or facts.access_failed


def evaluation_fails(facts: ProjectFacts) -> bool:
    """Whether the latest signed evaluation is below standard and its rectification is not confirmed (第二十三条)."""
    signed = [evaluation for evaluation in facts.evaluations if evaluation.signed_on]
    return bool(signed) and not signed[-1].passed and signed[-1].rectified_on is None


def started_on(facts: ProjectFacts) -> date | None:
    """Return the first evidence of 开展建设: a signed contract or the start order (第十九条第四项 [C])."""
    days = [contract.signed_on for contract in facts.contracts if contract.signed_on]
    if not facts.parameters.contract_counts_as_start:
        days = []
    days += [day for day in (facts.start_order_on, facts.service_start_on) if day]
    return min(days, default=None)


@implements(NOT_STARTED, ids=("G-23", "T-09"))
def lapsed_years(facts: ProjectFacts) -> tuple[int, ...]:
    """Return the closed fiscal years with funds, no start by 31 December and no accepted reason."""
    start = started_on(facts)
    accepted_years = {verdict.fy for verdict in facts.not_started if verdict.accepted}
    funded = {line.fy for line in facts.budget if line.fund_type is not FundType.OM and (line.arranged_fen or 0) > 0}
    return tuple(
        fy
        for fy in sorted(funded - accepted_years)
        if facts.today > date(fy, 12, 31) and (start is None or start > date(fy, 12, 31))
    )


@implements(NOT_STARTED, ids=("P-18",))
def year_to_explain(facts: ProjectFacts) -> int:
    """Return the fiscal year that a statement of the unit is about: the last one while it still counts, else this one.

    The answer to the check of 31 December may come within ten working days, that is in January.
    """
    before = facts.today.year - 1
    return before if before in lapsed_years(facts) else facts.today.year


@implements(SHARING_FAILED, Article(5, "对不符合共建共享要求的政务信息化项目"), ids=("H-SHARE",))
def sharing_hold(facts: ProjectFacts) -> Iterator[Hold]:
    """Hold H-SHARE: the sharing or access check failed and no re-check has passed."""
    if not sharing_fails(facts):
        return
    failed = facts.sharing[-1].checked_on if facts.sharing and not facts.sharing[-1].conforms else facts.today
    yield Hold(
        "H-SHARE", "G-22", (5, 19, 28), failed, "sharing",
        "共建共享或者接入检查不符合要求，不予审批，不安排建设、运维和购买服务资金。",
        "整改后请数据资源股复查，复查符合即解除。", "bur_share", "bureau", Link("form", "f04s"),
    )  # fmt: skip


@implements(MECHANISM, ids=("H-SHARE",))
def unit_sharing_hold(facts: ProjectFacts) -> Iterator[Hold]:
    """Hold H-SHARE on a new item of a unit whose sharing was evaluated below the pass mark; a parameter, off [C]."""
    known = facts.unit_sharing
    if known is None or not _is_new(facts) or not holds_unit(known, facts.parameters):
        return
    yield Hold(
        "H-SHARE", "G-22", (25, 19), known.signed_on, f"unit:{known.year}",
        "项目单位%(year)s年度信息共享评价得分%(score)s分，未达标，新项目暂缓审核和安排资金。",
        "完成整改，整改通知办结即解除。", "unit_lead", "unit", Link("register", "problems"),
        {"year": known.year, "score": known.score},
    )  # fmt: skip


def _is_new(facts: ProjectFacts) -> bool:
    """Whether nothing has been arranged, contracted or put into operation for the item yet."""
    arranged = any((line.arranged_fen or 0) > 0 for line in facts.budget)
    return not arranged and not facts.contracts and facts.online_on is None


@implements(NOT_IN_CATALOGUE, ids=("H-CAT",))
def catalogue_hold(facts: ProjectFacts) -> Iterator[Hold]:
    """Hold H-CAT: a system that runs is not active in the catalogue of government systems."""
    if facts.path is Path.MAINTENANCE or facts.online_on is not None:
        yield from not_in_catalogue(facts)


def not_in_catalogue(facts: ProjectFacts) -> Iterator[Hold]:
    """Return what a system that is not active in the catalogue meets when it asks for O&M funds, running or not."""
    if facts.catalogue is not None and facts.catalogue.status == "active":
        return
    yield Hold(
        "H-CAT", "G-21", (19,), facts.online_on or facts.today, "catalogue",
        "系统未纳入县政务信息系统目录，不安排运维经费。",
        "先办理系统目录登记（F-22），经数据资源股核对生效后再申报。", "unit_clerk", "unit", Link("form", "f22"),
    )  # fmt: skip


@implements(NOT_STARTED, ids=("H-NOSTART",))
def not_started_hold(facts: ProjectFacts) -> Iterator[Hold]:
    """Hold H-NOSTART: funded in a year, not started in it, no accepted reason; in force through the next year only."""
    for fy in lapsed_years(facts):
        if facts.today.year == fy + 1:
            yield Hold(
                "H-NOSTART", "G-23", (19,), date(fy + 1, 1, 1), str(fy),
                "%(fy)s年度已安排资金而当年未开展建设，且无充分理由，%(next_fy)s年度不再安排资金。",
                "可以申报%(after_fy)s年度资金；理由已经大数据局和财政局共同认可的，请补登。",
                "bur_section", "bureau", Link("form", "f28"),
                {"fy": fy, "next_fy": fy + 1, "after_fy": fy + 2},
            )  # fmt: skip


@implements(OVERDUE, ids=("H-ACC", "G-28"))
def acceptance_hold(facts: ProjectFacts) -> Iterator[Hold]:
    """Hold H-ACC: from 00:00 of the day after the effective due date until an acceptance concludes 通过."""
    due = effective_acceptance_due(facts)
    if due is None or facts.today <= due or accepted(facts):
        return
    yield Hold(
        "H-ACC", "G-28", (21,), due + ONE_DAY, due.isoformat(),
        "项目于%(completed_on)s竣工，应于%(due)s前验收，现逾期%(days)s天未验收，不安排后续建设资金和运维经费。",
        "组织验收并取得“通过”结论，即自动解除。", "unit_lead", "unit", Link("deadline", "acceptance"),
        {"completed_on": facts.completed_on, "due": due, "days": (facts.today - due).days},
    )  # fmt: skip


@implements(BELOW_STANDARD, ids=("H-EVAL",))
def evaluation_hold(facts: ProjectFacts) -> Iterator[Hold]:
    """Hold H-EVAL: this system, or the parent system of this item, is below standard and not rectified."""
    if evaluation_fails(facts):
        last = [evaluation for evaluation in facts.evaluations if evaluation.signed_on][-1]
        yield _evaluation_hold(facts, facts.no, last.signed_on)
    elif facts.parent is not None and facts.parent.evaluation_blocks:
        yield _evaluation_hold(facts, facts.parent.code, facts.parent.evaluated_on)


@implements(AUDIT_FAILED, ids=("H-AUDIT",))
def audit_hold(facts: ProjectFacts) -> Iterator[Hold]:
    """Hold H-AUDIT: the audit's rectification date has passed and the audit bureau has not confirmed."""
    for case in facts.audits:
        overdue = case.rectify_due is not None and facts.today > case.rectify_due
        if case.passed is False and case.confirmed_on is None and case.rectify_due is not None and overdue:
            yield Hold(
                "H-AUDIT", "G-37", (32,), case.rectify_due + ONE_DAY, case.number,
                "审计不达标且未在%(due)s前按要求整改，不拨付运维经费。",
                "完成整改并由县审计局确认。", "aud_clerk", "audit", Link("register", "audit"),
                {"due": case.rectify_due},
            )  # fmt: skip


@implements(MEASURES, ids=("H-INSP", "H-SUSP", "H-TERM"))
def measure_holds(facts: ProjectFacts) -> Iterator[Hold]:
    """Holds H-INSP, H-SUSP and H-TERM: a measure of 第三十一条 that has been decided and not been lifted."""
    for measure in facts.measures:
        known = _MEASURE_HOLDS.get(measure.kind)
        if known is None or (measure.lifted_on is not None and measure.kind != Measure.TERMINATE):
            continue
        code, message, remedy = known
        yield Hold(
            code, "G-36", (31,), measure.decided_on, measure.order or measure.decided_on.isoformat(),
            message, remedy, "bur_insp", "bureau", Link("register", "problems"), {"decided_on": measure.decided_on},
        )  # fmt: skip


def _evaluation_hold(facts: ProjectFacts, system: str, since: date | None) -> Hold:
    return Hold(
        "H-EVAL", "G-30", (23,), since or facts.today, system,
        "系统%(system)s的评价结果未达标，整改完成之前不得申报运维或者升级改造资金。",
        "完成整改并由大数据局和财政局复查确认。", "unit_lead", "unit", Link("form", "f17"), {"system": system},
    )  # fmt: skip


_MEASURE_HOLDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        Measure.WITHHOLD: (
            "H-INSP",
            "监督检查整改不力，%(decided_on)s起暂缓拨付建设资金。",
            "完成整改，整改通知办结即解除。",
        ),
        Measure.SUSPEND: ("H-SUSP", "项目于%(decided_on)s暂停建设。", "整改合格并决定恢复建设后解除。"),
        Measure.TERMINATE: ("H-TERM", "项目于%(decided_on)s终止，只能办理结算和审计。", ""),
    }
)

_RULES: tuple[Callable[[ProjectFacts], Iterator[Hold]], ...] = (
    sharing_hold,
    unit_sharing_hold,
    catalogue_hold,
    not_started_hold,
    acceptance_hold,
    evaluation_hold,
    audit_hold,
    measure_holds,
)


def _sharing_blocks(_facts: ProjectFacts, act: Act, fund: FundType) -> bool:
    favourable = act.outcome is None or act.outcome in _FAVOURABLE
    review = act.action is Action.REVIEW and favourable
    return review or (_arranges(act) and fund is not FundType.SETTLEMENT)


def catalogue_blocks(facts: ProjectFacts, act: Act, fund: FundType) -> bool:
    """Say whether an act asks for O&M funds that only a system in the catalogue gets (第十九条第二项)."""
    files = act.form_id == "f20a" and facts.parameters.catalogue_hold_blocks_application
    return fund is FundType.OM and (files or _arranges(act))


def _not_started_blocks(facts: ProjectFacts, act: Act, _fund: FundType) -> bool:
    return _arranges(act) and (act.fy is None or act.fy - 1 in lapsed_years(facts))


def _acceptance_blocks(facts: ProjectFacts, act: Act, fund: FundType) -> bool:
    if fund not in {FundType.CONSTRUCTION, FundType.OM}:
        return False
    pays = act.action is Action.DISBURSE and facts.parameters.acceptance_hold_blocks_payment
    return pays or _arranges(act)


def _evaluation_blocks(facts: ProjectFacts, act: Act, fund: FundType) -> bool:
    item = act.item or facts.item
    upgrade = facts.parent is not None and facts.parent.evaluation_blocks and item is not None
    if upgrade and item is not None and item.nature in UPGRADES | {Nature.OM}:
        return act.form_id in {"f02", "f03"} or _arranges(act)
    return fund is FundType.OM and (act.form_id == "f20a" or _arranges(act))


def _audit_blocks(_facts: ProjectFacts, act: Act, fund: FundType) -> bool:
    return act.action is Action.DISBURSE and fund is FundType.OM


def _withholding_blocks(_facts: ProjectFacts, act: Act, fund: FundType) -> bool:
    return act.action is Action.DISBURSE and fund is FundType.CONSTRUCTION


def _suspension_blocks(_facts: ProjectFacts, act: Act, fund: FundType) -> bool:
    if act.action is Action.ARRANGE:
        return fund is FundType.CONSTRUCTION and _arranges(act)
    if act.action is Action.DISBURSE:
        return fund is not FundType.SETTLEMENT
    return act.action in {Action.BUILD, Action.REVIEW} or (act.action is Action.FILE and fund is not FundType.OM)


def _arranges(act: Act) -> bool:
    """Whether money would be arranged: an amount above zero, or none named yet."""
    return act.action is Action.ARRANGE and act.amount_fen != 0


_FAVOURABLE = frozenset({"通过", "修改后通过", "批准", "同意", "有条件", "核准", "核定"})

_BLOCKS: Mapping[str, Callable[[ProjectFacts, Act, FundType], bool]] = MappingProxyType(
    {
        "H-SHARE": _sharing_blocks,
        "H-CAT": catalogue_blocks,
        "H-NOSTART": _not_started_blocks,
        "H-ACC": _acceptance_blocks,
        "H-EVAL": _evaluation_blocks,
        "H-AUDIT": _audit_blocks,
        "H-INSP": _withholding_blocks,
        "H-SUSP": _suspension_blocks,
        "H-TERM": _suspension_blocks,
    }
)
