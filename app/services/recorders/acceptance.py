"""Recorders of acceptance: F-16a … F-16o, F-05z, F-17, F-17c and their signatures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain import expert_access, gates
from app.domain.acts import Act
from app.domain.gates.acceptance import FOUR_MATERIALS
from app.domain.periods import Length
from app.domain.periods import Unit as PeriodUnit
from app.domain.terms import AcceptanceConclusion, OpinionKind, Result
from app.models.accounts import Person
from app.models.business import (
    AcceptanceAttempt,
    AcceptanceFiling,
    ExpertForm,
    PanelMember,
    Participant,
    RectificationItem,
    SharingCheck,
)
from app.services import calendars
from app.services.recorders import drafts, security
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.review import designated_members, still_free
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.recorders.work import Work

CONNECTED = "已接入"
DESIGNATED_ROLE = "指派专家"


def current(work: Work) -> AcceptanceAttempt:
    """Return the attempt that is going on; refuse if acceptance has not been applied for."""
    row = work.newest(AcceptanceAttempt)
    if row is None:
        work.demand([missing_step("尚未申请验收。", form="f16a", article=20, holder="unit_clerk")])
        raise AssertionError  # `demand` has raised
    return row


@records("f16p", "unit_clerk", "unit_lead", requires=("checked_on", "result"))
def preliminary(work: Work) -> None:
    """F-16p: preliminary acceptance with builder and supervisor [C]; the submission is the record."""
    work.demand(gates.check(gates.EVERYWHERE, work.facts, Act("f16p")))
    if (trial := work.day("trial_from")) is not None:
        security.in_operation(work, trial)


@records("f16a", "unit_clerk", "unit_lead", requires=("supervision_summary", "test_report", "user_report", "access_no"))
def application(work: Work) -> None:
    """F-16a: the application for acceptance.

    A further one needs the last one's items closed (第二十条, 第二十一条, G-27).
    """
    facts = replace(work.facts, access_no=work.text("access_no") or work.facts.access_no)
    work.ask(Act("f16a", by=work.by.username), facts)
    work.project.access_no = facts.access_no
    last = work.newest(AcceptanceAttempt)
    fresh = last is None or last.conclusion is not None
    row = AcceptanceAttempt(project_id=work.project.id, number=1) if last is None else last
    if last is not None and fresh:
        row = AcceptanceAttempt(project_id=work.project.id, number=last.number + 1)
    row.applied_on = work.today
    row.application = {"mlps_no": work.text("mlps_no"), "text": work.text("text"), "by": work.by.username}
    work.add(row)
    security.at_application(work)
    work.advance_first_year("acceptance.applied")


@records("f16s", "bur_share", requires=("access", "items_ok"), after=("f16a",))
def verify_access(work: Work) -> None:
    """F-16s: the sharing section verifies access to the platform and the registered resources."""
    connected = work.text("access") == CONNECTED
    work.project.access_verified = connected
    work.add(
        SharingCheck(
            project_id=work.project.id,
            conforms=connected and work.flag("items_ok"),
            access_ok=connected,
            checked_on=work.today,
            checked_by=work.by.username,
            reason=work.text("reason"),
        )
    )


@records("f05z", "bur_section", requires=("experts", "reason"), after=("f16a",))
def designate(work: Work) -> None:
    """F-05z: the bureau designates at least one expert for this attempt (第二十条, G-24, COI-03, COI-08)."""
    attempt = current(work)
    people = [work.person(row.get("expert")) for row in work.items("experts")]
    nomination = work.text("nomination")
    designated_members(work, people, nomination)
    seated = {
        row.person_id: row
        for row in work.session.query(PanelMember).filter_by(
            project_id=work.project.id, purpose="acceptance", round=attempt.number
        )
    }
    for row in seated.values():
        row.replaced = True
    for place, person in enumerate(people):
        row = seated.get(person.id) or PanelMember(
            project_id=work.project.id, purpose="acceptance", round=attempt.number, person_id=person.id
        )
        row.replaced, row.designated, row.leader = False, True, place == 0
        row.seated_on, row.reason, row.nominated_by = work.today, work.text("reason"), nomination
        row.access_until = expert_access.last_day(work.today, work.facts.parameters)
        work.session.add(row)
    work.session.flush()


@records("f16h", "bur_section", requires=("conclusion", "basis"), after=("f16s",))
def draft_consent(work: Work) -> None:
    """F-16h: the draft of the 验收核准意见; access to the platform comes first (第四条, 第二十条, G-04)."""
    attempt = current(work)
    work.ask(Act("f16h", by=work.by.username, outcome=work.text("conclusion")))
    drafts.draft(
        work, OpinionKind.ACCEPTANCE, work.text("conclusion"), part=str(attempt.number), text=work.text("basis")
    )


@signs("f16h", "bur_head", after=("f16h",))
def sign_consent(work: Work) -> None:
    """F-00s on F-16h: the bureau head signs the 验收核准意见, one of the conditions of acceptance (第二十条, D-10)."""
    signed = drafts.sign(work, OpinionKind.ACCEPTANCE, document="acceptance")
    if signed and not work.facts.unit.is_bureau:  # its own project waits for the county's countersignature (COI-08)
        current(work).consent = signed[-1].conclusion


@records("f16m", "unit_lead", requires=("held_on", "participants"), after=("f05z",))
def meeting(work: Work) -> None:
    """F-16m: the acceptance meeting; a designated expert must have signed in (第二十条, G-24)."""
    attempt = current(work)
    for old in work.session.query(Participant).filter_by(attempt_id=attempt.id):
        work.session.delete(old)
    seats = _designated(work, attempt)
    for row in work.items("participants"):
        name = str(row.get("name"))
        designated = str(row.get("role")) == DESIGNATED_ROLE
        work.session.add(
            Participant(
                attempt_id=attempt.id,
                name=name,
                person_id=seats.get(name) if designated else None,
                organisation=str(row.get("org") or ""),
                role=str(row.get("role")),
                signed_in=row.get("signed") is True,
            )
        )
    attempt.held_on, attempt.place = work.day("held_on"), work.text("place")
    work.ask(Act("f16m", by=work.by.username), work.reload())


def _designated(work: Work, attempt: AcceptanceAttempt) -> Mapping[str, int]:
    """Return name → person of those whom the bureau designated for this attempt."""
    seats = (
        work.session.query(Person.name, Person.id)
        .join(PanelMember, PanelMember.person_id == Person.id)
        .filter(
            PanelMember.project_id == work.project.id,
            PanelMember.purpose == "acceptance",
            PanelMember.round == attempt.number,
            PanelMember.replaced.is_(False),
        )
    )
    return {name: person for name, person in seats}  # noqa: C416 -- rows, not pairs


@records("f16e", "expert", requires=("conclusion",), after=("f16m",))
def expert_opinion(work: Work) -> None:
    """F-16e: one expert's opinion on the six points of acceptance; she sits on the panel of this attempt."""
    attempt = current(work)
    _seated(work, attempt)
    still_free(work, work.newest(PanelMember, purpose="acceptance", person_id=work.by.id, replaced=False))
    row = work.newest(ExpertForm, purpose="acceptance", round=attempt.number, person_id=work.by.id) or ExpertForm(
        project_id=work.project.id, purpose="acceptance", round=attempt.number, person_id=work.by.id
    )
    points = ("content", "technology", "documents", "finance", "sharing", "security")
    row.content = {f"{point}_{part}": work.text(f"{point}_{part}") for point in points for part in ("result", "text")}
    row.conclusion, row.filled_on = work.text("conclusion"), work.today
    work.add(row)


