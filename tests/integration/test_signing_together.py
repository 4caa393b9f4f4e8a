"""一起签批 over HTTP: several signatures of one step in one go, each judged and written by itself."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain import signing_together
from app.models.business import RefusedAttempt
from app.models.documents import AuditEvent, Draft, Submission
from tests.integration.test_statement_counts import traffic
from tests.integration.web_clients import County
from tests.integration.web_county import _file, _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]

HEAD, CLERK = "jyj.li", "jyj.wang"
AGREED = {"result": "同意", "opinion": "同意报送"}


@pytest.fixture
def waiting(county: County) -> list[int]:
    """Two more plan items that the head may sign, after the one whose project is far beyond it."""
    more = [_file(county, CLERK, f"平安校园平台{number}期", 88.5, "XX-JYJ-001")["sign"] for number in (1, 2)]
    return [county["own.sign"], *more]


def form(tasks: list[int], **more: str) -> dict[str, object]:
    return {"task": [str(task) for task in tasks], **more}


def test_the_ticked_rows_lead_to_a_table_of_what_is_signed(county: County, waiting: list[int]) -> None:
    head = county.as_(HEAD)
    page = head.get("/inbox").get_data(as_text=True)
    assert 'formaction="/inbox/sign/chosen"' in page
    led = head.post("/inbox/sign/chosen?q=平", form(waiting))
    query = "&".join(f"task={task}" for task in waiting)
    assert led.location == f"/inbox/sign?{query}&q=%E5%B9%B3"
    table = head.get(led.location).get_data(as_text=True)
    assert "平安校园平台1期" in table
    assert '估算总投资：<span class="nb">88.50' in table
    assert f'name="task" value="{waiting[1]}" checked' in table
    assert all(county.task(task).status == "open" for task in waiting)


def test_each_is_signed_by_itself_and_one_refusal_stops_no_other(county: County, waiting: list[int]) -> None:
    head = county.as_(HEAD)
    head.token()
    before = county.count(Submission)
    with traffic(county.database.engine) as seen:
        answer = head.post("/inbox/sign", form(waiting, **AGREED))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "已签 2 件，共 3 件" in text
    assert "任务还开着，意见已存为草稿" in text
    assert [county.task(task).status for task in waiting] == ["open", "completed", "completed"]
    assert county.count(Submission) == before + 2
    assert seen.commits == 4, "two signatures, the refused attempt and its draft"
    with county.look() as session:
        (attempt,) = session.scalars(select(RefusedAttempt))
        assert (attempt.task_id, attempt.person_id) == (waiting[0], county.people[HEAD])
        assert session.get_one(Draft, (waiting[0], county.people[HEAD])).values == AGREED
        done = session.scalars(select(AuditEvent.subject_id).where(AuditEvent.act == "complete_task")).all()
        assert {str(task) for task in waiting[1:]} <= set(done)
    again = head.post("/inbox/sign", form(waiting[1:], **AGREED))
    assert again.status_code == 404, "what is done is not signed twice"


def test_nothing_is_signed_without_result_and_words(county: County, waiting: list[int]) -> None:
    head, before = county.as_(HEAD), county.count(Submission)
    for wrong in ({}, {"result": "同意"}, {"result": "可以", "opinion": "同意报送"}):
        answer = head.post("/inbox/sign", form(waiting[1:], **wrong))
        assert "请选择结果，并写明至少两个字的意见。" in answer.get_data(as_text=True)
    assert (county.count(Submission), [county.task(task).status for task in waiting]) == (before, ["open"] * 3)


def test_others_tasks_and_other_steps_are_not_signed(county: County, waiting: list[int]) -> None:
    """A clerk's own form, another unit's signature and one that somebody else signs are no part of it."""
    clerk, before = county.as_(CLERK), county.count(Submission)
    assert clerk.post("/inbox/sign", form([*waiting, county["foreign.sign"]], **AGREED)).status_code == 404
    page = clerk.get(f"/inbox/sign?task={county['own.task']}").get_data(as_text=True)
    assert "这一步要逐份阅读，请打开后单独办理。" in page
    assert clerk.post("/inbox/sign", form([county["own.task"]], **AGREED)).status_code == 200
    head = county.as_(HEAD)
    mixed = head.post("/inbox/sign", form([county["foreign.sign"], waiting[1]], **AGREED)).get_data(as_text=True)
    assert "已签 1 件，共 1 件" in mixed
    assert county.count(Submission) == before + 1
    assert [county.task(county[f"{unit}.{key}"]).status for unit, key in (("own", "task"), ("foreign", "sign"))] == [
        "open",
        "open",
    ]


@pytest.mark.parametrize(
    ("form_id", "properties", "may"),
    [
        ("f00s", {"signs": "f09b"}, True),
        ("f00s", {"signs": "f09"}, True),
        ("f00s", {"signs": "f02"}, True),
        ("f00s", {"signs": "f06"}, False),
        ("f00s", {"signs": "f26"}, False),
        ("f00s", {"signs": "f06", "together": "true"}, True),
        ("f09", {}, False),
        ("f18", {"together": "true"}, False),
        ("f00s", {}, False),
    ],
)
def test_only_lines_of_a_list_are_signed_together(form_id: str, properties: dict[str, str], may: bool) -> None:
    assert signing_together.allowed(form_id, properties) is may
