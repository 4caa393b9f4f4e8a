"""Who hears of experts and of single scores (specification §2.3); what a project's trace tells to whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.models.accounts import Person, PersonRole
from app.models.business import AcceptanceAttempt, Contract, Evaluation, PanelMember
from app.models.documents import Attachment, Notice, Submission
from app.models.process import Definition, HistoryEvent, ProcessInstance, TaskAudience, UserTask
from tests.integration.web_clients import NOW, OWN, PDF, TODAY, Browser, County, plan_item

OUYANG, SHANGGUAN = "欧阳博", "上官敏"
COMMENT = "造价依据不足，应逐项核减"
SIX = ("necessity", "demand", "solution", "sharing", "budget", "performance")
SCORES = {f"{key}_score": 61 for key in SIX} | {f"{key}_comment": COMMENT for key in SIX} | {"conclusion": "通过"}
OPINION_TEXT = "专家组同意通过评审"
OPINION = {"conclusion": "通过", "total": 100_000_000, "text": OPINION_TEXT, "revisions": []}
BLIND = ("jyj.wang", "jyj.li", "ruanjian.he", "gaj.wei")
"""The unit, the builder, and an authority that has no part in panels."""
SEEING = ("dsj.chen", "dsj.sun", "czj.qian")


@dataclass
class Panel:
    """A process of the own project with tasks, events and papers as the engine and the forms would leave them."""

    county: County
    process: str = "p02_review"
    instance: int = 0
    clock: datetime = NOW
    tasks: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.county.change() as session:
            definition = session.scalars(select(Definition).where(Definition.key == self.process)).one()
            row = ProcessInstance(
                definition_id=definition.id, process_key=self.process, project_id=self.project,
                unit_id=self.county.bodies["jyj"], started_at=NOW, started_by=self.who("jyj.wang"),
            )  # fmt: skip
            session.add(row)
            session.flush()
            self.instance = row.id

    @property
    def project(self) -> int:
        """The own unit's project."""
        return int(self.county["own.project_id"])

    def who(self, username: str) -> int:
        """The person's id."""
        return self.county.people[username]

    def later(self) -> datetime:
        """Return the next minute."""
        self.clock += timedelta(minutes=1)
        return self.clock

    def open(self, element: str, form: str, roles: str, *, of: str = "", shows: str = "", **inputs: Any) -> int:
        """Open a task for a role, or for a person by name."""
        of_form = select(Definition.id).where(Definition.kind == "form", Definition.key == form)
        with self.county.change() as session:
            row = UserTask(
                instance_id=self.instance, key=f"k{self.later():%d%H%M}", element_id=element, name=f"任务{element}",
                roles=roles, form_id=form, form_definition_id=session.scalars(of_form).one(), project_id=self.project,
                unit_id=self.county.bodies["jyj"], assignee_id=self.who(of) if of else None, created_at=self.clock,
                properties={"shows": shows} if shows else {}, inputs=inputs,
            )  # fmt: skip
            session.add(row)
            session.flush()
            bound = f"@{self.county.bodies['jyj']}" if roles.startswith("unit") else ""
            audience = f"p:{self.who(of)}" if of else f"r:{roles}{bound}"
            session.add(TaskAudience(task_id=row.id, audience=audience, due_at=NOW + timedelta(days=9)))
            self.tasks[f"{element}:{of or roles}"] = row.id
            return row.id

    def done(self, task_id: int, by: str, answers: dict[str, Any]) -> int:
        """Complete a task behind the engine's back; return the submission."""
        with self.county.change() as session:
            task = session.get_one(UserTask, task_id)
            task.status, task.ended_at, task.ended_by = "completed", self.later(), self.who(by)
            session.execute(delete(TaskAudience).where(TaskAudience.task_id == task_id))
            session.add(
                HistoryEvent(
                    instance_id=self.instance, project_id=self.project, at=self.clock, key=task.key,
                    element_id=task.element_id, element_type="userTask", name=task.name, event="completed",
                    actor_id=self.who(by),
                )
            )  # fmt: skip
            paper = Submission(
                task_id=task_id, instance_id=self.instance, project_id=self.project, element_id=task.element_id,
                form_id=task.form_id, form_definition_id=task.form_definition_id, answers=answers,
                by_id=self.who(by), at=self.clock,
            )  # fmt: skip
            session.add(paper)
            session.flush()
            return paper.id

    def judged(self, element: str, form: str, by: str, answers: dict[str, Any], roles: str = "expert") -> int:
        """Open a task for a person and complete it."""
        return self.done(self.open(element, form, roles, of=by), by, answers)

    def seat(self, username: str, purpose: str = "review", **more: Any) -> None:
        """Seat an expert."""
        with self.county.change() as session:
            session.add(
                PanelMember(
                    project_id=self.project, purpose=purpose, person_id=self.who(username),
                    **{"seated_on": TODAY, "round": 1} | more,
                )
            )  # fmt: skip

    def page(self, who: str, *tabs: str) -> str:
        """Return the text of the project's tabs, of the process and of what its starter waits for."""
        browser = self.county.as_(who)
        file = f"/projects/{self.county['own.project']}"
        places = [f"{file}?tab={tab}" for tab in tabs or ("tasks", "materials", "trace")]
        places += [f"/instances/{self.instance}", "/inbox?tab=started", "/notices"]
        answers = [browser.get(place) for place in places]
        assert [answer.status_code for answer in answers] == [200] * len(places), who
        return "\n".join(answer.get_data(as_text=True) for answer in answers)


