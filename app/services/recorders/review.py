"""Recorders of filing and expert review: F-03, F-04, F-04s, F-05 …, F-06 and their signatures (第十条, 第二十六条)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain import conflicts, expert_access, gates, standing
from app.domain.acts import Act
from app.domain.facts import ExpertForm, Panel
from app.domain.facts import PanelMember as Member
from app.domain.fingerprint import fingerprint
from app.domain.numbers import Path
from app.domain.states import State
from app.domain.terms import CONFORMITY_ITEMS, PANEL_PASSED, SIX_CONTENTS, OpinionKind, Result
from app.models.accounts import Person
from app.models.business import (
    AcceptanceAttempt,
    Change,
    Evaluation,
    Filing,
    PanelMember,
    PlanItem,
    ResourceItem,
    ScopeVersion,
    SharingCheck,
)
from app.models.business import ExpertForm as ExpertFormRow
from app.services import expert_replacements, expert_ties
from app.services.recorders import drafts
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.refusals import Refusal
    from app.services.recorders.work import Work

COUNTERSIGNED = "gov_office"
MATERIALS = ("proposal", "feasibility", "design")


@records(
    "f03", "unit_clerk", "unit_lead",
    requires=(*MATERIALS, "budget_lines", "targets", "exchange_mode", "mlps_level", *CONFORMITY_ITEMS), after=("f02g",),
)  # fmt: skip
def filing(work: Work) -> None:
    """F-03: the filing with its five materials; a filing that changes what was reviewed makes a new scope version."""
    _write_filing(work)
    facts = work.reload()
    work.ask(Act("f03", by=work.by.username, filing=facts.filing, item=facts.item), facts)
    work.advance("filing.saved")


@purpose("revision", "f03", "unit_clerk", "unit_lead", after=("f05g",))
def revision(work: Work) -> None:
    """F-03 as revision asked by the panel: the same filing, better; the state stays 评审中."""
    _write_filing(work)
    facts = work.reload()
    work.ask(Act("f03", by=work.by.username, filing=facts.filing, item=facts.item), facts)


def _write_filing(work: Work) -> None:
    project = work.project
    total = sum(_amount(line) for line in work.items("budget_lines"))
    version = _scope_version(work, total)
    row = work.newest(Filing, scope_version=version.number) or Filing(
        project_id=project.id, scope_version=version.number
    )
    row.content = _content(work)
    row.filed_on, row.filed_by = work.today, work.by.username
    row.signed_on, row.signed_by, row.accepted_on = None, "", None
    work.add(row)
    project.scope_version, project.total_fen = version.number, total
    project.mlps_level = work.number("mlps_level")
    project.is_major = total >= work.facts.parameters.major_threshold_fen
    _resources(work)


def _amount(line: object) -> int:
    value = line.get("amount") if isinstance(line, dict) else None
    return value if isinstance(value, int) else 0


def _scope_version(work: Work, total_fen: int) -> ScopeVersion:
    """Return the version of this filing: a new one where what was reviewed has changed, else the present."""
    item = work.newest(PlanItem)
    content = item.content if item is not None else {}
    mark = fingerprint(str(content.get("basis", "")), str(content.get("content", "")), total_fen)
    present = work.newest(ScopeVersion)
    reviewed = any(opinion.signed_on for opinion in work.facts.opinions if opinion.kind is OpinionKind.REVIEW)
    if present is not None and (not reviewed or present.fingerprint == mark):
        present.fingerprint, present.total_fen = mark, total_fen
        return work.add(present)
    number = present.number + 1 if present is not None else 1
    return work.add(
        ScopeVersion(
            project_id=work.project.id, number=number, fingerprint=mark, total_fen=total_fen, made_on=work.today
        )
    )


def _content(work: Work) -> dict[str, object]:
    lines = [
        {"kind": line.get("category"), "name": line.get("name"), "amount_fen": _amount(line)}
        for line in work.items("budget_lines")
    ]
    return {
        "materials": [key for key in MATERIALS if work.given(key)],
        "budget_items": lines,
        "goals": len(work.items("targets")),
        "resource_items": len(work.items("resource_items")),
        "share_items": len(work.items("share_list")),
        "no_data": work.flag("no_resources"),
        "exchange_mode": all(work.given(key) for key in ("exchange_mode", "exchange_frequency", "exchange_owner")),
        "access_plan": work.given("platform_plan"),
        "conformity": {key: work.text(key) for key in CONFORMITY_ITEMS if work.given(key)},
        "mlps_level": work.number("mlps_level"),
        "crypto_required": work.flag("crypto_required"),
    }


def _resources(work: Work) -> None:
    """Keep the project's information resources as the filing lists them; platform numbers given since stay."""
    known = {row.name: row for row in work.session.query(ResourceItem).filter_by(project_id=work.project.id)}
    for item in work.items("resource_items"):
        name = str(item.get("name"))
        row = known.pop(name, None) or ResourceItem(project_id=work.project.id, name=name)
        row.content = {key: _plain(value) for key, value in item.items()}
        row.update_cycle = str(item.get("update_cycle") or "")
        row.platform_no = row.platform_no or str(item.get("platform_no") or "")
        work.session.add(row)
    for row in known.values():
        if not row.platform_no:
            work.session.delete(row)
    work.session.flush()


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


