"""未能判定: a diagram with too many ways is never called sound, in the editor, after an upload, at the release."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sandbox import pool
from app.unit_of_work import Database
from tests.integration.workshop_site import KEY, Site, open_site

WIDE = Path(__file__).parents[1] / "diagrams" / "too_many_ways.bpmn"


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    with open_site(database, tmp_path) as opened:
        yield opened
    pool.end()


def test_it_is_said_in_the_editor_on_the_process_in_both_languages(site: Site) -> None:
    posted = {"content": WIDE.read_text(encoding="utf-8")}
    owner = site.as_("owner")
    said = owner.post(f"/workshop/process/{KEY}/lint", json=posted).get_json()
    assert said["undecided"] is True
    (unknown,) = [one for one in said["findings"] if one["code"] == "soundness-unknown"]
    assert (unknown["element"], unknown["severity"]) == (KEY, "info")
    assert unknown["sentence"].startswith("未能判定：")
    assert [one for one in said["findings"] if one["severity"] == "error"] == []
    owner.post("/language", {"language": "en"})
    english = owner.post(f"/workshop/process/{KEY}/lint", json=posted).get_json()
    assert [one["sentence"] for one in english["findings"] if one["code"] == "soundness-unknown"] == [
        "Undecided: the process is too complex; whether it can get stuck or run twice was not examined to the end."
    ]


def test_it_is_said_after_the_upload_and_before_the_eyes_of_who_releases(site: Site) -> None:
    owner = site.as_("owner")
    files = {"files": (io.BytesIO(WIDE.read_bytes()), "wide.bpmn")}
    page = owner.post("/workshop/upload", files, content_type="multipart/form-data").get_data(as_text=True)
    assert "未能判定" in page
    asked = owner.post(f"/workshop/process/{KEY}/release", json={"revision": 1, "reason": "征求更多意见"})
    assert asked.status_code == 200, asked.get_json()
    shown = site.as_("chief").get(asked.get_json()["url"]).get_data(as_text=True)
    assert "能否办结：未能判定。" in shown
    assert "走得通" not in shown.replace("不能说它走得通", "")


def test_the_command_line_says_it_too(site: Site) -> None:
    told = site.app.test_cli_runner().invoke(args=["definitions", "lint", str(WIDE)])
    assert (told.exit_code, "未能判定" in told.output) == (0, True), told.output
