"""Every open value is read where its rule lives: another value in force makes another outcome, and none is idle."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import app
from app.domain.expert_access import last_day
from app.domain.numbers import document_codes
from app.domain.parameters import Parameters, notes
from app.domain.refusals import Refusal
from app.models.accounts import Organisation
from app.models.business import LibraryEntry, PanelMember, Supervision, SystemEntry
from app.models.parameters import ParameterChange, ParameterDecision
from app.services import evaluation_years, ledger, library_year
from tests.integration.county import DECISION, SUPERVISION, WAN, County
from tests.integration.desk import county, gates_of, session, to_the_contract

__all__ = ["county", "session"]

ROOT = Path(app.__file__).parent
SOURCES = [path for path in ROOT.rglob("*.py") if path.name not in {"parameters.py", "parameter_values.py"}]
DRAWN = [*(ROOT.parent / "bpmn").iterdir(), *(ROOT.parent / "forms").iterdir()]


def in_force(county: County, key: str, value: str) -> None:
    """Put another value in force from today on."""
    someone = county.actors["bur_head"].id
    change = ParameterChange(
        key=key, old="", new=value, interpretation="", reason="试验", article=1, effective_on=county.today,
        proposed_by=someone, proposed_at=county.now,
    )  # fmt: skip
    county.session.add(change)
    county.session.flush()
    county.session.add(
        ParameterDecision(
            change_id=change.id, decision="accepted", reason="", decided_by=someone, decided_at=county.now
        )
    )
    county.session.info["parameters_decided"] = True
    county.session.flush()


def sentences(refusals: tuple[Refusal, ...]) -> list[str]:
    return [refusal.text for refusal in refusals]


@pytest.mark.parametrize("key", list(notes()))
def test_every_parameter_is_read_somewhere(key: str) -> None:
    if key.startswith("code_"):
        assert getattr(Parameters(), key) in document_codes(Parameters()).values()
        return
    word = re.compile(rf"(parameters|in_force|parameter|found|current\(.*\))\.{key}\b|\"{key}\"|\b{key}\(parameters\)")
    read = [path.name for path in (*SOURCES, *DRAWN) if word.search(path.read_text(errors="ignore"))]
    assert read, f"nothing reads the parameter {key}"


def test_a_year_of_entry_may_be_left_out(county: County) -> None:
    county.plan()
    county.review()
    entry = county.session.scalars(select(LibraryEntry)).one()
    in_force(county, "entry_year_counts", "false")
    county.today = date(2027, 1, 4)
    library_year.close(county.session, 2026, now=county.now)
    assert (entry.streak_closed, entry.status, entry.closed_fys) == (0, "备选", [2026])
    county.today = date(2028, 1, 3)
    library_year.close(county.session, 2027, now=county.now)
    assert (entry.streak_closed, entry.closed_fys) == (1, [2026, 2027])


def test_an_estimate_above_what_was_reviewed_goes_back(county: County) -> None:
    county.plan()
    county.review()
    county.fill("unit_clerk", "f07", {"approval_type": "可研", "requested_total": 233 * WAN})
    county.fill("drc_clerk", "f08a", {"result": "可行"})
    county.fill("bur_section", "f08i", {"conclusion": "同意", "text": "同意。", "feasibility_version": "1"})
    county.sign("bur_head", "f08i")
    high = DECISION | {"decided_on": county.today, "approved_total": 257 * WAN}
    refused = county.refused("drc_clerk", "f08", high)
    assert (gates_of(refused), sentences(refused)) == (
        ["M-02"], ["批复概算超过审核数的10%，应当重新报送可行性研究报告。"],
    )  # fmt: skip
    assert county.facts.approvals == ()
    county.fill("drc_clerk", "f08", high | {"decision": "退回补充"})
    in_force(county, "estimate_excess_percent", "20")
    county.fill("drc_clerk", "f08", high)
    in_force(county, "estimate_excess_percent", "10")
    assert gates_of(county.refused_signing("drc_head", "f08")) == ["M-02"]


def test_a_small_share_is_no_affiliation(county: County) -> None:
    to_the_contract(county)
    row = SUPERVISION | {"signed_on": county.today, "affiliation": "有关联", "affiliation_kind": "持股"}
    assert gates_of(county.refused("unit_lead", "f13s", row | {"share_percent": 26})) == ["COI-04"]
    assert county.session.scalars(select(Supervision)).all() == []
    assert gates_of(county.refused("unit_lead", "f13s", row | {"affiliation_kind": "其他"})) == ["COI-04"]
    county.fill("unit_lead", "f13s", row | {"share_percent": 25})
    in_force(county, "affiliation_percent", "20")
    order = {"start_on": county.today, "plan_end": county.today + timedelta(days=90)}
    assert gates_of(county.refused("unit_lead", "f15k", order)) == ["COI-04"]
    in_force(county, "affiliation_percent", "25")
    county.fill("unit_lead", "f15k", order)


@pytest.mark.parametrize(("percent", "refused"), [(None, True), (30, True), (25, False)])
def test_a_known_parent_counts_by_its_share(county: County, percent: int | None, *, refused: bool) -> None:
    to_the_contract(county)
    companies = {row.name: row for row in county.session.scalars(select(Organisation))}
    supervisor, builder = companies[str(SUPERVISION["supervisor"])], companies["云台数科"]
    supervisor.kind = builder.kind = "company"
    supervisor.parent_id, supervisor.parent_percent = builder.id, percent
    row = SUPERVISION | {"signed_on": county.today}
    if refused:
        assert gates_of(county.refused("unit_lead", "f13s", row)) == ["COI-04"]
    else:
        county.fill("unit_lead", "f13s", row)


def test_an_expert_reads_as_many_days_as_the_parameter_says(county: County) -> None:
    county.plan()
    in_force(county, "expert_access_days", "7")
    county.review()
    seats = county.session.scalars(select(PanelMember)).all()
    assert {seat.access_until for seat in seats} == {county.today + timedelta(days=7)}
    assert last_day(date(2026, 11, 1), Parameters()) == date(2026, 12, 1)


def test_a_system_is_evaluated_every_year_only_where_that_is_asked(county: County) -> None:
    to_the_contract(county)
    county.operate()
    online = county.today
    county.wait(366)
    county.evaluate(90, 90)
    first = ledger.find(county.session, "evaluation_opens", project_id=county.project.id)
    assert first is not None
    assert (first.status, first.due) == ("met", online.replace(year=online.year + 1))
    assert evaluation_years.renew(county.session, now=county.now) == 0
    assert first.status == "met"

    in_force(county, "yearly_evaluation", "true")
    assert evaluation_years.renew(county.session, now=county.now) == 0
    assert (first.status, first.start, first.due) == (
        "open", online.replace(year=online.year + 1), online.replace(year=online.year + 2),
    )  # fmt: skip
    asks = {"evaluation_mode": "第三方", "evaluator": "太行绩效评价"}
    weights = {"weight_operation": 30, "weight_sharing": 30, "weight_performance": 40}
    assert gates_of(county.refused("bur_section", "f25s", asks | weights)) == ["STATE"]
    county.today = online.replace(year=online.year + 2) + timedelta(days=1)
    assert evaluation_years.renew(county.session, now=county.now) == 1
    assert evaluation_years.renew(county.session, now=county.now) == 0
    county.fill("bur_section", "f25s", asks | weights)
    assert county.project.state == "EVALUATING"


def test_a_system_of_later_years_is_no_legacy_system_without_a_word(county: County) -> None:
    entry = {"name": "旧网站", "deploy": "政务云", "network": "电子政务外网", "mlps_level": 2}
    later = entry | {"online_on": date(2022, 3, 1)}
    assert sentences(county.refused("unit_clerk", "f22", later)) == [
        "系统于2022-03-01投运，办法已于2021-06-01施行，不属于存量系统。"
    ]
    assert county.session.scalars(select(SystemEntry)).all() == []
    in_force(county, "effective_date", "2022-06-01")
    county.fill("unit_clerk", "f22", later)
    in_force(county, "effective_date", "2021-06-01")
    county.fill("unit_clerk", "f22", later | {"note": "省厅统建，县级只接入。"})
    assert [row.legacy for row in county.session.scalars(select(SystemEntry))] == [True]