@signs("f03", "unit_head", after=("f03",))
def sign_filing(work: Work) -> None:
    """F-00s on F-03: the head of the unit signs the filing; it is then under review."""
    row = work.newest(Filing)
    if row is None:
        work.demand([missing_step("尚未编制申报材料。", form="f03", article=9, holder="unit_clerk")])
        return
    work.other_than(row.filed_by)
    if work.text("result") != Result.AGREED:
        return
    work.ask(Act("f03", by=work.by.username))
    row.signed_on, row.signed_by = work.today, work.by.username
    work.advance("filing.signed")
    work.met("materials")


@records("f04", "bur_clerk", "bur_section", requires=("complete",), after=("f03",))
def acceptance_of_filing(work: Work) -> None:
    """F-04: 受理, or back to the unit for 补正."""
    row = work.newest(Filing)
    if row is None or row.signed_on is None:
        work.demand([missing_step("申报材料尚未由单位负责人签报。", form="f03", article=9, holder="unit_head")])
        return
    if work.flag("complete"):
        row.accepted_on = work.today
    else:
        work.advance("filing.returned")


@records("f04s", "bur_share", requires=("result", "access_ok"))
def sharing_check(work: Work) -> None:
    """F-04s: the check of 共建 (cloud, network, reuse) and 共享.

    It conforms only if every part does (第五条, 第二十八条).
    """
    parts = ("catalogue", "sharing", "exchange", "cloud_network", "reuse")
    conforms = all(work.text(f"{part}_result") == "符合" for part in parts) and work.text("result") == "符合"
    work.add(
        SharingCheck(
            project_id=work.project.id,
            conforms=conforms,
            access_ok=work.flag("access_ok"),
            checked_on=work.today,
            checked_by=work.by.username,
            reason=work.text("opinion"),
        )
    )
    if work.text("result") == "补正":
        work.advance_if_possible("filing.returned")


@records("f05", "bur_section", requires=("method", "experts", "leader"), after=("f04",))
def panel(work: Work) -> None:
    """F-05: the review panel: at least three, odd, none in conflict (第十条, G-09, COI-01 … COI-10)."""
    people = [work.person(row.get("expert")) for row in work.items("experts")]
    leader = work.person(work.recorded.answers.get("leader")).id
    members = _proposed(work, people)
    work.ask(Act("f05", by=work.by.username, panel=Panel(members=members)))
    purpose_, round_ = _panel_of(work)
    seated = {row.person_id: row for row in work.session.query(PanelMember).filter_by(
        project_id=work.project.id, purpose=purpose_, round=round_)}  # fmt: skip
    for row in seated.values():
        row.replaced = True
    for person in people:
        row = seated.get(person.id) or PanelMember(
            project_id=work.project.id, purpose=purpose_, round=round_, person_id=person.id, seated_on=work.today
        )
        row.replaced, row.leader, row.reason = False, person.id == leader, work.text("method")
        row.access_until = expert_access.last_day(work.today, work.facts.parameters)
        work.session.add(row)
    work.session.flush()


def _panel_of(work: Work) -> tuple[str, int]:
    """Return whose panel F-05 forms: of the review of this scope version, or of the evaluation that is going on."""
    evaluation = work.newest(Evaluation)
    if work.state is State.EVALUATING and evaluation is not None:
        return "evaluation", evaluation.number
    return "review", work.project.scope_version