def under_review(county: County) -> Panel:
    """Form a panel of two, of whom one has declared and scored."""
    with county.change() as session:
        contract = session.scalars(select(Contract).where(Contract.project_id == county["own.project_id"])).one()
        contract.supplier_id = county.bodies["ruanjian"]
    panel = Panel(county)
    listed = {"method": "随机", "experts": [{"expert": "daxue.ouyang"}, {"expert": "daxue.shangguan"}]}
    panel.judged("form_panel", "f05", "dsj.chen", listed, roles="bur_section")
    panel.seat("daxue.shangguan")  # the other one has had her seat since the county was built
    panel.judged("declare", "f05d", "daxue.ouyang", {"interest": "无", "promise": True})
    panel.judged("score", "f05e", "daxue.ouyang", SCORES)
    panel.open("score", "f05e", "expert", of="daxue.shangguan", loopCounter=2, expert="daxue.shangguan")
    return panel


# -- names before the meeting ------------------------------------------------------------------------------------------


def test_experts_stay_unnamed_until_the_panel_has_met(county: County) -> None:
    panel = under_review(county)
    for who in BLIND:
        text = panel.page(who)
        assert [name for name in (OUYANG, SHANGGUAN) if name in text] == [], who
        assert "专家 任务score" in " ".join(text.split()), who
    for who in SEEING:
        assert [name for name in (OUYANG, SHANGGUAN) if name in panel.page(who)] == [OUYANG, SHANGGUAN], who
    assert OUYANG in panel.page("daxue.ouyang"), "her own name"
    assert SHANGGUAN not in panel.page("daxue.ouyang")


def test_with_the_opinion_of_the_panel_those_who_met_may_be_named(county: County) -> None:
    panel = under_review(county)
    panel.done(panel.tasks["score:daxue.shangguan"], "daxue.shangguan", SCORES)
    panel.judged("conclude", "f05g", "daxue.ouyang", OPINION)
    for who in (*BLIND, *SEEING):
        text = panel.page(who)
        assert [name for name in (OUYANG, SHANGGUAN) if name in text] == [OUYANG, SHANGGUAN], who
        assert COMMENT not in text, who


def test_a_panel_that_is_formed_anew_is_unnamed_again(county: County) -> None:
    panel = under_review(county)
    panel.judged("conclude", "f05g", "daxue.ouyang", OPINION)
    panel.judged("form_panel", "f05", "dsj.chen", {"method": "指定"}, roles="bur_section")
    assert [name for name in (OUYANG, SHANGGUAN) if name in panel.page("jyj.wang")] == []
    panel.judged("conclude", "f05g", "daxue.shangguan", OPINION)
    assert SHANGGUAN in panel.page("jyj.wang")


