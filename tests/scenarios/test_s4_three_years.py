"""S4: 数字乡村 leaves the library after three years without funds, once; 全民健康 rolls on, unless it is edited."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app import clock, dispatch
from app.domain.fingerprint import fingerprint
from app.models import business
from app.models.papers import Paper
from app.models.process import ProcessInstance
from app.services import library_year
from tests.county import LOADING
from tests.scenarios import road
from tests.scenarios.site import at
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)

OLD = "XWXX-2024-T-005"
"""数字乡村综合服务平台, unfunded in 2024 and 2025."""
ROLLING = "XWXX-2026-T-007"
"""全民健康信息平台, unfunded in 2026."""
CLERK, HEAD = "nyj.he", "nyj.qiu"
REVIEW = "p02_review"


def entry(tale: Tale) -> business.LibraryEntry:
    found: business.LibraryEntry = tale.rows(business.LibraryEntry)[0]
    return found


def processes(tale: Tale, key: str) -> int:
    return len(tale.rows(ProcessInstance, process_key=key))


def is_removed(tale: Tale) -> None:
    found = entry(tale)
    assert (found.streak_closed, found.status, found.removed_on) == (3, "剔除", date(2027, 1, 1))
    assert found.closed_fys.count(2026) == 1
    assert tale.project.state == "REMOVED"
    assert tale.open_keys() == [], "a removed project has no open task"
    running = [one for one in tale.rows(ProcessInstance) if one.status in {"active", "suspended"}]
    assert [one.process_key for one in running] == []


def test_the_third_closed_year_removes_once_and_lists_it(county: Site) -> None:
    tale = Tale.of(county, OLD, built=False)
    assert (entry(tale).streak_closed, tale.project.state) == (2, "ALTERNATE")
    assert "p01_annual_plan.suggest" in tale.open_keys() or tale.open_keys() == []
    assert len(tale.told(HEAD, like="自动剔除出库")) == 1, "the warning of 1 October"
    tale.go("2026-12-01", 9)
    assert len(tale.told(HEAD, like="自动剔除出库")) == 2
    tale.go("2026-12-31", 23, 59)
    assert (entry(tale).streak_closed, tale.project.state) == (2, "ALTERNATE")
    tale.go("2027-01-01", 0, 11)
    is_removed(tale)
    for _ in range(3):
        dispatch.sweep()
        dispatch.settle_outbox()
    with county.database.unit_of_work() as session:
        assert library_year.close(session, 2026, now=clock.now()).changed == ()
    tale.go("2027-01-02", 9)
    is_removed(tale)
    assert len(tale.told(HEAD, like="自动剔除出库")) == 2
    listed(tale)


def listed(tale: Tale) -> None:
    """D-16 names the project with its three years once the bureau's clerk has signed the list."""
    (task,) = (one for one in tale.desk.open(process="p17_library") if one.element == "sign")
    tale.hands_in(task, "dsj.cheng")
    with tale.site.look() as session:
        paper = session.scalars(select(Paper).where(Paper.kind == "D-16").order_by(Paper.id.desc()).limit(1)).one()
        text = str(paper.content)
    assert OLD in text
    assert all(str(year) in text for year in (2024, 2025, 2026))
    assert text.count(OLD) == 1
    assert ROLLING not in text


def test_what_comes_back_is_new_linked_and_reviewed_in_full(county: Site) -> None:
    old = Tale.of(county, OLD, built=False)
    old.go("2027-01-02", 9)
    asked = old.desk.start("p01u_unit_plan", CLERK)
    old.desk.complete(asked, CLERK, {"secret": False, "other_rule": False})
    (filing,) = old.desk.open(instance_id=asked.instance_id)
    answers = old.answers(filing, CLERK) | {"predecessor": OLD, "fy": 2027}
    old.desk.complete(filing, CLERK, answers)
    with county.look() as session:
        number = session.scalars(select(business.Project.no).order_by(business.Project.id.desc()).limit(1)).one()
    new = Tale(county, old.plan, number)
    assert (new.project.predecessor_id, new.project.state) == (old.project.id, "DRAFT")
    assert number.startswith("XWXX-2027-T-")
    assert new.rows(business.Opinion) == new.rows(business.LibraryEntry) == []
    assert OLD in new.page(CLERK)
    assert number in old.page(CLERK)
    new.does(HEAD, "p01u_unit_plan.sign_item")
    road.batch(new, reason="已剔除出库，重新申报。", late_reason="已剔除出库，重新申报。")
    assert new.open_keys() == [f"{REVIEW}.file_materials"], "nothing of the old review counts (第十八条)"
    for who, step in ((CLERK, "file_materials"), (HEAD, "sign_filing"), ("dsj.cheng", "check_formally")):
        new.does(who, f"{REVIEW}.{step}")
    new.does("dsj.hou", f"{REVIEW}.check_sharing")
    assert new.open_keys() == [f"{REVIEW}.form_panel"]
    with county.look() as session:
        facts_of_old = session.scalars(
            select(business.LibraryEntry).where(business.LibraryEntry.project_id == old.project.id)
        ).one()
        assert (facts_of_old.status, facts_of_old.streak_closed) == ("剔除", 3)


def test_an_alternate_rolls_on_without_a_second_review(county: Site) -> None:
    kept = Tale.of(county, ROLLING, built=False)
    reviews, members = processes(kept, REVIEW), len(kept.rows(business.PanelMember))
    opinions = [one.id for one in kept.rows(business.Opinion)]
    kept.go("2027-01-02", 9)
    assert (entry(kept).streak_closed, entry(kept).status) == (1, "备选")
    assert not any(key.startswith(REVIEW) for key in kept.open_keys()), kept.open_keys()
    assert processes(kept, REVIEW) == reviews + 1, "the review's diagram is passed, and nobody is asked"
    assert len(kept.rows(business.PanelMember)) == members
    assert [one.id for one in kept.rows(business.Opinion)] == opinions


def test_an_edited_alternate_is_reviewed_again(county: Site) -> None:
    tale = Tale.of(county, ROLLING, built=False)
    with county.database.unit_of_work() as session:
        project = session.scalars(select(business.Project).where(business.Project.no == tale.no)).one()
        project.scope_version, project.total_fen = project.scope_version + 1, 400_000_000
        session.add(
            business.ScopeVersion(
                project_id=project.id, number=project.scope_version, total_fen=project.total_fen,
                fingerprint=fingerprint("目标", "内容已改", project.total_fen), made_on=at("2026-11-23", 10).date(),
            )
        )  # fmt: skip
    tale.go("2027-01-02", 9)
    assert entry(tale).streak_closed == 1
    assert tale.open_keys() == [f"{REVIEW}.file_materials"]
