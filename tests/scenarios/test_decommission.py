"""Decommissioning (P-19): two legs of proof, four consents, then the catalogue entry is cancelled (第九条, D-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.models import business
from app.models.papers import Paper
from tests.county import LOADING
from tests.scenarios import shortcut
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)
CLERK, SYSTEM = "wlj.han", "旅游统计直报系统（旧版）"


def test_a_system_is_scrapped_when_its_data_is_proven_safe(county: Site) -> None:
    tale = Tale.of(county, "XWXX-2024-B-009", built=False)
    assert tale.open_keys() == ["p19_decommission.prove"]
    assert _entry(tale).status == "active"
    assert county.as_("dsj.hou").complete(tale.task("p19_decommission.prove").id, {}).status_code in {403, 404}
    assert tale.project.state == "DECOMMISSIONING"
    tale.does(CLERK, "p19_decommission.prove")
    assert (tale.project.state, tale.open_keys()) == ("SCRAPPED", [])
    assert _entry(tale).status == "cancelled"
    assert [(row.kind, row.number) for row in tale.rows(Paper) if row.kind == "D-21"] == [("D-21", "修数废〔2026〕1号")]


def test_nothing_more_is_done_to_a_scrapped_system(county: Site) -> None:
    tale = Tale.of(county, "XWXX-2023-B-010", built=False)
    assert tale.project.state == "SCRAPPED"
    again = shortcut.draw(tale, "f29", "unit_clerk")
    before = tale.snapshot()
    assert tale.desk.post(again, "jyj.liu", tale.answers(again, "jyj.liu")).status_code == 422
    assert tale.snapshot() == before


def _entry(tale: Tale) -> business.SystemEntry:
    return next(row for row in tale._all(business.SystemEntry) if row.name == SYSTEM)
