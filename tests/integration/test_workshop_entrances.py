"""Every entrance by which a file comes in holds it to the limits: editor, upload, archive, and the command line."""

from __future__ import annotations

import io
import json
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.models.process import Definition
from app.models.workshop import ReleaseRequest, WorkingCopy
from app.sandbox import pool
from app.unit_of_work import Database
from tests.integration.workshop_site import KEY, Site, drawn, open_site
from tests.unit.engine.lint.files import file, straight, user
from tests.unit.test_sandbox import many_bombs

SECONDS = 8.0
"""Within which an entrance has answered, the start of a child and a busy machine included."""
MEGABYTES = 150
"""What the process that asks may grow by."""
LARGEST_UPLOADED = 400_000
"""Bytes; what is larger the test client keeps in a file that it does not close. In an archive it is small."""
MANY_MEGABYTES = 3 * 1024 * 1024
TOO_MUCH = "太大或太复杂"


@pytest.fixture
def site(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(pool, "SECONDS", 1.0)
    with open_site(database, tmp_path) as opened:
        yield opened
    pool.end()


def slow_form() -> bytes:
    return json.dumps({**json.loads(many_bombs("form")), "id": "note"}).encode()


def small_elements() -> bytes:
    body = "<a/>" * (MANY_MEGABYTES // 4)
    return file(straight(user("t")) + body)


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a form of slow patterns": ("slow.form", slow_form),
    "megabytes of small elements": ("small.bpmn", small_elements),
}


def state(site: Site) -> tuple[int, ...]:
    with site.office.look() as session:
        return tuple(session.scalar(select(func.count()).select_from(of)) or 0 for of in (Definition, ReleaseRequest))


def archive(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return written.getvalue()


def uploaded(site: Site, name: str, content: bytes) -> str:
    answer = site.as_("owner").post(
        "/workshop/upload", {"files": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("what", HOSTILE)
def test_every_entrance_answers_a_hostile_file_in_time_with_a_sentence(site: Site, what: str, tmp_path: Path) -> None:
    name, make = HOSTILE[what]
    source = make()
    path = tmp_path / name
    path.write_bytes(source)
    kind, key = ("form", "note") if name.endswith(".form") else ("process", KEY)
    owner, command = site.as_("owner"), site.app.test_cli_runner()
    before, used = state(site), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    posted = {"content": source.decode(), "revision": 0}
    ways: dict[str, Callable[[], str]] = {
        "editor": lambda: str(owner.post(f"/workshop/{kind}/{key}/lint", json=posted).get_json()),
        "upload": lambda: uploaded(site, name, source),
        "archive": lambda: uploaded(site, "all.zip", archive(name, source)),
        "lint": lambda: command.invoke(args=["definitions", "lint", str(path)]).output,
        "publish": lambda: (
            command.invoke(args=["definitions", "publish", str(path), "--by", "owner", "--release-by", "chief"]).output
        ),
    }
    if len(source) > LARGEST_UPLOADED:
        del ways["upload"]
    for way, go in ways.items():
        began = time.monotonic()
        said = go()
        assert TOO_MUCH in said, (way, said[:500])
        assert "Traceback" not in said, way
        assert time.monotonic() - began < SECONDS, way
    assert state(site) == before
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used) / 1024 < MEGABYTES


def test_what_cannot_be_read_is_not_saved_from_the_editor(site: Site) -> None:
    posted = {"content": small_elements().decode(), "revision": 0}
    answer = site.as_("owner").post(f"/workshop/process/{KEY}/save", json=posted)
    assert answer.status_code == 422
    assert TOO_MUCH in answer.get_json()["sentence"]
    with site.office.look() as session:
        assert session.scalar(select(func.count()).select_from(WorkingCopy)) == 0


def test_a_right_file_still_goes_in_by_the_command_line(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "own.bpmn"
    path.write_text(drawn("first", "survey", process_id=KEY), encoding="utf-8")
    command, before = site.app.test_cli_runner(), state(site)
    assert "错误 0" in command.invoke(args=["definitions", "lint", str(path)]).output
    args = ["definitions", "publish", str(path), "--by", "owner", "--release-by", "chief"]
    done = command.invoke(args=args)
    assert (done.exit_code, "已生效" in done.output) == (0, True), done.output
    assert state(site) == (before[0] + 1, before[1])
