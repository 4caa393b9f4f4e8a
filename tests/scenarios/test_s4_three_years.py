"""S4: 全民健康 rolls on as an alternate without a review, unless it is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.fingerprint import fingerprint
from app.models import business
from app.models.process import ProcessInstance
from tests.scenarios.site import at
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

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