def _seated(work: Work, attempt: AcceptanceAttempt) -> None:
    """Refuse an expert whom the bureau has not designated for this attempt (第二十条)."""
    seat = work.newest(PanelMember, purpose="acceptance", round=attempt.number, person_id=work.by.id, replaced=False)
    if seat is None:
        work.demand([missing_step("你不在本次验收的专家之内。", form="f05z", article=20, holder="bur_section")])


@records("f16g", "expert", requires=("conclusion", "items", "limit_days"), after=("f16h", "f16m"))
def conclude(work: Work) -> None:
    """F-16g: the panel's conclusion (D-11); 通过 lifts H-ACC, 不合格 sets items and a limit (第二十条, 第二十一条)."""
    attempt = current(work)
    conclusion = AcceptanceConclusion(work.text("conclusion"))
    work.ask(Act("f16g", by=work.by.username, outcome=conclusion))
    _seated(work, attempt)
    if attempt.conclusion is not None:
        work.demand([missing_step("本次验收已有结论，不能改写；再次验收请重新申请。", form="f16a", article=20)])
    if attempt.held_on is None:
        work.demand([missing_step("尚未召开验收会。", form="f16m", article=20)])
    attempt.conclusion, attempt.concluded_on, attempt.opinion = conclusion, work.today, work.text("text")
    work.session.flush()
    if conclusion is AcceptanceConclusion.PASSED:
        work.project.accepted_on = work.today
        work.met("acceptance")
        work.deadline("acceptance_filing", work.today)
        work.deadline("payment", work.today)  # 交付或者验收之日: the debtor's term does not wait for the filing
    else:
        _set_items(work, attempt)
        work.advance_first_year("acceptance.failed")


