"""Completing a task over HTTP: refused field by field, done by somebody else, not hers; drafts; broken requests."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from app.models.business import Project, RefusedAttempt
from app.models.documents import Attachment, AuditEvent, Draft, Notice, Submission
from app.models.process import HistoryEvent, ProcessInstance, TaskAudience, UserTask
from tests.integration.web_clients import NOT_SECRET, OWN, PDF, Browser, County, plan_item

WRITTEN = (
    Project,
    ProcessInstance,
    UserTask,
    TaskAudience,
    Submission,
    HistoryEvent,
    AuditEvent,
    Notice,
    RefusedAttempt,
    Draft,
)
BIG = "9" * 25


def written(county: County) -> dict[str, int]:
    """Count the rows of everything that completing a task writes."""
    return {table.__name__: county.count(table) for table in WRITTEN}


def good(county: County, **other: Any) -> dict[str, Any]:
    """Return good answers to the own unit's open F-02."""
    return plan_item("校园安防改造", 300, system="XX-JYJ-001", report=county["own.upload"]) | other


def without_error(answer: Any) -> Any:
    """Return the answer after looking whether it says a traceback."""
    text = answer.get_data(as_text=True)
    assert "Traceback" not in text
    assert "sqlalchemy" not in text
    return answer


# -- refused answers ---------------------------------------------------------------------------------------------------


