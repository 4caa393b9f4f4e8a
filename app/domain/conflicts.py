"""Conflicts of interest COI-01 … COI-10: who may not sit, assess, supervise or sign (specification §2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from app.domain import standing
from app.domain.articles import Article, implements
from app.domain.reasons import refuse

if TYPE_CHECKING:
    from app.domain.facts import Panel, PanelMember, ProjectFacts, Supervision
    from app.domain.refusals import Refusal

EXPERTS = Article(10, "组织专家")
DESIGNATED = Article(20, "县政务服务和大数据管理局指派的专家参加")
SUPERVISED = Article(17, "委托具有相应工程监理资质的单位")
EVALUATED = Article(23, "组织专家或者委托第三方评价机构")
ASSESSED = Article(9, "委托专业机构进行系统测评")
FEBRUARY = 2
RESPONSIBLE = Article(15, "建立健全项目责任制和管理制度")


def panel_conflicts(facts: ProjectFacts, panel: Panel) -> Iterator[Refusal]:
    """Yield what forbids the members of a review panel: COI-01, 02, 07, 08 and 10."""
    for member in panel.members:
        yield from member_conflicts(facts, member)
    countersigned = panel.countersigned_by_county or not facts.parameters.bureau_projects_countersigned
    if facts.unit.is_bureau and not countersigned and panel.forms:
        yield _coi(
            "COI-08",
            EXPERTS,
            "项目单位是大数据局，专家抽取未经县政府办会签。",
            "请县政府办会签。",
            "gov_office",
            "f00s",
        )


@implements(EXPERTS, DESIGNATED, ids=("COI-01", "COI-02", "COI-07", "COI-08", "COI-10"))
def member_conflicts(facts: ProjectFacts, member: PanelMember) -> Iterator[Refusal]:
    """Yield why this person may not serve as an expert on this project, at review or at acceptance."""
    name = member.name or member.person
    companies = standing.builders(facts) | facts.designers | _bidders(facts)
    if facts.supervision is not None:
        companies |= {facts.supervision.supervisor}
    if facts.unit.name in {member.employer, member.employer_parent, *_employers(facts, member)}:
        yield _expert(
            "COI-01",
            "专家%(name)s现在或者近%(years)s年在项目单位任职。",
            name,
            years=facts.parameters.cooling_off_years,
        )
    if companies & {member.employer, *_employers(facts, member), *_interests(facts, member)}:
        yield _expert("COI-02", "专家%(name)s与投标、承建、监理或者设计单位有利害关系。", name)
    if member.interest_declared:
        yield _expert("COI-07", "专家%(name)s声明有利害关系，应当回避。", name)
    agencies = {package.agency for package in facts.packages if package.agency}
    if member.nominated_by and member.nominated_by in agencies:
        yield _expert("COI-10", "专家%(name)s由采购代理机构推荐，不得参加。", name)


def _employers(facts: ProjectFacts, member: PanelMember) -> Iterator[str]:
    """Yield where she worked within the cooling-off years, and what that was subordinate to."""
    since = _years_before(facts, facts.parameters.cooling_off_years)
    for tie in member.ties:
        if tie.kind == "employment" and (tie.until is None or tie.until >= since):
            yield from (name for name in (tie.organisation, tie.parent) if name)


def _interests(facts: ProjectFacts, member: PanelMember) -> Iterator[str]:
    """Yield in what she holds shares, and who has paid her within the years of the parameter."""
    since = _years_before(facts, facts.parameters.conflict_years_panel)
    for tie in member.ties:
        if tie.kind != "employment" and (tie.until is None or tie.until >= since):
            yield tie.organisation


def _years_before(facts: ProjectFacts, years: int) -> date:
    day = facts.today
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == FEBRUARY else day.day)


CITY, BY_LOT = "市大数据局推荐", "财政局在场随机抽取"
NOMINATIONS = (CITY, BY_LOT)
"""How the acceptance experts of the bureau's own project are found before it designates them (COI-08) [C]."""


@implements(DESIGNATED, ids=("COI-03", "COI-08"))
def designation_conflicts(facts: ProjectFacts, designated: tuple[PanelMember, ...]) -> Iterator[Refusal]:
    """Yield what forbids a designation for acceptance; who reviewed the filing may not be the only one (COI-03)."""
    for member in designated:
        yield from member_conflicts(facts, member)
    reviewers = {member.person for member in facts.panel.members} if facts.panel is not None else set()
    alone = facts.parameters.reviewer_may_accept_alone
    if designated and not alone and all(member.person in reviewers for member in designated):
        yield _coi(
            "COI-03", DESIGNATED, "指派的专家都参加过本项目的评审。", "至少另行指派一位专家。", "bur_section", "f05z"
        )
    own = facts.unit.is_bureau and facts.parameters.bureau_projects_countersigned
    if own and any(member.nominated_by not in NOMINATIONS for member in designated):
        yield _coi(
            "COI-08", DESIGNATED, "项目单位是大数据局，验收专家未经市大数据局推荐或者财政局在场随机抽取。",
            "请市大数据局推荐，或者请财政局派人在场随机抽取，再行指派。", "bur_section", "f05z",
        )  # fmt: skip