def _proposed(work: Work, people: Sequence[Person]) -> tuple[Member, ...]:
    """Return the people as members with what the conflict rules ask; a declared interest stays declared."""
    declared = {
        row.person_id: row.interest_declared
        for row in work.session.query(PanelMember).filter_by(project_id=work.project.id)
    }
    known = expert_ties.as_members(work.session, people)
    return tuple(replace(known[person.id], interest_declared=declared.get(person.id)) for person in people)


def still_free(work: Work, seat: PanelMember | None) -> None:
    """Ask the conflict rules again when an expert acts: what has come to light since she was seated forbids it too."""
    if seat is not None:
        work.demand(expert_replacements.conflicts_of(work.session, work.facts, seat))


@records("f05d", "expert", requires=("interest",), after=("f05",))
def declaration(work: Work) -> None:
    """F-05d: an expert's declaration of interest; 有 replaces her by one drawn at random (COI-07)."""
    row = work.newest(PanelMember, person_id=work.by.id, replaced=False)
    if row is None:
        work.demand([missing_step("你不在本项目的专家组内。", form="f05", article=10, holder="bur_section")])
        return
    if work.text("interest") != "有":
        still_free(work, row)
    row.interest_declared = work.text("interest") == "有"
    if row.interest_declared:
        cause = expert_replacements.Cause(expert_replacements.DECLARED, work.text("interest_detail"))
        expert_replacements.give_up(work.session, work.facts, row, cause, by=work.by, now=work.context.now)


@records("f05e", "expert", requires=tuple(f"{key}_score" for key in SIX_CONTENTS), after=("f05d",))
def expert_form(work: Work) -> None:
    """F-05e: one expert's judgement of all six contents (第十条, G-09)."""
    seat = work.newest(PanelMember, person_id=work.by.id, purpose="review", replaced=False)
    if seat is not None and seat.interest_declared is None and work.text("interest"):
        _declares(work, seat)
    if seat is None or seat.interest_declared is not False:
        work.demand([missing_step("你不在专家组内，或者尚未声明利害关系。", form="f05d", article=10, holder="expert")])
        return
    still_free(work, seat)
    form = ExpertForm(
        expert=str(work.by.id),
        scores=tuple(work.number(f"{key}_score") if work.recorded.answers.get(f"{key}_score") is not None else None
                     for key in SIX_CONTENTS),
        comments=tuple(work.text(f"{key}_comment") for key in SIX_CONTENTS),
        conclusion=work.text("conclusion"),
    )  # fmt: skip
    work.ask(Act("f05e", by=work.by.username, expert_form=form))
    row = work.newest(ExpertFormRow, purpose="review", round=seat.round, person_id=work.by.id) or ExpertFormRow(
        project_id=work.project.id, purpose="review", round=seat.round, person_id=work.by.id
    )
    row.content = {f"{key}_score": score for key, score in zip(SIX_CONTENTS, form.scores, strict=True)}
    row.content |= {f"{key}_comment": text for key, text in zip(SIX_CONTENTS, form.comments, strict=True)}
    row.conclusion, row.filled_on = form.conclusion, work.today
    row.suggested_fen = work.fen("suggested_amount") or None
    work.add(row)


def _declares(work: Work, seat: PanelMember) -> None:
    """Take the declaration of an expert who was drawn for another, given together with her scores (COI-07)."""
    if work.text("interest") == "有":
        work.demand([missing_step("你声明有利害关系，应当回避，不再评分。", form="f05d", article=10, holder="expert")])
    seat.interest_declared = False


@records("f05g", "expert", requires=("conclusion", "text"), after=("f05e",))
def panel_conclusion(work: Work) -> None:
    """F-05g: the panel's opinion, by its leader, once every member has handed in her form (第十条, G-09)."""
    seat = work.newest(PanelMember, person_id=work.by.id, purpose="review", replaced=False)
    if seat is None or not seat.leader:
        work.demand([missing_step("专家组意见由组长填写。", form="f05", article=10, holder="expert")])
    still_free(work, seat)
    work.ask(Act("f05g", by=work.by.username, outcome=work.text("conclusion")))


@purpose("revision_check", "f00c", "expert")
def revision_check(work: Work) -> None:
    """F-00c: the leader confirms that the panel's demands are met; the submission itself is the record."""
    work.demand(gates.check(("G-20",), work.facts, Act("f00c")))


