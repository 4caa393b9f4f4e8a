"""(p) A project's archive of 500 MB streamed with constant memory, and the plan summary of 1,000 items as a page."""

from __future__ import annotations

import hashlib
import io
import random
import secrets
from datetime import date
from pathlib import Path

from flask.testing import FlaskClient

from app import clock, create_app, unit_of_work
from app.models.accounts import Organisation, Person
from app.models.business import PlanItem, Project
from app.models.documents import Attachment, Submission
from app.models.process import Definition, ProcessInstance
from app.services import accounts
from app.services.attachments import LocalBlobs
from benchmarks.figures import Figure, timed
from benchmarks.installation import PASSWORD, Installation

FILES, SIZE = 25, 20 * 1024 * 1024
MOST_GROWTH = 64
ITEMS = 1000
MOST_SECONDS = 3.0
FY = 2027
NUMBER = "XWXX-2027-T-001"


def figures(folder: Path) -> list[Figure]:
    """Fill an installation with large files and many items, and ask for both over the site."""
    installation = Installation(folder / "papers")
    installation.begin()
    app = create_app(installation.settings)
    key = _people_and_items()
    _attach(installation.settings.blobs, key)
    client = app.test_client()
    _enter(client)
    growth, megabytes, seconds = _stream(client)
    page = min(timed(lambda: _ask(client, f"/papers/tables/D-07?fy={FY}")) for _round in range(3))
    return [
        Figure("p  archive streamed", megabytes, "MB", 500, at_least=True),
        Figure("p  archive, growth of resident memory", growth, "MB", MOST_GROWTH),
        Figure("p  archive, time", seconds, "s"),
        Figure(f"p  plan summary of {ITEMS} items as a page", page, "s", MOST_SECONDS),
    ]


def _people_and_items() -> int:
    """Enter a clerk of the bureau and the items of a year; return the first project's id."""
    now = clock.now()
    with unit_of_work.unit_of_work() as session:
        bureau = accounts.create_organisation(
            session, "dsj", "县大数据局", short="县大数据局", kind="bureau", eligible=True, by=None, now=now
        )
        accounts.create_person(
            session, "bureau", "程雨", organisation_id=bureau.id, roles=("bur_clerk",), password=PASSWORD,
            must_change=False, by=None, now=now,
        )  # fmt: skip
        unit = session.query(Organisation).filter_by(code="edu").one()
        for number in range(1, ITEMS + 1):
            project = Project(
                no=f"XWXX-2027-T-{number:03d}", name=f"第{number}号业务系统", unit_id=unit.id, fy=FY, fy_entered=FY,
                path="T", nature="新建", category="业务信息系统", funding_form="政府投资", total_fen=number * 1_000_001,
                state="PLAN_APPROVED", state_since=now, created_at=now,
            )  # fmt: skip
            session.add(project)
            session.flush()
            session.add(
                PlanItem(
                    project_id=project.id, fy=FY, content={}, total_fen=project.total_fen,
                    fy_amount_fen=project.total_fen, rank=number, suggestion="纳入", submitted_on=date(2026, 11, 20),
                )
            )  # fmt: skip
        return session.query(Project).filter_by(no=NUMBER).one().id


def _attach(folder: Path, project_id: int) -> None:
    """Keep 500 MB of files that nobody can compress, handed in to the project."""
    now, store, filling = clock.now(), LocalBlobs(folder), random.Random(7).randbytes(1024 * 1024)  # noqa: S311 -- filling
    with unit_of_work.unit_of_work() as session:
        definition = session.query(Definition).filter_by(kind="bpmn").first()
        form = session.query(Definition).filter_by(kind="form").first()
        assert definition is not None
        assert form is not None
        instance = ProcessInstance(
            definition_id=definition.id, process_key=definition.key, started_at=now, project_id=project_id
        )
        session.add(instance)
        session.flush()
        by = session.query(Person).filter_by(username="bureau").one().id
        submission = Submission(
            instance_id=instance.id, project_id=project_id, element_id="a", form_id=form.key,
            form_definition_id=form.id, answers={"note": "见附件"}, by_id=by, at=now,
        )  # fmt: skip
        session.add(submission)
        session.flush()
        for number in range(FILES):
            body = number.to_bytes(4, "big") + filling * (SIZE // len(filling))
            stored = store.put(io.BytesIO(body), limit=SIZE + 4)
            assert stored.sha256 == hashlib.sha256(body).hexdigest()
            session.add(
                Attachment(
                    id=secrets.token_hex(16), sha256=stored.sha256, name=f"附件{number + 1}.zip", size=stored.size,
                    media_type="application/zip", project_id=project_id, submission_id=submission.id, uploaded_by=by,
                    uploaded_at=now,
                )
            )  # fmt: skip


def _enter(client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/login", data={"username": "bureau", "password": PASSWORD})
    assert answer.status_code == 302


def _ask(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert f"第{ITEMS}号业务系统" in answer.get_data(as_text=True)


def _stream(client: FlaskClient) -> tuple[float, float, float]:
    """Take the archive piece by piece; return the growth of resident memory in MB, the MB sent, the seconds."""
    sent, most = 0, 0.0
    before = _resident()

    def take() -> None:
        nonlocal sent, most
        answer = client.post(f"/projects/{NUMBER}/archive", buffered=False)
        assert answer.status_code == 200
        for place, chunk in enumerate(answer.response):
            sent += len(chunk)
            if place % 64 == 0:
                most = max(most, _resident())
        assert sent == answer.content_length
        answer.close()

    seconds = timed(take)
    return max(0.0, most - before), sent / 1024 / 1024, seconds


def _resident() -> float:
    """Return the resident memory of this process in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")
