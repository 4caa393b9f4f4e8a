"""The inbox over HTTP: what one has started and done is found again, tasks are called to mind, handed over, taken."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from app.models.documents import AuditEvent, Notice
from app.models.process import ProcessInstance, TaskAudience, UserTask
from tests.integration.web_clients import NOW, OWN, PDF, County, plan_item


def said(text: str) -> list[str]:
    """Return the messages at the top of a page."""
    return re.findall(r'<div class="note note-\w+">.*?<p>(.*?)</p>', text, re.DOTALL)


def audience(county: County, task_id: int) -> list[str]:
    with county.look() as session:
        rows = session.scalars(
            select(TaskAudience.audience).where(TaskAudience.task_id == task_id).order_by(TaskAudience.audience)
        )
        return list(rows)


def notices_of(county: County, username: str) -> list[str]:
    with county.look() as session:
        return list(session.scalars(select(Notice.message).where(Notice.person_id == county.people[username])))


# -- drafts ------------------------------------------------------------------------------------------------------------


def test_the_year_of_an_item_is_there_and_its_draft_is_found_again(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    assert clerk.task_page(task)["data"]["fy"] == 2027
    assert "data-save" in clerk.get(f"/tasks/{task}").get_data(as_text=True)
    empty = clerk.get("/inbox?tab=drafts").get_data(as_text=True)
    assert "没有草稿" in empty
    assert clerk.post(f"/tasks/{task}/draft", json={"values": {"name": "", "source": []}}).status_code == 200
    assert "没有草稿" in clerk.get("/inbox?tab=drafts").get_data(as_text=True)  # nothing has been typed
    assert clerk.post(f"/tasks/{task}/draft", json={"values": {"name": "学生体质"}}).status_code == 200
    listed = clerk.get("/inbox?tab=drafts").get_data(as_text=True)
    assert f'<a href="/tasks/{task}?tab=drafts">' in listed
    assert "尚未提交，打开接着填" in listed
    assert 'aria-current="page">草稿 <span class="n">1</span>' in listed
    assert f"/tasks/{task}" not in county.as_("jyj.zhao").get("/inbox?tab=drafts").get_data(as_text=True)


def test_a_draft_of_a_task_that_has_gone_is_kept_thirty_days_and_said_so(county: County) -> None:
    clerk, colleague, task = county.as_("jyj.wang"), county.as_("jyj.zhao"), county["own.task"]
    assert colleague.post(f"/tasks/{task}/draft", json={"values": {"name": "另一份"}}).status_code == 200
    report = clerk.upload(task, "报告.pdf", PDF).get_json()["id"]
    done = clerk.complete(task, plan_item("第二个项目", 10, system="XX-JYJ-001", report=report))
    assert done.status_code == 200
    listed = colleague.get("/inbox?tab=drafts").get_data(as_text=True)
    assert "草稿留到 2026-12-23" in listed
    opened = colleague.get(f"/tasks/{task}")
    assert opened.status_code == 409
    assert "另一份" in opened.get_data(as_text=True)


# -- what one has started, what one has done ---------------------------------------------------------------------------


def test_what_she_started_shows_for_whom_it_waits(county: County) -> None:
    page = county.as_("jyj.wang").get("/inbox?tab=started").get_data(as_text=True)
    rows = re.findall(r"<tr><th scope=\"row\" class=\"top-l\">.*?</tr>", page, re.DOTALL)
    assert len(rows) == 2
    assert OWN in rows[1]
    waits = re.findall(r'<div>(.*?)<span class="mute">：(.*?)</span>', rows[1])
    assert waits == [("单位负责人签报", "县教育局 单位负责人")]
    assert 'aria-current="page">我发起的 <span class="n">2</span>' in page


def test_another_does_not_see_what_she_started(county: County) -> None:
    page = county.as_("jyj.zhao").get("/inbox?tab=started").get_data(as_text=True)
    assert "没有正在办的发起事项" in page
    assert OWN not in page


def test_what_she_has_done_is_found_again_and_shows_what_she_handed_in(county: County) -> None:
    clerk, filed = county.as_("jyj.wang"), county["own.filed"]
    page = clerk.get("/inbox?tab=done").get_data(as_text=True)
    assert f'href="/tasks/{filed}?tab=done"' in page
    opened = clerk.get(f"/tasks/{filed}")
    assert opened.status_code == 200
    text = opened.get_data(as_text=True)
    assert "王芳" in text
    assert OWN in text
    assert "1,234.56" in text
    assert "data-task-form" not in text


def test_a_task_that_another_has_done_is_said_to_be_done(county: County) -> None:
    answer = county.as_("jyj.zhao").get(f"/tasks/{county['own.filed']}")
    assert answer.status_code == 409
    assert "王芳" in answer.get_data(as_text=True)


def test_finished_work_is_searched_and_paged_without_a_gap(county: County) -> None:
    person, instance = county.people["jyj.wang"], county["own.instance"]
    with county.change() as session:
        session.add_all(
            UserTask(
                instance_id=instance, key=f"done{number}", element_id="done", name=f"办过的第{number}件",
                status="completed", created_at=NOW - timedelta(days=90), ended_by=person,
                ended_at=NOW - timedelta(days=60, minutes=number // 2),
            )
            for number in range(60)
        )  # fmt: skip
    clerk, path, seen = county.as_("jyj.wang"), "/inbox?tab=done", []
    for _ in range(5):
        page = clerk.get(path).get_data(as_text=True)
        seen += re.findall(r"办过的第(\d+)件", page)
        further = re.search(r'<a rel="next" href="([^"]+)"', page)
        if further is None:
            break
        path = further[1].replace("&amp;", "&")
    assert len(seen) == 60
    assert sorted(map(int, seen)) == list(range(60))
    assert len(re.findall(r"办过的第", clerk.get("/inbox?tab=done&q=第59件").get_data(as_text=True))) == 1


def test_open_tasks_are_paged_without_a_gap(county: County) -> None:
    instance, unit = county["own.instance"], county.bodies["jyj"]
    with county.change() as session:
        for number in range(60):
            task = UserTask(
                instance_id=instance, key=f"open{number}", element_id="open", name=f"待办的第{number}件",
                created_at=NOW, roles="unit_clerk", unit_id=unit, due_at=NOW + timedelta(days=20, minutes=number // 2),
            )  # fmt: skip
            session.add(task)
            session.flush()
            session.add(TaskAudience(task_id=task.id, audience=f"r:unit_clerk@{unit}", due_at=task.due_at))
    clerk, path, seen = county.as_("jyj.wang"), "/inbox", []
    for _ in range(5):
        page = clerk.get(path).get_data(as_text=True)
        seen += re.findall(r'<td class="what"><a href="[^"]+">待办的第(\d+)件', page)
        further = re.search(r'<a rel="next" href="([^"]+)"', page)
        if further is None:
            break
        path = further[1].replace("&amp;", "&")
    assert len(seen) == 60
    assert sorted(map(int, seen)) == list(range(60))


# -- calling to mind ---------------------------------------------------------------------------------------------------


def test_a_task_is_called_to_mind_once_a_day(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.sign"]
    before = notices_of(county, "jyj.li")
    first = clerk.post(f"/tasks/{task}/remind", {}, follow_redirects=True)
    assert said(first.get_data(as_text=True)) == ["已催办李强。"]
    assert notices_of(county, "jyj.li")[len(before) :] == ["%(who)s（%(unit)s）催办“%(task)s”：%(project)s。"]
    again = county.as_("jyj.zhao").post(f"/tasks/{task}/remind", {}, follow_redirects=True)
    assert said(again.get_data(as_text=True)) == ["王芳今天已经催过，同一项任务一天只催一次。"]
    assert len(notices_of(county, "jyj.li")) == len(before) + 1
    county.clock.move_to(NOW + timedelta(days=1))
    assert clerk.post(f"/tasks/{task}/remind", {}).status_code == 302
    assert len(notices_of(county, "jyj.li")) == len(before) + 2


def test_who_may_not_know_of_a_task_cannot_call_it_to_mind(county: County) -> None:
    stranger, clerk = county.as_("wjw.zhou"), county.as_("jyj.wang")
    before = county.count(Notice), county.count(AuditEvent)
    assert stranger.post(f"/tasks/{county['own.sign']}/remind", {}).status_code == 404
    assert clerk.post("/tasks/999999/remind", {}).status_code == 404
    assert (county.count(Notice), county.count(AuditEvent)) == before


def test_nobody_reminds_herself(county: County) -> None:
    head = county.as_("jyj.li")
    before = county.count(Notice), county.count(AuditEvent)
    answer = head.post(f"/tasks/{county['own.sign']}/remind", {}, follow_redirects=True)
    assert said(answer.get_data(as_text=True)) == ["这项任务只有你能办，没有别人可催。"]
    assert (county.count(Notice), county.count(AuditEvent)) == before


# -- handing over ------------------------------------------------------------------------------------------------------


def test_a_task_is_handed_over_to_a_colleague_of_the_same_role(county: County) -> None:
    task, colleague = county["own.task"], county.people["jyj.zhao"]
    pane = county.as_("jyj.wang").get(f"/inbox/{task}/preview").get_data(as_text=True)
    assert f'<option value="{colleague}">赵敏</option>' in pane
    answer = county.as_("jyj.wang").post(f"/tasks/{task}/reassign", {"person": colleague}, follow_redirects=True)
    assert said(answer.get_data(as_text=True)) == ["已转办给赵敏。"]
    assert audience(county, task) == [f"p:{colleague}", f"s:{colleague}:r:unit_clerk@{county.bodies['jyj']}"]
    assert county.as_("jyj.zhao").get(f"/tasks/{task}").status_code == 200
    assert county.task(task).assignee_id == colleague


def test_a_task_is_handed_over_to_nobody_else(county: County) -> None:
    task, clerk = county["own.task"], county.as_("jyj.wang")
    before = audience(county, task)
    for username in ("wjw.zhou", "jyj.li", "dsj.chen", "ruanjian.he"):
        answer = clerk.post(f"/tasks/{task}/reassign", {"person": county.people[username]})
        assert answer.status_code == 403, username
    assert clerk.post(f"/tasks/{task}/reassign", {"person": 999999}).status_code == 404
    assert clerk.post(f"/tasks/{task}/reassign", {"person": "x"}).status_code == 404
    assert county.as_("wjw.zhou").post(
        f"/tasks/{task}/reassign", {"person": county.people["wjw.zhou"]}
    ).status_code == 404  # fmt: skip
    assert audience(county, task) == before


# -- several at once ---------------------------------------------------------------------------------------------------


def test_several_are_taken_at_once_and_the_others_are_told_of(county: County) -> None:
    clerk, task, foreign = county.as_("jyj.wang"), county["own.task"], county["foreign.task"]
    answer = clerk.post("/inbox/claim", {"task": [task, foreign, "x", "9" * 30]}, follow_redirects=True)
    assert said(answer.get_data(as_text=True))[-1] == "已领取 1 件，归你办。"
    assert county.task(task).assignee_id == county.people["jyj.wang"]
    assert county.task(foreign).assignee_id is None


def test_several_are_called_to_mind_at_once(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    before = notices_of(county, "wjw.zhou")
    answer = clerk.post("/inbox/remind", {"task": [task, county["foreign.task"]]}, follow_redirects=True)
    assert said(answer.get_data(as_text=True))[-1] == "已催办 1 件。"
    assert len(notices_of(county, "jyj.zhao")) == 1
    assert notices_of(county, "wjw.zhou") == before


def test_the_pages_of_ones_own_work_ask_the_same_whatever_there_is(county: County) -> None:
    """Two started processes or two hundred: only a page of them is read."""
    person = county.people["jyj.wang"]
    with county.change() as session:
        first = session.get_one(ProcessInstance, county["own.instance"])
        session.add_all(
            ProcessInstance(
                definition_id=first.definition_id, process_key=first.process_key, started_by=person, started_at=NOW
            )
            for _ in range(120)
        )
    page = county.as_("jyj.wang").get("/inbox?tab=started").get_data(as_text=True)
    assert len(re.findall(r'<th scope="row" class="top-l">', page)) == 25
    assert '我发起的 <span class="n">99+</span>' in page
