"""会议助手: who may see the newest panel of a project, and who has handed in her form."""

from __future__ import annotations

from app.queries import meetings
from tests.integration.county import County
from tests.integration.desk import county, session, to_the_library

__all__ = ["county", "session"]


def test_the_bureau_sees_who_sits_and_who_has_handed_in(county: County) -> None:
    to_the_library(county)
    found = meetings.of_project(county.session, county.actors["bur_section"], county.project.no)
    assert found is not None
    assert (found.purpose, found.unit, found.handed_in) == ("review", "修武县农业农村局", 3)
    assert [(one.name, one.leader, one.handed_in) for one in found.seats] == [
        ("expert0", True, True), ("expert1", False, True), ("expert2", False, True),
    ]  # fmt: skip


def test_nobody_else_learns_of_the_panel(county: County) -> None:
    to_the_library(county)
    for who in ("unit_clerk", "unit_lead", "fin_budget", "drc_clerk", "expert0"):
        assert meetings.of_project(county.session, county.actors[who], county.project.no) is None
    assert meetings.of_project(county.session, county.actors["bur_section"], "XWXX-2099-T-001") is None
    assert meetings.own_form(county.session, county.actors["expert0"], county.project.no) is None