def test_who_gave_up_her_seat_is_not_named_to_the_unit(county: County) -> None:
    panel = under_review(county)
    with county.change() as session:
        seat = select(PanelMember).where(PanelMember.person_id == panel.who("daxue.ouyang"))
        session.scalars(seat).one().replaced = True
    panel.judged("conclude", "f05g", "daxue.shangguan", OPINION)
    assert [name for name in (OUYANG, SHANGGUAN) if name in panel.page("jyj.wang")] == [SHANGGUAN]
    assert OUYANG in panel.page("dsj.chen")


def test_a_seat_on_the_next_panel_hides_only_what_comes_after_it(county: County) -> None:
    panel = under_review(county)
    panel.judged("conclude", "f05g", "daxue.ouyang", OPINION)
    panel.seat("daxue.ouyang", "acceptance", seated_on=TODAY + timedelta(days=30))
    coming = Panel(county, "p09_acceptance", clock=NOW + timedelta(days=31))
    coming.judged("judge", "f16e", "daxue.ouyang", {"conclusion": "通过"})
    told = trace(county, "jyj.wang")
    assert told[0] == "专家 任务judge"
    assert f"{OUYANG} 任务score" in told, "hiding it again would tell who comes to the acceptance"
    assert f"{OUYANG} 任务judge" not in " ".join(coming.page("jyj.wang", "tasks").split())
    with county.change() as session:
        session.add(AcceptanceAttempt(project_id=panel.project, number=1, applied_on=TODAY, held_on=TODAY))
    assert trace(county, "jyj.wang")[0] == f"{OUYANG} 任务judge"
    assert f"{OUYANG} 任务judge" in " ".join(coming.page("jyj.wang", "tasks").split())


@pytest.mark.parametrize("purpose", ["acceptance", "evaluation"])
def test_acceptance_and_evaluation_have_meetings_of_their_own(county: County, purpose: str) -> None:
    panel = Panel(county, {"acceptance": "p09_acceptance", "evaluation": "p14_evaluation"}[purpose])
    panel.seat("daxue.shangguan", purpose)
    panel.open("judge", {"acceptance": "f16e", "evaluation": "f25e"}[purpose], "expert", of="daxue.shangguan")
    row: AcceptanceAttempt | Evaluation
    if purpose == "acceptance":
        row = AcceptanceAttempt(project_id=panel.project, number=1, applied_on=TODAY)
    else:
        row = Evaluation(project_id=panel.project, number=1, started_on=TODAY)
    with county.change() as session:
        session.add(row)
    assert SHANGGUAN not in panel.page("jyj.wang")
    with county.change() as session:
        kept = session.get_one(type(row), row.id)
        setattr(kept, "held_on" if purpose == "acceptance" else "signed_on", TODAY)
    assert SHANGGUAN in panel.page("jyj.wang", "tasks")


def test_an_official_who_is_in_the_pool_of_experts_keeps_her_name_in_her_office(county: County) -> None:
    with county.change() as session:
        session.add(PersonRole(person_id=county.people["jyj.zhao"], role="expert", granted_at=NOW))
    panel = Panel(county)
    panel.judged("revise", "f03", "jyj.zhao", {}, roles="unit_clerk")
    assert "赵敏" in panel.page("jyj.wang", "trace")


def test_who_checks_scores_does_not_hear_of_the_panel_for_her_own_bodys_project(county: County) -> None:
    panel = under_review(county)
    assert OUYANG in panel.page("czj.qian")
    with county.change() as session:
        session.get_one(Person, panel.who("czj.qian")).organisation_id = county.bodies["jyj"]
    assert OUYANG not in panel.page("czj.qian")