def test_every_wrong_missing_surplus_and_forged_answer_is_named_and_nothing_is_written(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    before = written(county)
    posted = good(
        county,
        name="安",
        fy="2027",
        funding_form="赠款",
        nature="改建",
        parent_system="XX-WJW-999",
        total=300,
        fy_amount=301,
        source=[{"kind": "县级", "amount": 100}, {"kind": "彩票", "amount": 100, "state": "PAID"}],
        has_room="no",
        assessed_on="2026-11-24",
        assess_report=[county["foreign.upload"]],
        state="ACCEPTED",
        phone="110",
    )
    del posted["basis"]
    answer = clerk.complete(task, posted)
    errors = answer.get_json()["errors"]
    assert answer.status_code == 422
    assert sorted(errors) == [
        "assess_report", "assessed_on", "basis", "funding_form", "fy", "fy_amount", "has_room", "name", "parent_system",
        "phone", "source", "source[1].kind", "source[1].state", "state",
    ]  # fmt: skip
    assert errors["basis"] == ["请填写“建设依据”。"]
    assert errors["state"] == ["表单中没有“state”这一项。"]
    assert errors["fy"] == ["“计划年度”的内容类型不对。"]
    assert answer.get_json()["message"] == f"表单有 {len(errors)} 处需要改正。"
    assert written(county) == before
    assert county.task(task).status == "open"
    english = clerk.post(f"/tasks/{task}/complete?lang=en", json={"values": posted}).get_json()["errors"]
    assert sorted(english) == sorted(errors)
    assert [text for texts in english.values() for text in texts if re.search("[\u4e00-\u9fff]", text)] == []


def test_the_same_without_scripts_is_a_page_that_names_the_fields(county: County) -> None:
    answer = county.as_("jyj.wang").post(f"/tasks/{county['own.task']}/complete", {})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请填写“项目名称”。" in text
    assert "请填写“建设依据”。" in text


def test_what_the_regulation_forbids_is_refused_with_its_article_and_the_attempt_is_kept(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    before = written(county)
    answer = clerk.complete(task, good(county, has_room=True, exemption=[]))
    told = answer.get_json()
    assert (answer.status_code, told["message"], told["count"]) == (422, "依《办法》不能办理，共 1 项原因。", 1)
    assert "计划项含新建业务机房或者专网。" in told["why"]
    assert "第四条" in told["why"]
    assert written(county) == before | {
        "RefusedAttempt": before["RefusedAttempt"] + 1,
        "AuditEvent": before["AuditEvent"] + 1,
    }
    assert county.task(task).status == "open"
    assert clerk.complete(task, good(county)).get_json() == {"url": "/inbox"}


def test_files_of_another_task_cannot_be_handed_in_nor_seen_through_a_draft(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    forged = [county["foreign.upload"], county["foreign.report"], county["own.report"], "0" * 32, "../../etc/passwd"]
    for one in forged:
        answer = clerk.complete(task, good(county, assess_report=[one]))
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["assess_report"]), one
    saved = clerk.post(f"/tasks/{task}/draft", json={"values": {"assess_report": [*forged, county["own.upload"]]}})
    assert saved.status_code == 200
    assert list(clerk.task_page(task)["files"]) == [county["own.upload"]]


# -- done by somebody else ---------------------------------------------------------------------------------------------


def test_who_comes_second_hears_who_and_when_and_keeps_her_answers(county: County) -> None:
    first, second, task = county.as_("jyj.wang"), county.as_("jyj.zhao"), county["own.task"]
    assert second.get(f"/tasks/{task}").status_code == 200
    assert first.complete(task, good(county)).status_code == 200
    before = written(county)
    late = second.complete(task, good(county, name="校园安防改造二期"))
    assert (late.status_code, late.get_json()["message"]) == (409, "这项任务已由王芳于2026-11-23 10:00办结。")
    assert written(county) == before
    kept = second.post(f"/tasks/{task}/draft", json={"values": {"name": "校园安防改造二期"}, "revision": 0})
    assert (kept.status_code, kept.get_json()["revision"]) == (200, 1)
    with county.look() as session:
        drafts = session.execute(select(Draft.person_id, Draft.values)).all()
        names = session.scalars(select(Project.name).order_by(Project.id)).all()
    assert [tuple(row) for row in drafts] == [(county.people["jyj.zhao"], {"name": "校园安防改造二期"})]
    assert names[-1] == "校园安防改造"
    page = second.get(f"/tasks/{task}")
    assert page.status_code == 409
    assert "这项任务已由王芳于2026-11-23 10:00办结。" in page.get_data(as_text=True)
    assert county.as_("wjw.zhou").get(f"/tasks/{task}").status_code == 404
    assert county.as_("dsj.chen").get(f"/tasks/{task}").status_code == 404


def test_a_claimed_task_is_for_its_holder_until_she_gives_it_back(county: County) -> None:
    holder, colleague, task = county.as_("jyj.wang"), county.as_("jyj.zhao"), county["own.task"]
    assert holder.post(f"/tasks/{task}/claim", {}).location == f"/tasks/{task}"
    told = colleague.get(f"/tasks/{task}")
    assert (told.status_code, "王芳正在办理这项任务。" in told.get_data(as_text=True)) == (403, True)
    assert colleague.complete(task, good(county)).status_code == 403
    assert colleague.post(f"/tasks/{task}/claim", {}).status_code == 403
    assert colleague.post(f"/tasks/{task}/release", {}).status_code == 403
    assert county.as_("wjw.zhou").get(f"/tasks/{task}").status_code == 404
    assert county.task(task).assignee_id == county.people["jyj.wang"]
    assert holder.post(f"/tasks/{task}/release", {}).location == "/inbox"
    assert colleague.get(f"/tasks/{task}").status_code == 200
    assert county.task(task).assignee_id is None


def test_a_task_of_another_unit_or_role_does_not_exist(county: County) -> None:
    task, before = county["own.task"], written(county)
    for reader in ("wjw.zhou", "jyj.li", "dsj.chen", "dsj.tu", "dsj.zhen", "ruanjian.he", "daxue.ouyang"):
        who = county.as_(reader)
        statuses = {
            "page": who.get(f"/tasks/{task}").status_code,
            "preview": who.get(f"/inbox/{task}/preview").status_code,
            "complete": who.complete(task, good(county)).status_code,
            "empty": who.post(f"/tasks/{task}/complete", {}).status_code,
            "claim": who.post(f"/tasks/{task}/claim", {}).status_code,
            "release": who.post(f"/tasks/{task}/release", {}).status_code,
            "draft": who.post(f"/tasks/{task}/draft", json={"values": {"name": "x"}}).status_code,
            "compare": who.post(f"/tasks/{task}/draft/compare", {"mine": "{}"}).status_code,
            "choose": who.post(f"/tasks/{task}/draft/choose", {"keep": "mine", "mine": "{}"}).status_code,
            "upload": who.upload(task, "a.pdf", PDF).status_code,
        }
        assert statuses == dict.fromkeys(statuses, 404), reader
        told = who.complete(task, good(county)).get_json()
        assert told["message"] == "没有这一页，或它不属于你的范围。"
        assert told == who.complete(99_999, good(county)).get_json(), "nobody can tell foreign from absent"
    after = written(county)
    assert after == before | {"AuditEvent": after["AuditEvent"]}, "only the logins are new"


# -- drafts ------------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_valid_or_not_for_its_author_alone(county: County) -> None:
    clerk, colleague, task = county.as_("jyj.wang"), county.as_("jyj.zhao"), county["own.task"]
    values = {"name": "未", "total": "不是数", "source": [{"kind": None}], "unbekannt": 1}
    first = clerk.post(f"/tasks/{task}/draft", json={"values": values, "revision": 0})
    assert (first.status_code, first.get_json()) == (200, {"revision": 1, "time": "10:00"})
    assert clerk.post(f"/tasks/{task}/draft", json={"values": values, "revision": 1}).get_json()["revision"] == 2
    page = clerk.task_page(task)
    assert (page["draftRevision"], page["data"]["name"], page["data"]["total"]) == (2, "未", "不是数")
    assert colleague.task_page(task)["draftRevision"] == 0
    assert colleague.task_page(task)["data"].get("name", "") == ""
    assert "未提交" not in colleague.get("/inbox").get_data(as_text=True)
    assert clerk.complete(task, good(county)).status_code == 200
    assert county.count(Draft) == 0


def test_two_windows_do_not_overwrite_each_other(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    address = f"/tasks/{task}/draft"
    clerk.post(address, json={"values": {"name": "第一窗口"}, "revision": 0})
    clerk.post(address, json={"values": {"name": "第一窗口改"}, "revision": 1})
    late = clerk.post(address, json={"values": {"name": "第二窗口"}, "revision": 1})
    assert (late.status_code, late.get_json()["url"]) == (409, f"{address}/compare")
    assert late.get_json()["message"] == "这份草稿已在另一个窗口改过（第 2 稿），请先看一看再存。"
    both = clerk.post(f"{address}/compare", {"mine": '{"name": "第二窗口"}'}).get_data(as_text=True)
    assert "第一窗口改" in both
    assert "第二窗口" in both
    assert clerk.post(f"{address}/choose", {"keep": "theirs"}).location == f"/tasks/{task}"
    assert clerk.task_page(task)["data"]["name"] == "第一窗口改"
    chosen = {"keep": "mine", "mine": '{"name": "第二窗口"}', "revision": "2"}
    assert clerk.post(f"{address}/choose", chosen).location == f"/tasks/{task}"
    assert clerk.task_page(task)["data"]["name"] == "第二窗口"


def test_the_question_about_secrets_keeps_no_draft_and_its_answer_no_content(county: County) -> None:
    clerk = county.as_("jyj.zhao")
    asked = int(clerk.post("/start/p01u_unit_plan", {}).location.rsplit("/", 1)[1])
    assert "data-save" not in clerk.get(f"/tasks/{asked}").get_data(as_text=True)
    assert clerk.post(f"/tasks/{asked}/draft", json={"values": {"clause": "第三十四条"}}).status_code == 404
    assert county.count(Draft) == 0
    forged = clerk.complete(asked, NOT_SECRET | {"secret": True, "clause": "《办法》第三十四条", "name": "某项目"})
    assert (forged.status_code, list(forged.get_json()["errors"])) == (422, ["name"])
    done = clerk.complete(asked, NOT_SECRET | {"secret": True, "clause": "《办法》第三十四条"})
    assert done.status_code == 200
    with county.look() as session:
        exempt = session.scalars(select(Project).order_by(Project.id.desc())).first()
        number = exempt.no
        assert (exempt.path, exempt.name, exempt.total_fen, exempt.state) == ("X", "", 0, "EXEMPT")
    seen = {who: county.as_(who).get(f"/projects/{number}").status_code for who in
            ("jyj.zhao", "jyj.li", "dsj.sun", "dsj.chen", "czj.qian", "wjw.xu")}  # fmt: skip
    assert seen == {"jyj.zhao": 404, "jyj.li": 200, "dsj.sun": 200, "dsj.chen": 404, "czj.qian": 404, "wjw.xu": 404}


# -- broken requests ---------------------------------------------------------------------------------------------------


def test_a_body_that_cannot_be_read_is_refused_and_takes_no_draft_away(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    clerk.post(f"/tasks/{task}/draft", json={"values": {"name": "好草稿"}})
    before = written(county)
    bodies = {
        "no JSON": b"{x",
        "a list": b"[]",
        "null": b"null",
        "no values": b'{"revision": 1}',
        "values no object": b'{"values": "x"}',
        "nested without end": b'{"values":{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        "half a character": b'{"values":{"name":"\\ud800"}}',
        "half a character as a key": b'{"values":{"\\udfff":"x"}}',
        "a number without end": b'{"values":{"fy":' + b"9" * 6_000 + b"}}",
        "no UTF-8": b"\xff\xfe\xfd",
        "nothing": b"",
    }
    kinds = dict.fromkeys(bodies, "application/json") | {"text": "text/plain", "XML": "application/xml"}
    bodies |= {"text": b'{"values":{}}', "XML": b"<values/>"}
    for what, body in bodies.items():
        answer = without_error(clerk.post(f"/tasks/{task}/draft", data=body, content_type=kinds[what]))
        assert answer.status_code == 400, what
        if kinds[what] == "application/json":
            assert answer.get_json()["title"] == "这个请求没有看懂"
            done = without_error(clerk.post(f"/tasks/{task}/complete", data=body, content_type=kinds[what]))
            assert done.status_code == 400, what
    for what in ("compare", "choose"):
        for mine in ("[" * 100_000, '{"a":"\\ud800"}', "[]", "x"):
            answer = without_error(clerk.post(f"/tasks/{task}/draft/{what}", {"keep": "mine", "mine": mine}))
            assert answer.status_code == 400
    assert written(county) == before
    assert clerk.task_page(task)["data"]["name"] == "好草稿"


def test_odd_values_are_answers_that_are_judged(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    before = written(county)
    odd: dict[str, tuple[str, str]] = {
        "a null byte": ('"a\\u0000bcd"', "name"),
        "not a number": ("NaN", "total"),
        "infinite": ("1e999", "total"),
        "a deep list": ("[" * 900 + "]" * 900, "name"),
        "an object": ('{"$gt": ""}', "name"),
        "a long text": (f'"{"x" * 200_000}"', "basis"),
        "a true revision": ("true", "fy"),
    }
    for what, (text, key) in odd.items():
        body = f'{{"values": {{"{key}": {text}}}}}'
        answer = without_error(clerk.post(f"/tasks/{task}/complete", data=body, content_type="application/json"))
        assert answer.status_code == 422, what
        assert answer.get_json()["errors"][key], what
    assert written(county) == before


def test_answers_of_many_megabytes_are_too_large(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    body = b'{"values":{"name":"' + b"x" * (5 * 1024 * 1024) + b'"}}'
    for what in ("complete", "draft"):
        answer = without_error(clerk.post(f"/tasks/{task}/{what}", data=body, content_type="application/json"))
        assert answer.status_code == 413
    roomy = Browser(county.app_with(upload_limit=100 * 1024 * 1024))
    roomy.enter("jyj.wang")
    answer = roomy.post(f"/tasks/{task}/draft", data=body, content_type="application/json")
    assert answer.status_code == 413, "the room for uploads is not for answers"


def test_addresses_that_nobody_wrote_get_a_page_of_the_site(county: County) -> None:
    clerk = county.as_("jyj.wang")
    expected = {
        f"/tasks/{BIG}": 404,
        f"/deadlines/{BIG}": 404,
        f"/instances/{BIG}": 404,
        f"/inbox/{BIG}/preview": 404,
        f"/inbox?task={BIG}": 200,
        "/inbox?task=-1&tab=x&process=y&unit=z": 200,
        "/inbox?cursor=today~x~y": 200,
        f"/inbox?cursor=today~2026-11-23T10:00:00%2B08:00~{BIG}": 200,
        "/inbox?cursor=today~0001-01-01T00:00:00%2B14:00~1": 200,
        "/inbox?cursor=later~9999-12-31T23:59:59-14:00~1": 200,
        f"/projects?year={BIG}&phase={BIG}": 200,
        "/projects?year=x&phase=-1&cursor=y": 200,
        f"/funds?year={BIG}": 404,
        f"/processes/p01u_unit_plan?version={BIG}": 200,
        "/processes/nix": 404,
        f"/notices?cursor={BIG}": 200,
        f"/deadlines?cursor=2026-01-01~{BIG}": 200,
        "/deadlines?cursor=x&status=y": 200,
        "/regulation/99": 404,
        f"/regulation/{BIG}": 404,
        "/projects/%ff": 404,
        "/attachments/..%2f..%2fetc%2fpasswd": 404,
        "/static/..%2f__init__.py": 404,
        "/search?q=%25%27%22%3B--": 200,
        "/search?q=%ED%A0%80": 200,
        "/tasks/-1": 404,
        "/tasks/1e3": 404,
        "/TASKS/1": 404,
        "/../etc/passwd": 404,
        "/projects?tab=x": 200,
        f"/projects/{county['own.project']}?tab=x": 404,
    }
    expected |= dict.fromkeys(
        (
            "/search?q=%00",
            "/projects?q=%00",
            "/projects/%00",
            "/processes/%00",
            "/attachments/%00",
            "/inbox?q=%00",
            "/deadlines?kind=%00",
            "/deadlines?unit=%00",
            "/start?project=%00",
            "/inbox?lang=%00",
            "/inbox?%00=1",
        ),
        400,
    )
    answers = {address: without_error(clerk.get(address)) for address in expected}
    assert {address: answer.status_code for address, answer in answers.items()} == expected
    for address, answer in answers.items():
        if answer.status_code in {400, 404}:
            assert "修武县政务信息化项目管理" in answer.get_data(as_text=True), address


def test_forms_with_null_bytes_are_not_understood(county: County) -> None:
    admin, clerk, stranger = county.as_("dsj.zhen"), county.as_("jyj.wang"), county.browser()
    answers = [
        stranger.enter("jyj\0wang"),
        stranger.enter("jyj.wang", "\0"),
        admin.post("/people/new", {"username": "ab\0c", "name": "某", "organisation": "jyj", "roles": "unit_clerk"}),
        admin.post("/people/new", {"username": "abc", "name": "\0", "organisation": "jyj", "roles": "unit_clerk"}),
        clerk.post("/start/p10_extension", {"project": "\0"}),
        clerk.post("/language", {"language": "\0"}),
        clerk.upload(county["own.task"], "a.pdf", PDF, field="\0"),
    ]
    assert [without_error(answer).status_code for answer in answers] == [400] * len(answers)
    assert county.count(Attachment) == 4


def test_a_signature_carries_the_item_on_and_its_maker_cannot_sign(county: County) -> None:
    clerk, head = county.as_("jyj.wang"), county.as_("jyj.li")
    sign = county["own.sign"]
    assert clerk.complete(sign, {"result": "同意", "opinion": "同意报送"}).status_code == 404
    assert OWN in head.get(f"/tasks/{sign}").get_data(as_text=True)
    assert head.complete(sign, {"result": "可以", "opinion": "同意报送"}).status_code == 422
    returned = head.complete(sign, {"result": "退回", "opinion": "请补充依据"})
    assert (returned.status_code, returned.get_json()) == (200, {"url": "/inbox"})
    again = county.open_task(county["own.instance"])
    assert clerk.task_page(again)["data"]["name"] == OWN, "what was returned is mended, not typed again"
