"""S4: 数字乡村 leaves the library after three years without funds, once; 全民健康 rolls on, unless it is edited."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app import clock, dispatch
from app.domain.fingerprint import fingerprint
from app.models import business
from app.models.process import ProcessInstance
from app.services import library_year
from tests.scenarios.site import at
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

OLD, NEW = "XWXX-2024-T-005", "全民健康"
CLERK, HEAD = "nyj.he", "nyj.qiu"
REVIEW = "p02_review"


def taken_up(county: Site, number: str) -> Tale:
    return Tale(county, county.county.plan(number), number)


def entry(tale: Tale) -> business.LibraryEntry:
    with tale.site.look() as session:
        found = session.scalars(
            select(business.LibraryEntry).where(business.LibraryEntry.project_id == tale.project.id)
        ).one()
        session.expunge_all()
        return found


def processes(tale: Tale, key: str) -> int:
    with tale.site.look() as session:
        found = select(ProcessInstance.id).where(
            ProcessInstance.project_id == tale.project.id, ProcessInstance.process_key == key
        )
        return len(session.scalars(found).all())


def test_the_third_closed_year_removes_once_and_what_comes_back_is_new(county: Site) -> None:
    tale = taken_up(county, OLD)
    assert (entry(tale).streak_closed, tale.project.state) == (2, "ALTERNATE")
    assert len(tale.told(HEAD, like="自动剔除出库")) == 1, "the warning of 1 October, sent once"
    tale.go("2026-12-01", 9)
    assert len(tale.told(HEAD, like="自动剔除出库")) == 2
    tale.go("2026-12-31", 23, 59)
    assert (entry(tale).streak_closed, tale.project.state) == (2, "ALTERNATE")
    tale.go("2027-01-01", 0, 11)
    _is_removed(tale)
    for _ in range(3):
        dispatch.sweep()
    tale.go("2027-01-02", 9)
    with county.database.unit_of_work() as session:
        assert library_year.close(session, 2026, now=clock.now()).changed == ()
    _is_removed(tale)
    assert len(tale.told(HEAD, like="自动剔除出库")) == 2
    _comes_back(county, tale)


def _is_removed(tale: Tale) -> None:
    found = entry(tale)
    assert (found.streak_closed, found.status, found.removed_on) == (3, "剔除", date(2027, 1, 1))
    assert found.closed_fys.count(2026) == 1
    assert tale.project.state == "REMOVED"
    assert tale.open_keys() == [], "a removed project has no open task"


def _comes_back(county: Site, old: Tale) -> None:
    """Filed anew it has a number of its own, is linked to the old one and has no review behind it (第十八条)."""
    asked = county_desk_start(old)
    filing = next(iter(old.desk.open(instance_id=asked.instance_id)))
    answers = old.answers(filing, CLERK) | {"predecessor": OLD, "fy": 2027}
    old.desk.complete(filing, CLERK, answers)
    with county.look() as session:
        new = session.scalars(select(business.Project).order_by(business.Project.id.desc()).limit(1)).one()
        removed = session.scalars(select(business.Project).where(business.Project.no == OLD)).one()
        session.expunge_all()
    assert new.no != OLD
    assert new.no.startswith("XWXX-2027-T-")
    assert (new.predecessor_id, new.state) == (removed.id, "DRAFT")
    again = taken_up(county, OLD)
    again.no = new.no
    assert again.rows(business.Opinion) == []
    with county.look() as session:
        entries = session.scalars(select(business.LibraryEntry).where(business.LibraryEntry.project_id == new.id)).all()
    assert entries == []


def county_desk_start(tale: Tale) -> object:
    asked = tale.desk.start("p01u_unit_plan", CLERK)
    tale.desk.complete(asked, CLERK, {"secret": False, "other_rule": False})
    return asked


def test_an_alternate_rolls_on_without_review_and_an_edited_one_is_reviewed_again(county: Site) -> None:
    kept = taken_up(county, "XWXX-2026-T-007")
    reviews = processes(kept, REVIEW)
    kept.go("2027-01-02", 9)
    assert (entry(kept).streak_closed, entry(kept).status, kept.project.state) == (1, "备选", "IN_LIBRARY") or (
        entry(kept).streak_closed, entry(kept).status
    ) == (1, "备选")  # fmt: skip
    assert not any(key.startswith(REVIEW) for key in kept.open_keys()), kept.open_keys()
    assert processes(kept, REVIEW) == reviews + 1, "the review's diagram is passed, and nobody is asked"


def test_an_edited_alternate_is_reviewed_again(county: Site) -> None:
    tale = taken_up(county, "XWXX-2026-T-007")
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
    assert tale.open_keys() == ["p02_review.file_materials"]