@records("f06", "bur_clerk", "bur_section", requires=("conclusion", "reviewed_total"), after=("f04s",))
def draft_opinion(work: Work) -> None:
    """F-06: the draft of the 审核意见 (第五条, 第十条).

    Failing conformity or access forbids 通过 (G-02, G-05, G-34).
    """
    conclusion = work.text("conclusion")
    reviewed = work.fen("reviewed_total")
    work.ask(Act("f06", by=work.by.username, outcome=conclusion, amount_fen=reviewed))
    work.demand(_panel_needed(work, conclusion))
    content = {
        "cuts": [dict(row) for row in work.items("cuts")],
        "conditions": [str(row.get("content")) for row in work.items("conditions")],
    }
    drafts.draft(
        work, OpinionKind.REVIEW, conclusion, text=work.text("text"), reviewed_total_fen=reviewed, content=content
    )


def _panel_needed(work: Work, conclusion: str) -> tuple[Refusal, ...]:
    """Refuse a passing opinion without a complete panel, but for service projects under the parameter."""
    facts = work.facts
    small = facts.path is Path.SERVICE and work.project.total_fen < facts.parameters.service_panel_threshold_fen
    if small or conclusion not in PANEL_PASSED:
        return ()
    return gates.check(("G-09",), facts, Act("f05g", outcome=conclusion))


@signs("f06", "bur_head", after=("f06",))
def sign_opinion(work: Work) -> None:
    """F-00s on F-06: the bureau head signs the 审核意见, which gets its number.

    It opens or closes the way (第十三条).
    """
    signed = drafts.sign(work, OpinionKind.REVIEW, document="review")
    if not signed:
        return
    if work.facts.unit.is_bureau:
        return  # it takes effect with the county government office's countersignature (COI-08)
    take_effect(work, signed[-1].conclusion)


def take_effect(work: Work, conclusion: str) -> None:
    """Move the project by a signed 审核意见: into the library, or rejected."""
    if work.state is not State.REVIEW:
        return
    work.advance("review.passed" if conclusion in PANEL_PASSED else "review.failed")


@purpose("countersign", "f00s", "gov_office")
def countersign(work: Work) -> None:
    """F-00s: the county government office countersigns what concerns the bureau's own project (COI-08)."""
    signed_form = work.recorded.properties.get("signs", "")
    kind = {
        "f06": OpinionKind.REVIEW,
        "f11": OpinionKind.PRE_PROCUREMENT,
        "f14": OpinionKind.CHANGE,
        "f16h": OpinionKind.ACCEPTANCE,
    }.get(signed_form)
    if kind is None:
        _countersign_panel(work)
        return
    drafts.countersign(work, kind)
    change = work.newest(Change) if kind is OpinionKind.CHANGE else None
    if change is not None and work.text("result") != Result.RETURNED:
        change.status = "agreed" if work.text("result") == Result.AGREED else "refused"
    if work.text("result") != Result.AGREED:
        return
    opinion = standing.latest_opinion(work.reload(), kind)
    if kind is OpinionKind.REVIEW and opinion is not None:
        take_effect(work, opinion.conclusion)
    attempt = work.newest(AcceptanceAttempt)
    if kind is OpinionKind.ACCEPTANCE and attempt is not None:
        attempt.consent = _consent(work)


def _consent(work: Work) -> str:
    """Return what the newest 验收核准意见 says that has been countersigned."""
    found = [o for o in work.facts.opinions if o.kind is OpinionKind.ACCEPTANCE and o.countersigned]
    return found[-1].conclusion if found else ""


def _countersign_panel(work: Work) -> None:
    """Note on the seats that the county government office has seen the draw (COI-08)."""
    if work.text("result") != Result.AGREED:
        return
    for row in work.session.query(PanelMember).filter_by(project_id=work.project.id, replaced=False):
        row.nominated_by = COUNTERSIGNED
    work.session.flush()


def designated_members(work: Work, people: Sequence[Person], nomination: str) -> tuple[Member, ...]:
    """Return persons whom the bureau designates for acceptance, checked for conflicts (COI-03, COI-08)."""
    members = tuple(replace(member, nominated_by=nomination) for member in _proposed(work, people))
    work.demand(conflicts.designation_conflicts(work.facts, members))
    return members