def test_a_reminder_names_no_expert_and_no_expert_reminds(county: County) -> None:
    panel = under_review(county)
    revise = panel.open("revise", "f03", "unit_clerk")
    told = {}
    for who, task in (("jyj.wang", panel.tasks["score:daxue.shangguan"]), ("dsj.chen", revise)):
        assert county.as_(who).post(f"/tasks/{task}/remind", {}).status_code == 302
        told[who] = county.as_(who).get("/inbox").get_data(as_text=True)
    assert "已催办专家。" in told["jyj.wang"]
    assert SHANGGUAN not in told["jyj.wang"]
    assert "已催办王芳、赵敏。" in told["dsj.chen"]
    assert county.as_("daxue.ouyang").post(f"/tasks/{revise}/remind", {}).status_code == 404


# -- papers and files --------------------------------------------------------------------------------------------------


def test_papers_beside_a_task_keep_panels_and_single_scores_from_the_unit(county: County) -> None:
    panel = under_review(county)
    revise = panel.open("revise", "f03", "unit_clerk", shows="f05,f05d,f05e,f05g")
    draft = panel.open("draft_opinion", "f06", "bur_clerk", shows="f05,f05d,f05e,f05g")
    before = county.as_("jyj.wang").get(f"/tasks/{revise}").get_data(as_text=True)
    assert [word for word in (OUYANG, "daxue.", COMMENT, "F-05 ", "F-05d", "F-05e") if word in before] == []
    panel.judged("conclude", "f05g", "daxue.ouyang", OPINION)
    after = county.as_("jyj.wang").get(f"/tasks/{revise}").get_data(as_text=True)
    assert [word for word in (OUYANG, OPINION_TEXT, COMMENT, "F-05e", "F-05d") if word in after] == [
        OUYANG,
        OPINION_TEXT,
    ]
    bureau = county.as_("dsj.chen").get(f"/tasks/{draft}").get_data(as_text=True)
    assert [word for word in (OUYANG, OPINION_TEXT, COMMENT, "F-05e", "F-05d") if word in bureau] == [
        OUYANG,
        OPINION_TEXT,
        COMMENT,
        "F-05e",
        "F-05d",
    ]


def test_the_list_of_designated_experts_waits_for_the_acceptance_meeting(county: County) -> None:
    panel = Panel(county, "p09_acceptance")
    panel.seat("daxue.shangguan", "acceptance", designated=True)
    with county.change() as session:
        session.execute(delete(PanelMember).where(PanelMember.purpose == "review"))
        session.add(AcceptanceAttempt(project_id=panel.project, number=1, applied_on=TODAY))
    named = {"experts": [{"expert": "daxue.shangguan", "reviewed_before": "否"}], "reason": "熟悉网络安全"}
    panel.judged("designate", "f05z", "dsj.chen", named, roles="bur_section")
    meet = panel.open("meet", "f16m", "unit_clerk", shows="f05z")
    words = ("daxue.shangguan", SHANGGUAN, "熟悉网络安全")
    before = county.as_("jyj.wang").get(f"/tasks/{meet}").get_data(as_text=True)
    assert [word for word in words if word in before] == []
    with county.change() as session:
        session.scalars(select(AcceptanceAttempt)).one().held_on = TODAY
    assert "熟悉网络安全" in county.as_("jyj.wang").get(f"/tasks/{meet}").get_data(as_text=True)


def test_an_expert_sees_anothers_scores_only_after_she_has_handed_in_her_own(county: County) -> None:
    panel = under_review(county)
    own = panel.tasks["score:daxue.shangguan"]
    expert = county.as_("daxue.shangguan")
    assert COMMENT not in expert.get(f"/tasks/{own}").get_data(as_text=True), "nor as the beginning of her own form"
    with county.change() as session:
        session.get_one(UserTask, own).properties = {"shows": "f05e"}
    assert COMMENT not in expert.get(f"/tasks/{own}").get_data(as_text=True)
    panel.done(own, "daxue.shangguan", SCORES | {"necessity_comment": "必要性说明充分，可以建设"})
    lead = panel.open("conclude", "f05g", "expert", of="daxue.shangguan", shows="f05e")
    panel.judged("score", "f05e", "daxue.ouyang", SCORES)
    assert COMMENT in expert.get(f"/tasks/{lead}").get_data(as_text=True)


