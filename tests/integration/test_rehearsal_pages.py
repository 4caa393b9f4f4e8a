"""The rehearsal over HTTP: for those who draw and release, with progress, on a working copy and on a request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app import unit_of_work
from app.models.documents import Submission
from app.models.process import HistoryEvent, ProcessInstance, UserTask
from app.unit_of_work import Database
from tests.integration.test_statement_counts import traffic
from tests.integration.workshop_site import KEY, Site, drawn, open_site

PAGE = f"/workshop/process/{KEY}/rehearsal"


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    """The workshop with twelve instances that ended in 2026 and one that runs."""
    with open_site(database, tmp_path) as opened:
        for number in range(13):
            opened.office.start(KEY)
            opened.office.later(hours=1)
            if number < 12:
                opened.office.complete("first", note=f"机密说明{number}")
        yield opened


def played(site: Site, path: str = f"{PAGE}/played?year=2026", *, by: str = "owner") -> list[dict[str, Any]]:
    """Return the lines that the page reads."""
    answer = site.as_(by).get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def counted(site: Site) -> list[int]:
    """Return how many rows of each kind there are."""
    with site.office.look() as session:
        tables = (HistoryEvent, UserTask, ProcessInstance, Submission)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_the_working_copy_is_rehearsed_with_progress_and_nothing_is_written(site: Site) -> None:
    assert site.save(drawn("first", "visit", roles={"visit": "bur_clerk"}), 0).status_code == 200
    before = counted(site)
    assert "data-rehearse" in site.as_("owner").get(f"{PAGE}?year=2026").get_data(as_text=True)
    with traffic(unit_of_work.engine()) as seen:
        lines = played(site)
    gathered = [
        one for one in seen.statements if "submission" in one and "user_task" in one and one.startswith("SELECT")
    ]
    assert len(gathered) == 1  # for what is drawn and for what is in force together
    assert lines[0] == {"done": 10, "of": 12}
    assert set(lines[-1]) == {"html"}
    text = lines[-1]["html"]
    assert "2026 年办结的 12 件" in text
    assert "没有一件会离开当年的路" in text
    assert text.count("多一步“visit”") == 12
    assert "机密说明" not in text
    assert "王芳" not in text
    assert counted(site) == before


def test_without_scripts_the_page_shows_the_same_at_once(site: Site) -> None:
    text = site.as_("owner").get(f"{PAGE}?year=2026&now=1").get_data(as_text=True)
    assert text.count("和当年一样") == 12
    assert 'id="heat-before"' in text
    assert 'id="heat-after"' in text


def test_a_dropped_form_and_an_unreachable_one_are_told(site: Site) -> None:
    assert site.save(drawn("other"), 0).status_code == 200
    text = played(site)[-1]["html"]
    assert text.count("“other”") == 0  # the recorded form is found at the step that now has it
    broken = drawn("first", "other").replace('sourceRef="s" targetRef="first"', 'sourceRef="s" targetRef="e"')
    assert site.save(broken, 1).status_code == 200
    text = played(site)[-1]["html"]
    assert "12 件会离开当年的路" in text
    assert text.count("当年接着办 note，图上走不到") == 12


def test_the_second_person_rehearses_what_waits_for_her(site: Site) -> None:
    assert site.save(drawn("first", "visit"), 0).status_code == 200
    asked = site.ask(1)
    assert asked.status_code == 200, asked.get_data(as_text=True)
    assert site.save(drawn("first"), 1).status_code == 200
    number = 1
    text = played(site, f"{PAGE}/played?year=2026&request={number}", by="chief")[-1]["html"]
    assert text.count("多一步“visit”") == 12
    assert PAGE in site.as_("chief").get(f"/releases/{number}").get_data(as_text=True)


@pytest.mark.parametrize("who", ["clerk", "admin"])
def test_nobody_else_sees_it(site: Site, who: str) -> None:
    for path in (PAGE, f"{PAGE}?year=2026&now=1", f"{PAGE}/played?year=2026"):
        assert site.as_(who).get(path).status_code == 404, path


def test_what_does_not_exist_is_not_found(site: Site) -> None:
    owner = site.as_("owner")
    for path in (
        "/workshop/process/p99_nothing/rehearsal",
        f"{PAGE}/played",
        f"{PAGE}/played?year=1999",
        f"{PAGE}?request=77",
        f"{PAGE}/played?year=2026&request=77",
    ):
        assert owner.get(path).status_code == 404, path
    assert "请选一年" in owner.get(f"{PAGE}?year=1999").get_data(as_text=True)
