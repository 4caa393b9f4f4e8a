"""A secret project leaves nothing (第三十四条): words typed before the answer are looked for in every byte."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from app import unit_of_work
from app.models.business import Project
from app.models.documents import Attachment, AuditEvent, Draft, Submission
from app.models.process import ProcessInstance, UserTask
from tests.integration.web_clients import NOT_SECRET, PDF, Browser, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county, site

__all__ = ["_postgres_county", "_sqlite_county", "county", "site"]

WORD = "绝密鹭岛工程"
AMOUNT = "7391.55"
FORMS = (WORD.encode(), WORD.encode("utf-16-le"), WORD.encode("unicode_escape"), AMOUNT.encode(), b"739155")
SECRET = {"secret": True, "other_rule": False, "clause": "《办法》第三十四条"}


def begin(browser: Browser) -> int:
    found = re.search(r"/tasks/(\d+)", browser.post("/start/p01u_unit_plan", {}).location)
    assert found is not None
    return int(found[1])


def rows_say(county: County) -> list[str]:
    """Return every text of every table that holds one of the words."""
    found = []
    with county.look() as session:
        connection = session.connection()
        for table in inspect(connection).get_table_names():
            everything = text(f'SELECT * FROM "{table}"')  # noqa: S608 -- names of our own tables
            for row in connection.execute(everything).mappings():
                found += [
                    f"{table}.{name}" for name, value in row.items() if WORD in str(value) or AMOUNT in str(value)
                ]
    return found


def bytes_hold(county: County, folder: Path) -> list[str]:
    """Return every file of the installation and of the database that holds one of the words, in any encoding."""
    url = county.database.engine.url
    places = [Path(url.database or "").parent] if url.drivername.startswith("sqlite") else []
    places += [folder, county.app.config["SETTINGS"].instance, county.app.config["SETTINGS"].blobs]
    files = {file for place in places if place.exists() for file in place.rglob("*") if file.is_file()}
    return [str(file) for file in sorted(files) if any(word in file.read_bytes() for word in FORMS)]


def type_it_everywhere(browser: Browser, task_id: int) -> list[int]:
    """Type the words wherever the question about secrecy lets anybody type; return the statuses."""
    return [
        browser.get(f"/search?q={WORD}").status_code,
        browser.get(f"/projects?q={WORD}").status_code,
        browser.post(f"/tasks/{task_id}/draft", json={"values": {"name": WORD, "total": AMOUNT}}).status_code,
        browser.post(f"/tasks/{task_id}/draft", json={"values": {"clause": WORD}}).status_code,
        browser.post(
            f"/tasks/{task_id}/attachments",
            {"file": (io.BytesIO(PDF + WORD.encode()), f"{WORD}.pdf"), "field": "assess_report"},
        ).status_code,
        browser.complete(task_id, SECRET | {"name": WORD, "total": AMOUNT}).status_code,
        browser.complete(task_id, SECRET | {"clause": WORD}).status_code,
    ]


def test_what_is_typed_before_the_answer_stays_nowhere(
    county: County, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clerk = county.as_("jyj.wang")
    task_id = begin(clerk)
    with caplog.at_level(logging.DEBUG):
        statuses = type_it_everywhere(clerk, task_id)
        assert all(status >= 400 for status in statuses[2:]), statuses
        assert clerk.complete(task_id, SECRET).status_code == 200
    assert rows_say(county) == []
    assert WORD not in caplog.text
    with county.look() as session:
        project = session.scalars(select(Project).where(Project.path == "X")).one()
        assert (project.name, project.total_fen, project.exempt_clause) == ("", 0, "《办法》第三十四条")
        kept = session.scalars(select(Submission).where(Submission.project_id == project.id)).one()
        assert set(kept.answers) <= {"secret", "other_rule", "clause", "nothing_to_file"}
    unit_of_work.forget_deleted()
    unit_of_work.database().dispose()
    assert bytes_hold(county, tmp_path) == []


def test_what_was_drafted_before_somebody_saw_it_is_erased_to_the_last_byte(county: County, tmp_path: Path) -> None:
    clerk = county.as_("jyj.wang")
    asked = begin(clerk)
    assert clerk.complete(asked, NOT_SECRET).status_code == 200
    instance = county.task(asked).instance_id
    filing = county.open_task(instance)
    for n in range(3):
        values = {"name": f"{WORD}{n}", "total": AMOUNT, "content": WORD * 400}
        assert clerk.post(f"/tasks/{filing}/draft", json={"values": values}).status_code == 200
    uploaded = clerk.upload(filing, f"{WORD}.pdf", PDF + WORD.encode() * 50)
    assert uploaded.status_code == 200
    assert rows_say(county) != []
    assert bytes_hold(county, tmp_path) != []
    other = county.as_("wjw.zhou")
    assert other.post(f"/tasks/{filing}/purge", {}).status_code == 404
    answer = clerk.post(f"/tasks/{filing}/purge", {})
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (302, '"cache", "storage"')
    assert rows_say(county) == []
    with county.look() as session:
        assert session.get_one(ProcessInstance, instance).status == "terminated"
        assert (
            session.scalars(select(UserTask).where(UserTask.instance_id == instance, UserTask.status == "open")).all()
            == []
        )
        assert session.scalars(select(Draft).where(Draft.task_id == filing)).all() == []
        assert session.scalars(select(Attachment).where(Attachment.task_id == filing)).all() == []
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_id == str(instance))).all()
    assert "purge_secret" in acts
    if county.database.engine.dialect.name == "sqlite":
        assert bytes_hold(county, tmp_path) == []
    assert clerk.get(f"/tasks/{filing}").status_code in {404, 409, 200}


def test_an_item_that_is_filed_is_not_erased_by_its_clerk(site: County) -> None:
    place = site.places
    clerk = site.as_("jyj.wang")
    assert clerk.post(f"/tasks/{place['own.filed']}/purge", {}).status_code in {404, 409}
    assert clerk.post(f"/tasks/{place['own.sign']}/purge", {}).status_code == 404


def test_the_row_is_seen_by_the_bureau_head_and_the_units_head_only(site: County) -> None:
    clerk = site.as_("jyj.wang")
    assert clerk.complete(begin(clerk), SECRET).status_code == 200
    with site.look() as session:
        number = session.scalars(select(Project.no).where(Project.path == "X")).one()
    readers = ("jyj.wang", "jyj.li", "wjw.zhou", "wjw.xu", "dsj.chen", "dsj.sun", "czj.qian", "fgw.gao", "gaj.wei",
               "daxue.ouyang", "dsj.tu", "dsj.zhen")  # fmt: skip
    seen = {name: site.as_(name).get(f"/projects/{number}").status_code for name in readers}
    assert {name for name, status in seen.items() if status == 200} == {"jyj.li", "dsj.sun"}
    assert {status for name, status in seen.items() if name not in {"jyj.li", "dsj.sun"}} == {404}
    listed = {name for name in readers if number in site.as_(name).get("/projects").get_data(as_text=True)}
    assert listed <= {"jyj.li", "dsj.sun"}
    found = {name for name in readers if number in site.as_(name).get(f"/search?q={number}").get_data(as_text=True)}
    assert all(site.as_(name).get(f"/projects/{number}").status_code == 200 or name in found for name in found)


def test_no_page_of_it_is_kept_by_the_browser(site: County) -> None:
    clerk = site.as_("jyj.wang")
    task_id = begin(clerk)
    page = clerk.get(f"/tasks/{task_id}")
    assert page.headers["Cache-Control"] == "no-store"
    assert not clerk.task_page(task_id)["draft"]