def test_what_an_expert_scored_before_is_hers_to_mend(county: County) -> None:
    panel = Panel(county)
    for number, (who, comment) in enumerate((("daxue.ouyang", "我的意见"), ("daxue.shangguan", "她的意见")), 1):
        own = panel.open("score", "f05e", "expert", of=who, loopCounter=number, expert=who)
        panel.done(own, who, {"necessity_comment": comment})
    again = panel.open("score", "f05e", "expert", of="daxue.ouyang", loopCounter=2, expert="daxue.ouyang")
    assert county.as_("daxue.ouyang").task_page(again)["data"]["necessity_comment"] == "我的意见"


def test_files_of_a_single_experts_form_are_not_for_the_unit(county: County) -> None:
    panel = under_review(county)
    paper = panel.judged("score", "f25e", "daxue.ouyang", {})
    upload = county["own.upload"]
    with county.change() as session:
        row = session.get_one(Attachment, upload)
        row.uploaded_by, row.project_id = panel.who("daxue.ouyang"), panel.project
        row.submission_id, row.task_id, row.name = paper, None, "个人评分表.pdf"
    expected = {"jyj.wang": 404, "ruanjian.he": 404, "dsj.chen": 200, "daxue.ouyang": 200, "czj.qian": 200}
    assert {who: county.as_(who).get(f"/attachments/{upload}").status_code for who in expected} == expected
    listed = {who: "个人评分表.pdf" in panel.page(who, "materials") for who in expected}
    assert listed == {who: status == 200 for who, status in expected.items()}


# -- an instance without project and unit ------------------------------------------------------------------------------


def test_an_instance_of_the_whole_county_is_for_its_offices(county: County) -> None:
    with county.change() as session:
        definition = session.scalars(select(Definition).where(Definition.key == "p01_annual_plan")).one()
        row = ProcessInstance(definition_id=definition.id, process_key="p01_annual_plan", started_at=NOW)
        session.add(row)
        session.flush()
        instance = row.id
    expected = {
        "dsj.chen": 200, "czj.qian": 200, "fgw.gao": 200, "jyj.wang": 200,
        "daxue.ouyang": 404, "ruanjian.he": 404, "dsj.zhen": 404, "dsj.tu": 404,
    }  # fmt: skip
    assert {who: county.as_(who).get(f"/instances/{instance}").status_code for who in expected} == expected


# -- what was typed into a task that somebody else has done ------------------------------------------------------------


def filing(county: County, **other: Any) -> dict[str, Any]:
    """Return good answers to the own unit's open F-02."""
    return plan_item("校园安防改造", 300, system="XX-JYJ-001", report=county["own.upload"]) | other


