"""What the scheduler stands when the clock leaps or a part of its tick fails, and an upload when the disk is full."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app import clock
from app.models.documents import Attachment
from app.models.process import HistoryEvent
from app.scheduler import Ticker
from app.services import definitions
from app.unit_of_work import Database
from tests.integration.office import Office, form_source, furnish, task
from tests.unit.engine.drawing import boundary, end, flows, start, timer

ROOT = Path(__file__).parents[2]
LATE = start() + task("a") + boundary("late", "a", timer("timeDuration", "P1D")) + task("b") + end()
LATE += flows("s > a > e", "late > b > e")


@pytest.fixture
def office(database: Database) -> Office:
    opened = furnish(database)
    opened.publish(LATE)
    return opened


def fired(office: Office) -> Counter[int]:
    with office.look() as session:
        return Counter(session.scalars(select(HistoryEvent.instance_id).where(HistoryEvent.event == "fired")))


def tick(office: Office, ticker: Ticker) -> None:
    with clock.frozen(office.now):
        ticker.tick()


def test_a_clock_that_leaps_back_and_forth_fires_every_timer_once(office: Office) -> None:
    ticker, first = Ticker(), office.start()
    for hours, expected in ((23, []), (2, [first]), (-72, [first]), (0, [first]), (72, [first])):
        office.later(hours=hours)
        tick(office, ticker)
        assert fired(office) == Counter(expected)
    assert ticker.beat is not None
    office.later(hours=-48)  # what starts in the past waits for its own day, however often that comes
    second = office.start()
    for hours in (48, -24, 24):
        office.later(hours=hours)
        tick(office, ticker)
    assert (fired(office), office.timers()) == (Counter([first, second]), [])


def test_a_sweep_that_fails_keeps_no_timer_waiting_and_is_tried_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    ticker, instance = Ticker(), office.start()
    office.later(days=1)
    with office.database.unit_of_work() as session:
        session.execute(text("ALTER TABLE library_entry RENAME TO mislaid"))
    tick(office, ticker)
    assert (fired(office), ticker.beat) == (Counter([instance]), None)
    assert [record.message for record in caplog.records] == ["a part of the tick failed"]
    with office.database.unit_of_work() as session:
        session.execute(text("ALTER TABLE mislaid RENAME TO library_entry"))
    tick(office, ticker)
    assert ticker.beat is not None


UPLOAD = """
import io, resource, sys
from datetime import datetime
from pathlib import Path
import app.models.tables
from app import unit_of_work
from app.clock import wall_now
from app.services import attachments, audit
from app.services.context import Actor
url, folder, person, task, megabytes = sys.argv[1:]
unit_of_work.configure(url)
audit.configure(b"key of the tests")
most = 24 * 2**20  # where a disk of this process ends
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
by = Actor(int(person), "clerk", "王芳", 1, "unit", frozenset({"unit_clerk"}))
source = io.BytesIO(b"%PDF-1.7\\n" + b"0" * (int(megabytes) * 2**20))
try:
    with unit_of_work.unit_of_work() as session:
        row = attachments.keep(
            session, attachments.LocalBlobs(Path(folder)), name="可行性研究报告.pdf", source=source, task_id=int(task),
            project_id=None, field="report", by=by, now=wall_now(), limit=100 * 2**20,
        )
    print("kept")
except attachments.StoreFull as full:
    print(full.status, full.message)
"""


def test_a_full_disk_is_told_and_leaves_neither_row_nor_file(office: Office, tmp_path: Path) -> None:
    form = json.loads(form_source())
    form["components"].append({"type": "filepicker", "id": "f9", "key": "report", "label": "报告"})
    with office.database.unit_of_work() as session:
        source = json.dumps(form, ensure_ascii=False).encode()
        definitions.publish(session, source, kind="form", now=office.now, by=None, shipped=True)
    office.start()
    url = office.database.engine.url.render_as_string(hide_password=False)
    blobs, person, task_id = tmp_path / "blobs", office.people["clerk"].id, office.task("a")

    def upload(megabytes: int) -> str:
        command = [sys.executable, "-c", UPLOAD, url, str(blobs), str(person), str(task_id), str(megabytes)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def kept() -> tuple[int, int]:
        with office.look() as session:
            rows = session.scalar(select(func.count()).select_from(Attachment)) or 0
        return rows, len([path for path in blobs.rglob("*") if path.is_file()])

    assert upload(32) == "507 存储空间不足，文件没有存上。请告知系统管理员，腾出空间后再传。"
    assert kept() == (0, 0)
    assert upload(1) == "kept"
    assert kept() == (1, 1)
