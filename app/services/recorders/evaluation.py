"""Recorders of the one-year evaluation: F-25s, F-25u, F-25e and the signatures on its result (第二十三条)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain import conflicts
from app.domain.acts import Act
from app.domain.gates import EVERYWHERE, check
from app.domain.periods import Length
from app.domain.periods import Unit as PeriodUnit
from app.domain.terms import Result
from app.models.accounts import Organisation
from app.models.business import Evaluation, ExpertForm, PanelMember, RectificationItem
from app.services.recorders.registry import records, signs
from app.services.recorders.review import still_free
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work

PARTS = ("operation", "sharing", "performance")
HUNDRED = Decimal(100)


def current(work: Work) -> Evaluation:
    """Return the evaluation that is going on; refuse if none is."""
    row = work.newest(Evaluation)
    if row is None or row.signed_on is not None:
        work.demand([missing_step("评价尚未启动。", form="f25s", article=23, holder="bur_section")])
        raise AssertionError  # `demand` has raised
    return row


@records(
    "f25s", "bur_section", "fin_perf", requires=("evaluation_mode", "evaluator", *(f"weight_{part}" for part in PARTS))
)
def setup(work: Work) -> None:
    """F-25s: mode, evaluator and weights; not before the system has run for a full year (第二十三条, COI-06)."""
    facts = work.facts
    work.demand(check(EVERYWHERE, facts, Act("f25s")))
    work.demand(conflicts.evaluator_conflicts(facts, work.text("evaluator")))
    opens = next((d for d in facts.deadlines if d.kind == "evaluation_opens"), None)
    if opens is None or facts.now < opens.fires_at:
        work.demand([missing_step("系统投入运行未满一年。", form="f16o", article=23, holder="bur_section")])
    weights = {part: work.number(f"weight_{part}") for part in PARTS}
    if sum(weights.values()) != HUNDRED:
        work.demand([missing_step("三项权重合计应当为100。", form="f25s", article=23, holder="bur_section")])
    last = work.newest(Evaluation)
    if last is None or last.signed_on is not None:
        last = Evaluation(project_id=work.project.id, number=last.number + 1 if last is not None else 1)
    last.mode, last.evaluator, last.weights = work.text("evaluation_mode"), work.text("evaluator"), weights
    last.evaluator_id = work.session.scalar(select(Organisation.id).where(Organisation.name == work.text("evaluator")))
    last.share_weight, last.started_on = weights["sharing"], work.today
    work.add(last)
    work.advance("evaluation.opened")


@records("f25u", "unit_clerk", "unit_lead", requires=("availability", "text"), after=("f25s",))
def self_report(work: Work) -> None:
    """F-25u: the unit's own report and data; the submission is the record."""
    current(work)


@records("f25e", "expert", "eval_user", requires=tuple(f"{part}_score" for part in PARTS), after=("f25s",))
def score(work: Work) -> None:
    """F-25e: one score sheet of the three parts, 0 to 100 each; the evaluator is checked again (COI-06)."""
    evaluation = current(work)
    work.demand(conflicts.evaluator_conflicts(work.facts, evaluation.evaluator))
    still_free(work, work.newest(PanelMember, purpose="evaluation", person_id=work.by.id, replaced=False))
    row = work.newest(ExpertForm, purpose="evaluation", round=evaluation.number, person_id=work.by.id) or ExpertForm(
        project_id=work.project.id, purpose="evaluation", round=evaluation.number, person_id=work.by.id
    )
    row.content = {f"{part}_score": str(work.recorded.answers.get(f"{part}_score")) for part in PARTS}
    row.content |= {f"{part}_text": work.text(f"{part}_text") for part in PARTS}
    row.filled_on = work.today
    work.add(row)
    evaluation.problems = work.text("problems") or evaluation.problems
    merge(work, evaluation)


def merge(work: Work, evaluation: Evaluation) -> None:
    """Merge the score sheets by weight into hundredths of a point, half up; write total, sharing part and pass mark."""
    sheets = work.session.query(ExpertForm).filter_by(
        project_id=work.project.id, purpose="evaluation", round=evaluation.number
    ).all()  # fmt: skip
    if not sheets:
        return
    means = {part: sum(Decimal(sheet.content[f"{part}_score"]) for sheet in sheets) / len(sheets) for part in PARTS}
    parts = {part: means[part] * evaluation.weights[part] for part in PARTS}
    evaluation.total_centi = int(sum(parts.values()).quantize(Decimal(1), ROUND_HALF_UP))
    evaluation.share_centi = int(Decimal(parts["sharing"]).quantize(Decimal(1), ROUND_HALF_UP))
    parameters = work.facts.parameters
    enough = evaluation.total_centi >= parameters.evaluation_pass_points * 100
    shares = evaluation.share_centi >= evaluation.share_weight * parameters.evaluation_share_percent
    evaluation.passed = enough and shares
    work.session.flush()


@signs("f25e", "bur_section", "fin_perf", "bur_head", "fin_head", after=("f25e",))
def sign_result(work: Work) -> None:
    """F-00s on F-25e: both heads sign the result (D-12); below standard the rectification period runs (第二十三条)."""
    if not work.by.roles & {"bur_head", "fin_head"}:
        return  # the sections' check before the heads sign; the submission is the record
    evaluation = current(work)
    if evaluation.total_centi is None:
        work.demand([missing_step("尚无评分。", form="f25e", article=23, holder="bur_section")])
    if work.text("result") != Result.AGREED:
        return
    signed = dict(evaluation.weights.get("signed", {}))
    signed |= {role: work.by.username for role in ("bur_head", "fin_head") if role in work.by.roles}
    evaluation.weights = {**evaluation.weights, "signed": signed}
    if {"bur_head", "fin_head"} - set(signed):
        return
    evaluation.signed_on = work.today
    work.session.flush()
    work.met("evaluation_ends")
    work.met("evaluation_opens")
    if evaluation.passed:
        work.advance("evaluation.passed")
        return
    days = Length(work.facts.parameters.evaluation_rectification_days, PeriodUnit.DAYS)
    evaluation.rectify_due = work.deadline(
        "evaluation_rectification", work.today, subject=str(evaluation.number), length=days
    ).due
    work.add(
        RectificationItem(
            project_id=work.project.id, cause="evaluation", cause_id=evaluation.id, number=1,
            problem=evaluation.problems or "评价未达标",
        )
    )  # fmt: skip
    work.advance("evaluation.failed")


def recheck(work: Work, *, passed: bool) -> None:
    """F-17c on an evaluation: bureau and finance both confirm its rectification, which lifts H-EVAL (第二十三条)."""
    row = work.newest(Evaluation)
    if row is None or row.passed is not False or row.rectified_on is not None:
        work.demand([missing_step("没有待复查的评价整改。", form="f17", article=23)])
        return
    known = set(row.weights.get("rechecked", ()))
    confirmed = known | (work.by.roles & {"bur_section", "fin_perf"}) if passed else set()
    row.weights = {**row.weights, "rechecked": sorted(confirmed)}
    if {"bur_section", "fin_perf"} - confirmed:
        return
    row.rectified_on = work.today
    for item in work.session.query(RectificationItem).filter_by(cause="evaluation", cause_id=row.id):
        item.confirmed, item.confirmed_on = True, work.today
    work.session.flush()
    work.met("evaluation_rectification", str(row.number))
    work.advance("evaluation.rectified")