def _set_items(work: Work, attempt: AcceptanceAttempt) -> None:
    parameters = work.facts.parameters
    days = min(work.number("limit_days", parameters.rectification_days), parameters.rectification_days_at_most)
    for number, row in enumerate(work.items("items"), start=1):
        work.session.add(
            RectificationItem(
                project_id=work.project.id, cause="acceptance", cause_id=attempt.id, number=number,
                problem=str(row.get("problem")), measure="",
            )
        )  # fmt: skip
    limit = Length(days, PeriodUnit.DAYS)
    attempt.rectify_due = work.deadline("rectification", work.today, subject=str(attempt.number), length=limit).due


@purpose("third_attempt", "f00s", "bur_head", after=("f17c",))
def allow_third(work: Work) -> None:
    """F-00s: the bureau head allows a further acceptance after two that failed (第二十一条 [C], G-27)."""
    attempt = current(work)
    if work.text("result") == Result.AGREED:
        attempt.third_allowed_by = work.by.username


@records("f16f", "unit_clerk", "unit_lead", requires=tuple(FOUR_MATERIALS), after=("f16g",))
def file_materials(work: Work) -> None:
    """F-16f: the four materials of 第二十条; the bureau's silence of five working days counts as confirmation [C]."""
    if not work.facts.attempts or work.facts.attempts[-1].conclusion is not AcceptanceConclusion.PASSED:
        work.demand([missing_step("项目尚未通过验收。", form="f16g", article=20)])
    days = work.facts.parameters.filing_confirmation_working_days
    last = calendars.current(work.session).after_working_days(work.today, days)
    row = work.newest(AcceptanceFiling) or AcceptanceFiling(project_id=work.project.id)
    row.materials = [key for key in FOUR_MATERIALS if work.given(key)]
    row.filed_on, row.filed_by, row.returned, row.confirmed_on = work.today, work.by.username, False, None
    row.deemed_confirmed_from = last + timedelta(days=1)
    work.add(row)


@purpose("filing_confirmation", "f00c", "bur_clerk", "bur_section", after=("f16f",))
def confirm_filing(work: Work) -> None:
    """F-00c: the bureau confirms the filing, with every resource registered on the platform."""
    row = work.newest(AcceptanceFiling)
    if row is None:
        work.demand([missing_step("尚未报送验收材料。", form="f16f", article=20, holder="unit_clerk")])
        return
    if work.text("result") != "属实":
        row.returned = True
        return
    work.demand(gates.check(("G-33", *gates.EVERYWHERE), work.facts, Act("f00c", by=work.by.username)))
    row.confirmed_on = work.today
    work.met("acceptance_filing")
    work.advance_first_year("acceptance.filed")


@purpose("urging", "f00c", "bur_insp")
def urge(work: Work) -> None:
    """F-00c: the bureau urges an overdue acceptance; the submission is the record."""
    work.demand(gates.check(gates.EVERYWHERE, work.facts, Act("f00c")))


@records("f16o", "unit_lead", "unit_clerk", requires=("online_on",), after=("f16g",))
def online(work: Work) -> None:
    """F-16o: the day of going into operation, from which the full year runs.

    Earlier than acceptance only with reason.
    """
    day = work.day("online_on")
    accepted = work.project.accepted_on
    if day is None or accepted is None:
        work.demand([missing_step("项目尚未通过验收。", form="f16g", article=23)])
        return
    if day < accepted and not work.text("reason"):
        work.demand([missing_step("投入运行早于验收的，应当说明理由。", form="f16o", article=23)])
    work.project.online_on = day
    security.in_operation(work, day)
    work.deadline("evaluation_opens", day)
    work.deadline("evaluation_ends", day)
    entry = work.facts.catalogue
    if entry is not None and entry.status == "active":
        work.advance("operation.started")