def test_what_was_typed_in_vain_is_shown_to_who_typed_it(county: County) -> None:
    slow, quick, task = county.as_("jyj.zhao"), county.as_("jyj.wang"), county["own.task"]
    assert quick.complete(task, filing(county)).status_code == 200
    typed = filing(county, name="校园一卡通改造", total=12, basis="另一份依据")
    assert slow.complete(task, typed).status_code == 409
    assert slow.post(f"/tasks/{task}/draft", json={"values": typed}).status_code == 200
    answer = slow.get(f"/tasks/{task}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    shown = ("您填写的内容（未提交）", "校园一卡通改造", "另一份依据", "12.00 万元", "2026-10-09")
    assert [word for word in shown if word not in text] == []
    assert "<input" not in text.partition("您填写的内容（未提交）")[2].partition("</section>")[0], "read-only"
    for who in ("jyj.wang", "jyj.li", "dsj.chen"):
        assert "校园一卡通改造" not in county.as_(who).get(f"/tasks/{task}").get_data(as_text=True), who


def test_without_a_draft_the_page_says_only_who_has_done_it(county: County) -> None:
    slow, task = county.as_("jyj.zhao"), county["own.task"]
    assert county.as_("jyj.wang").complete(task, filing(county)).status_code == 200
    answer = slow.get(f"/tasks/{task}")
    assert (answer.status_code, "您填写的内容" in answer.get_data(as_text=True)) == (409, False)


def test_a_draft_of_nonsense_is_shown_as_it_was_typed(county: County) -> None:
    slow, task = county.as_("jyj.zhao"), county["own.task"]
    typed = {"name": ["x"], "total": 1e300, "fy_amount": "许多", "source": "无", "assessed_on": "去年",
             "assess_report": [{"id": 1}, "../../etc"], "uses_cloud": {"a": None}, "nix": 3}  # fmt: skip
    assert slow.post(f"/tasks/{task}/draft", json={"values": typed}).status_code == 200
    assert county.as_("jyj.wang").complete(task, filing(county)).status_code == 200
    answer = slow.get(f"/tasks/{task}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert [word for word in ("1e+300", "许多", "去年") if word not in text] == []
    assert "/attachments/" not in text


# -- too much at once --------------------------------------------------------------------------------------------------


def test_the_sentence_names_the_limit_that_was_passed(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    much = b'{"values":{"name":"' + b"x" * (5 * 1024 * 1024) + b'"}}'
    json = {"Accept": "application/json"}
    answer = clerk.post(f"/tasks/{task}/complete", data=much, content_type="application/json", headers=json)
    assert (answer.status_code, answer.get_json()) == (
        413,
        {"title": "内容太多", "message": "填写的内容合计不超过 4 MB，请删减，或者改成附件上传。"},
    )
    for size, sentence in ((4, "单个文件不超过 2 MB，请分卷或压缩后再传。"), (2.5, "文件太大，单个不超过 2 MB。")):
        told = clerk.upload(task, "大.pdf", PDF.ljust(int(size * 1024 * 1024), b"x"), headers=json)
        assert (told.status_code, told.get_json()["title"], told.get_json()["message"]) == (413, "文件太大", sentence)
    roomy = Browser(county.app_with(upload_limit=100 * 1024 * 1024))
    roomy.enter("jyj.wang")
    told = roomy.upload(task, "大.pdf", PDF.ljust(102 * 1024 * 1024, b"x"), headers=json)
    assert (told.status_code, told.get_json()["message"]) == (413, "单个文件不超过 100 MB，请分卷或压缩后再传。")


def test_a_form_may_be_as_large_as_the_sentence_says(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    assert clerk.post(f"/tasks/{task}/draft", json={"values": {"name": "旧"}}).status_code == 200
    for size, status in ((3 * 1024 * 1024, 200), (5 * 1024 * 1024, 413)):
        mine = '{"name": "' + "x" * size + '"}'
        assert clerk.post(f"/tasks/{task}/draft/compare", {"mine": mine}).status_code == status


# -- the trace ---------------------------------------------------------------------------------------------------------


def event(panel: Panel, kind: str, name: str, happened: str, at: datetime) -> HistoryEvent:
    """Return a record of the engine about an element that its diagram draws."""
    with panel.county.look() as session:
        source = session.scalars(select(Definition.source).where(Definition.key == panel.process)).one()
    element = _element(source, name)
    return HistoryEvent(
        instance_id=panel.instance, project_id=panel.project, at=at, key=element, element_id=element,
        element_type=kind, name=name, event=happened,
    )  # fmt: skip


def overdue(county: County) -> Panel:
    """Leave the traces of one reminder, of a deadline that passed, of a task withdrawn, and of one done."""
    panel = Panel(county, "p09_acceptance")
    panel.judged("apply", "f16a", "jyj.wang", {}, roles="unit_clerk")
    gone = panel.open("meet", "f16m", "unit_lead")
    at = panel.later()
    with county.change() as session:
        task = session.get_one(UserTask, gone)
        task.status, task.ended_at = "cancelled", panel.later()
        session.execute(delete(TaskAudience).where(TaskAudience.task_id == gone))
        session.add_all(
            [
                event(panel, "boundaryEvent", "验收提醒", "fired", at),
                event(panel, "serviceTask", "发送验收提醒", "completed", at),
                event(panel, "endEvent", "已提醒", "completed", at),
                event(panel, "boundaryEvent", "逾期未验收", "fired", panel.later()),
                event(panel, "endEvent", "停止安排资金", "completed", panel.later()),
            ]
        )
        session.add_all(
            Notice(
                person_id=county.people[who], project_id=panel.project, message=REMINDER, dedupe_key="acceptance:1",
                values={"unit": "县教育局", "project": OWN, "due": "2026-11-30"}, created_at=at,
            )
            for who in ("jyj.wang", "jyj.zhao", "jyj.li")
        )  # fmt: skip
    return panel


REMINDER = "%(unit)s“%(project)s”应于 %(due)s 前组织验收（第二十条）。"
STORY = (
    "停止安排资金",
    "逾期未验收",
    "已撤销：任务meet",
    f"系统提醒：县教育局“{OWN}”应于 2026-11-30 前组织验收（第二十条）。发给 3 人",
    "王芳 任务apply",
)


def _element(source: str, name: str) -> str:
    at = source.index(f'name="{name}"')
    return source[source.rindex('id="', 0, at) + 4 :].partition('"')[0]


def trace(county: County, who: str, more: str = "") -> list[str]:
    """Return the lines of the project's trace as a person reads them."""
    text = county.as_(who).get(f"/projects/{county['own.project']}?tab=trace{more}").get_data(as_text=True)
    listed = text.partition('<ol class="trace')[2].partition("</ol>")[0]
    return [" ".join(_plain(one.partition("</time>")[2]).split()) for one in listed.split("<li")[1:]]


def _plain(text: str) -> str:
    return "".join(part.partition(">")[2] if ">" in part else part for part in text.split("<"))


def test_one_reminder_is_one_line_and_only_what_people_want_is_told(county: County) -> None:
    overdue(county)
    for who in ("jyj.wang", "dsj.chen", "czj.qian"):
        assert tuple(trace(county, who)[:5]) == STORY, who
        assert [line for line in trace(county, who) if "已提醒" in line or line == "发送验收提醒"] == [], who


def test_the_bureau_may_read_what_the_engine_recorded(county: County) -> None:
    overdue(county)
    recorded = trace(county, "dsj.chen", "&all=1")
    for line in (
        "验收提醒（附着事件，触发；项目验收）",
        "发送验收提醒（系统办理，完成；项目验收）",
        "已提醒（结束，完成；项目验收）",
        "王芳 任务apply（人工任务，完成；项目验收）",
    ):
        assert line in recorded
    for who in ("jyj.wang", "czj.qian"):
        assert tuple(trace(county, who, "&all=1")[:5]) == STORY, who
    page = f"/projects/{county['own.project']}?tab=trace"
    offered = {who: "全部记录" in county.as_(who).get(page).get_data(as_text=True) for who in ("dsj.chen", "jyj.wang")}
    assert offered == {"dsj.chen": True, "jyj.wang": False}


def test_the_task_page_tells_a_repeated_reminder_once(county: County) -> None:
    panel = Panel(county)
    task = panel.open("revise", "f03", "unit_clerk")
    with county.change() as session:
        session.add_all(
            Notice(
                person_id=county.people["jyj.wang"], project_id=panel.project, message=REMINDER,
                values={"unit": "县教育局", "project": OWN, "due": "2026-11-30"}, dedupe_key=f"weekly:{week}",
                created_at=NOW + timedelta(days=week),
            )
            for week in range(9)
        )  # fmt: skip
    text = county.as_("jyj.wang").get(f"/tasks/{task}").get_data(as_text=True)
    assert text.count("应于 2026-11-30 前组织验收") == 1
    assert len([line for line in trace(county, "jyj.wang") if "应于 2026-11-30 前组织验收" in line]) == 9