@implements(SUPERVISED, ids=("COI-04",))
def supervisor_conflicts(facts: ProjectFacts, supervision: Supervision) -> Iterator[Refusal]:
    """Yield why this company may not supervise: it builds, is affiliated with the builder, or designed the project."""
    builders = standing.builders(facts)
    values = {"supervisor": supervision.supervisor}
    if supervision.supervisor in builders:
        yield _coi(
            "COI-04",
            SUPERVISED,
            "监理单位%(supervisor)s就是承建单位。",
            "另行委托监理单位。",
            "unit_lead",
            "f13s",
            **values,
        )
    most = facts.parameters.affiliation_percent
    related = {tie.company for tie in supervision.affiliates if _binds(tie.percent, most)} & builders
    declared = not supervision.unaffiliated_declared and _binds(supervision.declared_percent, most)
    if related or declared:
        yield _coi(
            "COI-04", SUPERVISED, "监理单位%(supervisor)s与承建单位有隶属或者其他利害关系。", "另行委托监理单位。",
            "unit_lead", "f13s", **values,
        )  # fmt: skip
    if supervision.supervisor in facts.designers:
        yield _coi(
            "COI-04",
            SUPERVISED,
            "监理单位%(supervisor)s是本项目的设计单位。",
            "另行委托监理单位。",
            "unit_lead",
            "f13s",
            **values,
        )


def _binds(percent: int | None, most: int) -> bool:
    """Whether a tie makes two companies affiliated: any but a share, and a share above the parameter [C]."""
    return percent is None or percent > most


@implements(ASSESSED, ids=("COI-05",))
def assessor_conflicts(facts: ProjectFacts, assessor: str) -> Iterator[Refusal]:
    """Yield why this body may not assess (系统测评, 等保, 密评): it built or operates the system."""
    involved = set(standing.builders(facts))
    for entry in (facts.catalogue, facts.parent):
        involved |= {entry.builder, entry.operator} if entry is not None else set()
    if assessor and assessor in involved:
        yield _coi(
            "COI-05", ASSESSED, "测评机构%(assessor)s是系统的承建或者运维单位。", "另行委托专业机构。",
            "unit_clerk", "f02", assessor=assessor,
        )  # fmt: skip


@implements(EVALUATED, ids=("COI-06",))
def evaluator_conflicts(facts: ProjectFacts, evaluator: str) -> Iterator[Refusal]:
    """Yield why this body or expert may not evaluate: builder, supervisor or acceptance expert of the project."""
    involved = set(standing.builders(facts))
    if facts.supervision is not None:
        involved.add(facts.supervision.supervisor)
    for attempt in facts.attempts:
        involved |= set(attempt.designated)
    if evaluator in involved:
        yield _coi(
            "COI-06", EVALUATED, "评价方%(evaluator)s是承建、监理单位或者验收专家。", "另行委托评价方。",
            "bur_section", "f25s", evaluator=evaluator,
        )  # fmt: skip


@implements(RESPONSIBLE, ids=("COI-09",))
def four_eyes(prepared_by: str, signed_by: str) -> Iterator[Refusal]:
    """Yield a refusal when one person would both prepare and sign (specification §2.5)."""
    if prepared_by == signed_by:
        yield _coi(
            "COI-09", RESPONSIBLE, "填报人和签批人不能是同一人。", "请另一位有权限的人签批。", "unit_head", "f00s"
        )


def _bidders(facts: ProjectFacts) -> frozenset[str]:
    return frozenset(bidder for package in facts.packages for bidder in package.bidders)


def _expert(rule: str, message: str, name: str, **values: object) -> Refusal:
    return _coi(rule, EXPERTS, message, "更换专家。", "bur_section", "f05", name=name, **values)


def _coi(rule: str, article: Article, message: str, remedy: str, /, *at: str, **values: object) -> Refusal:
    """Return a refusal; `at` is the role that can mend it and the form where she does."""
    holder, form = at
    return refuse(rule, article, message, remedy, holder=holder, link=("form", form), values=values)
