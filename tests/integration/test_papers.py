"""Papers are written and numbered in the transaction of their signature and stay as they were signed."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import docx
import pytest
from sqlalchemy import func, select, text

from app.clock import SHANGHAI
from app.domain.papers import KINDS, LAYOUTS, Content
from app.domain.papers import content as contents
from app.errors import NotFound, NotPermitted, Refused, RegulationViolation
from app.form_schema import Row
from app.models.business import LibraryEntry, Opinion, Order, Project, Serial, SharingScore
from app.models.documents import AuditEvent, Draft
from app.models.papers import Paper, PaperMark, PaperTemplate
from app.models.process import UserTask
from app.services import definitions, papers
from app.services.papers import issue, previews, templates, voiding, word
from app.services.task_forms import Paper as HandedIn
from app.settings import ROOT
from app.unit_of_work import Database
from app.web import form_sheets
from tests.integration.county import DECISION, HEARD, ITEM, WAN, County
from tests.integration.desk import county, gates_of, session, to_the_contract, to_the_library

__all__ = ["county", "session"]

ADDRESS = "https://xiuwu.example/papers/1"


def paper(county: County, kind: str) -> Paper:
    found = county.session.scalars(select(Paper).where(Paper.kind == kind).order_by(Paper.id.desc())).first()
    assert found is not None, kind
    return found


def said(row: Paper, *, prices: bool = True) -> list[str]:
    return contents.text_of(issue.content_of(row), prices=prices)


def value(row: Paper, key: str) -> str:
    return contents.written(row.content["values"][key])


def to_a_failed_acceptance(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.wait(60)
    county.complete(county.today)
    county.fill(
        "bur_share", "f23", {"name": "产业园台账", "platform_no": "PT-1", "update_cycle": "月"}, records="platform_no"
    )
    county.accept("不合格")


def test_each_signature_leaves_its_paper_with_its_number(county: County) -> None:
    to_a_failed_acceptance(county)
    rows = county.session.execute(select(Paper.kind, Paper.number, Paper.revision).order_by(Paper.id)).all()
    assert [tuple(row) for row in rows] == [
        ("D-01", "修数报〔2025〕1号", 1),
        ("D-03", "", 1),
        ("D-02", "修数审〔2025〕1号", 1),
        ("D-04", "修数函〔2026〕1号", 1),
        ("D-06", "修数核〔2026〕1号", 1),
        ("D-10", "修数验〔2026〕1号", 1),
        ("D-11", "", 1),
    ]
    opinions = set(county.session.scalars(select(Opinion.doc_no).where(Opinion.doc_no != "")))
    numbered = {number for kind, number, _revision in rows if kind in {"D-02", "D-04", "D-06", "D-10"}}
    assert numbered == opinions
    for row in county.session.scalars(select(Paper)):
        assert papers.verify(row).intact
        event = county.session.scalars(
            select(AuditEvent).where(AuditEvent.act == "sign_paper", AuditEvent.subject_id == str(row.id))
        ).one()
        assert event.detail["sha256"] == row.content_sha256


def test_the_plan_lists_its_items_with_sums_per_unit_and_path(county: County) -> None:
    county.plan()
    row = paper(county, "D-01")
    assert (row.project_id, row.title) == (None, "关于报请审定2026年度政务信息化项目计划的请示")
    part = next(one for one in LAYOUTS["D-01"] if one.kind == "table")
    cells = contents.rows(issue.content_of(row), part)
    assert [column.label for column in part.columns] == [
        "序号", "项目名称", "项目单位", "性质", "资金形式", "主要内容", "估算总投资", "本年需求", "资金来源",
        "建设周期", "是否上云", "初审建议", "备注",
    ]  # fmt: skip
    assert cells[0] == [
        "1", "智慧农业产业园数据平台", "修武县农业农村局", "新建", "政府投资",
        "建设数据平台，汇聚产业园数据，支撑监管和服务。", "233.00", "233.00", "县级 233.00", "12个月", "是",
        "纳入", "—",
    ]  # fmt: skip
    assert [(row[1], row[6], row[7]) for row in cells[1:]] == [
        ("政府投资类小计（1个）", "233.00", "233.00"),
        ("合计（1个）", "233.00", "233.00"),
    ]
    assert cells[-1][0] == cells[-1][5] == ""


def test_the_review_opinion_says_what_was_signed(county: County) -> None:
    to_the_library(county)
    row = paper(county, "D-02")
    assert {key: value(row, key) for key in ("requested", "reviewed", "cut", "conclusion", "nature")} == {
        "requested": "233.00", "reviewed": "233.00", "cut": "0.00", "conclusion": "通过", "nature": "新建",
    }  # fmt: skip
    assert row.content["issuer"] == "修武县政务服务和大数据管理局"
    assert row.content["addressee"] == "修武县农业农村局"
    assert [(one["content"], one["score"], one["opinion"]) for one in row.content["values"]["contents"]] == [
        (name, "88.0", "符合要求")
        for name in ("必要性", "需求合理性", "建设方案", "资源共享方案", "项目预算", "绩效目标")
    ]
    assert [(one["role"], one["name"]) for one in row.content["values"]["signatures"]] == [
        ("拟稿", "bur_clerk"),
        ("签发", "bur_head"),
    ]


def test_the_panels_sheet_tells_no_single_score(county: County) -> None:
    county.plan()
    county.wait(40)
    county.review()
    row = paper(county, "D-03")
    assert [one["score"] for one in row.content["values"]["contents"]] == ["88.0"] * 6
    assert row.content["values"]["contents"][0]["opinion"] == "内容完整，理由充分，同意。"
    assert [(one["role"], one["name"]) for one in row.content["values"]["members"]] == [
        ("组长", "expert0"),
        ("成员", "expert1"),
        ("成员", "expert2"),
    ]
    assert row.content["names"] == ["expert0", "expert1", "expert2"]


def test_the_acceptance_paper_marks_the_designated_expert_and_lists_what_to_mend(county: County) -> None:
    to_a_failed_acceptance(county)
    row = paper(county, "D-11")
    assert value(row, "conclusion") == "不合格"
    assert value(row, "consent_no") == "修数验〔2026〕1号"
    assert row.content["values"]["members"] == [
        {"name": "expert4", "org": "省信息中心", "role": "★ 指派专家", "signed": "已签到"}
    ]
    assert [(one["problem"], one["requirement"]) for one in row.content["values"]["items"]] == [
        (f"问题{n}", "改正") for n in (1, 2, 3)
    ]
    assert "2026年5月9日" in said(row)[-4]
    consent = paper(county, "D-10")
    assert "expert4" not in "".join(said(consent))


def test_a_signed_paper_stays_as_it_was_signed(county: County) -> None:
    to_the_library(county)
    row = paper(county, "D-02")
    before, mark = said(row), row.content_sha256
    project = county.session.get_one(Project, row.project_id)
    project.name, project.total_fen = "另一个名字", 1
    opinion = county.session.scalars(select(Opinion).where(Opinion.doc_no == row.number)).one()
    opinion.text = "改写"
    county.session.flush()
    county.session.expire(row)
    assert (said(row), row.content_sha256, papers.verify(row).intact) == (before, mark, True)


def test_a_content_that_was_changed_behind_the_applications_back_is_found(county: County) -> None:
    to_the_library(county)
    row = paper(county, "D-02")
    forged = dict(row.content) | {"title": "不予通过"}
    row.content = forged
    county.session.flush()
    county.session.expire(row)
    assert not papers.verify(row).intact


def test_a_refused_signature_takes_no_number_and_writes_no_paper(county: County) -> None:
    county.plan()
    count = county.scalar(select(func.count(Paper.id)).scalar_subquery())
    with pytest.raises(RegulationViolation):
        county.sign("bur_head", "f06")
    assert county.scalar(select(func.count(Paper.id)).scalar_subquery()) == count
    assert county.session.scalars(select(Serial.last).where(Serial.kind == "review")).all() == []


def test_what_is_returned_makes_no_paper(county: County) -> None:
    county.fill("unit_clerk", "f02", ITEM)
    county.sign("unit_head", "f02")
    county.fill("bur_section", "f02s", {"rank": 1, "bureau_suggestion": "纳入"})
    county.sign("bur_head", "f02s", "退回")
    assert county.scalar(select(func.count(Paper.id)).scalar_subquery()) == 0


def test_a_voided_number_stays_and_the_opinion_loses_its_effect(county: County) -> None:
    to_the_library(county)
    county.fill("unit_clerk", "f07", {"approval_type": "可研", "requested_total": WAN})
    row = paper(county, "D-02")
    section, head = county.actors["bur_section"], county.actors["bur_head"]
    with pytest.raises(Refused, match="作废理由"):
        papers.ask_void(county.session, row.id, reason="错", by=section, now=county.now)
    with pytest.raises(NotPermitted):
        papers.ask_void(county.session, row.id, reason="总投资写错一位", by=county.actors["unit_clerk"], now=county.now)
    papers.ask_void(county.session, row.id, reason="总投资写错一位", by=section, now=county.now)
    with pytest.raises(Refused, match="已有人提出作废"):
        papers.ask_void(county.session, row.id, reason="总投资写错一位", by=section, now=county.now)
    with pytest.raises(NotPermitted):
        papers.decide_void(county.session, row.id, agreed=True, by=section, now=county.now)
    papers.decide_void(county.session, row.id, agreed=True, by=head, now=county.now)
    assert papers.void_of(county.session, row.id) is not None
    assert county.session.scalars(select(Paper.number).where(Paper.id == row.id)).one() == "修数审〔2025〕1号"
    assert gates_of(county.refused("drc_clerk", "f08", DECISION | {"decided_on": county.today}))[0] == "G-13"
    with pytest.raises(Refused, match="已作废"):
        papers.reissue(county.session, row.id, note="再发", by=head, now=county.now)
    with pytest.raises(Refused, match="已作废"):
        papers.ask_void(county.session, row.id, reason="总投资写错一位", by=section, now=county.now)


def test_who_asked_does_not_decide(county: County) -> None:
    to_the_library(county)
    row = paper(county, "D-02")
    both = county.actors["bur_head"]
    both = type(both)(
        both.id, both.username, both.name, both.organisation_id, both.organisation_kind,
        frozenset({"bur_section", "bur_head"}),
    )  # fmt: skip
    papers.ask_void(county.session, row.id, reason="总投资写错一位", by=both, now=county.now)
    with pytest.raises(NotPermitted, match="不能自己决定"):
        papers.decide_void(county.session, row.id, agreed=True, by=both, now=county.now)
    assert papers.void_of(county.session, row.id) is None
    other = county.actors["bur_head"]
    other = type(other)(
        county.actors["bur_insp"].id, "bur_insp", "bur_insp", both.organisation_id, "bureau", frozenset({"bur_head"})
    )
    papers.decide_void(county.session, row.id, agreed=False, by=other, now=county.now)
    marks = county.session.scalars(select(PaperMark.act).order_by(PaperMark.id)).all()
    assert list(marks) == ["void_asked", "void_refused"]
    assert papers.void_of(county.session, row.id) is None


def void(county: County, row: Paper, *, asks: str, decides: str) -> Paper:
    papers.ask_void(county.session, row.id, reason="文号用错年份", by=county.actors[asks], now=county.now)
    papers.decide_void(county.session, row.id, agreed=True, by=county.actors[decides], now=county.now)
    return county.session.scalars(select(Paper).where(Paper.supersedes_id == row.id)).one()


def test_a_voided_paper_of_facts_is_issued_again_under_the_next_number(county: County) -> None:
    to_the_contract(county)
    answers = {
        "items": [{"fact": "接口未接入", "requirement": "接入"}], "basis": "第三十一条",
        "limit": county.today + timedelta(days=20),
    }  # fmt: skip
    county.fill("bur_insp", "f21i", {"violation": True, "findings": [{"fact": "接口未接入", "basis": "第二十八条"}]})
    county.fill("bur_head", "f31", answers)
    year = county.today.year
    order = paper(county, "D-13")
    assert order.number == f"修数改〔{year}〕1号"
    assert order.content["values"]["basis"] == ["第三十一条"]
    anew = void(county, order, asks="bur_insp", decides="bur_head")
    assert (anew.number, anew.revision, anew.note) == (
        f"修数改〔{year}〕2号", 2, f"修数改〔{year}〕1号作废：文号用错年份",
    )  # fmt: skip
    assert anew.content["values"]["items"] == order.content["values"]["items"]
    assert county.session.scalars(select(Order.doc_no)).all() == [f"修数改〔{year}〕2号"]
    assert papers.void_of(county.session, order.id) is not None
    assert papers.void_of(county.session, anew.id) is None
    plan = void(county, paper(county, "D-01"), asks="bur_clerk", decides="bur_head")
    assert plan.number == f"修数报〔{year}〕1号"
    assert contents.rows(issue.content_of(plan), LAYOUTS["D-01"][-1])[0][1] == "智慧农业产业园数据平台"


def test_finance_voids_its_own_paper_and_the_bureau_does_not(county: County) -> None:
    assert [kind for kind in KINDS if voiding.may_ask(kind, frozenset({"fin_perf"}))] == ["D-05"]
    assert [kind for kind in KINDS if voiding.may_decide(kind, frozenset({"fin_head"}))] == ["D-05"]
    assert [kind for kind in KINDS if voiding.may_ask(kind, frozenset({"bur_section"}))] == [
        kind for kind, known in KINDS.items() if known.number and kind != "D-05"
    ]
    to_the_library(county)
    row = paper(county, "D-02")
    with pytest.raises(NotPermitted):
        papers.ask_void(county.session, row.id, reason="文号用错年份", by=county.actors["fin_perf"], now=county.now)
    assert county.session.scalars(select(PaperMark)).all() == []


def test_a_void_paper_says_so_above_every_page_in_word(county: County) -> None:
    county.plan()
    row = paper(county, "D-01")
    source = templates.source_of(county.session, row.kind, row.template_id)
    document = docx.Document(io.BytesIO(word.render(source, issue.content_of(row), mark="作废")))
    assert [[p.text for p in section.header.paragraphs][-1] for section in document.sections] == ["作废", "作废"]


def test_a_paper_without_a_number_is_corrected_not_voided(county: County) -> None:
    to_a_failed_acceptance(county)
    with pytest.raises(Refused, match="更正"):
        papers.ask_void(
            county.session, paper(county, "D-11").id, reason="验收时间写错", by=county.actors["bur_section"],
            now=county.now,
        )  # fmt: skip


def test_a_reissue_keeps_number_and_first_print_and_says_why(county: County) -> None:
    to_the_library(county)
    first = paper(county, "D-02")
    before = said(first)
    opinion = county.session.scalars(select(Opinion).where(Opinion.doc_no == first.number)).one()
    opinion.reviewed_total_fen = 230 * WAN
    head = county.actors["bur_head"]
    with pytest.raises(Refused, match="注明理由"):
        papers.reissue(county.session, first.id, note=" ", by=head, now=county.now)
    second = papers.reissue(county.session, first.id, note="更正审定总投资", by=head, now=county.now)
    assert (second.number, second.revision, second.supersedes_id) == (first.number, 2, first.id)
    assert (value(second, "reviewed"), value(second, "cut"), second.content["note"]) == (
        "230.00", "3.00", "更正审定总投资",
    )  # fmt: skip
    assert said(first) == before
    with pytest.raises(Refused, match="已重新印发"):
        papers.reissue(county.session, first.id, note="再次", by=head, now=county.now)
    with pytest.raises(NotFound):
        papers.reissue(county.session, 9999, note="无此文书", by=head, now=county.now)
    assert county.session.scalars(select(Serial.last).where(Serial.kind == "review")).one() == 1


def test_every_paper_opens_in_word_and_says_the_same(county: County) -> None:
    to_a_failed_acceptance(county)
    for row in county.session.scalars(select(Paper)):
        content = issue.content_of(row)
        source = templates.source_of(county.session, row.kind, row.template_id)
        document = docx.Document(io.BytesIO(word.render(source, content, address=ADDRESS)))
        found = "\n".join(
            [paragraph.text for paragraph in document.paragraphs]
            + [cell.text for table in document.tables for line in table.rows for cell in line.cells]
        )
        missing = [line for line in contents.text_of(content) if line not in found]
        assert (row.kind, missing) == (row.kind, [])
        assert "{{" not in found
        assert "None" not in found
        assert len(document.inline_shapes) == 1


def test_a_reader_without_prices_finds_none_in_any_form(county: County) -> None:
    to_a_failed_acceptance(county)
    for row in county.session.scalars(select(Paper)):
        content = issue.content_of(row)
        told = "\n".join(contents.text_of(content, prices=False))
        source = templates.source_of(county.session, row.kind, row.template_id)
        document = docx.Document(io.BytesIO(word.render(source, content, prices=False)))
        told += "\n".join(cell.text for table in document.tables for line in table.rows for cell in line.cells)
        assert "233.00" not in told
        assert "226.30" not in told
    assert "——" in "".join(said(paper(county, "D-02"), prices=False))


def test_the_template_of_a_signed_paper_is_kept_and_entered_once(county: County) -> None:
    to_the_contract(county)
    rows = county.session.execute(select(PaperTemplate.kind, PaperTemplate.version, PaperTemplate.shipped)).all()
    assert sorted(tuple(row) for row in rows) == [(kind, 1, True) for kind in ("D-01", "D-02", "D-03", "D-04", "D-06")]
    assert (
        templates.source_of(county.session, "D-02", paper(county, "D-02").template_id) == templates.shipped("D-02")[0]
    )


def test_history_tables_refuse_change(database: Database) -> None:
    with database.unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO paper_template (id, kind, version, name, source, sha256, shipped, uploaded_at, reason) "
                "VALUES (1, 'D-02', 1, 'a', '', '', true, '2026-01-01 00:00:00', '')"
            )
        )
    for statement in ("UPDATE paper_template SET name = 'b'", "DELETE FROM paper_template"):
        with pytest.raises(Exception, match="append-only"), database.unit_of_work() as session:
            session.execute(text(statement))


def test_every_kind_has_a_layout_and_a_template_that_can_be_written() -> None:
    assert set(LAYOUTS) == set(KINDS) == {f"D-{number:02d}" for number in range(1, 22)}
    for kind in KINDS:
        word.check(templates.shipped(kind)[0], kind)
    assert len(LAYOUTS["D-19"][1].columns) == 30


# -- previews ----------------------------------------------------------------------------------------------------------


def preview(
    county: County, who: str, form_id: str, draft: dict[str, object] | None = None, **properties: str
) -> Content:
    """Return the paper as a task would show it to somebody; `draft` is what she has typed and saved."""
    task = UserTask(
        instance_id=county.instance.id, key=f"preview-{form_id}-{who}-{len(properties)}", element_id="e", name=form_id,
        form_id=form_id, project_id=county.project.id, created_at=county.now, properties=dict(properties), inputs={},
    )  # fmt: skip
    county.session.add(task)
    county.session.flush()
    if draft is not None:
        source = (ROOT / "forms" / f"{form_id}.form").read_bytes()
        published = definitions.publish(county.session, source, kind="form", now=county.now, by=None, shipped=True)
        county.session.add(
            Draft(
                task_id=task.id, person_id=county.actors[who].id, form_definition_id=published.definition.id,
                values=draft, saved_at=county.now,
            )
        )  # fmt: skip
        county.session.flush()
    found = previews.of_task(county.session, task.id, by=county.actors[who], now=county.now)
    assert found is not None
    return found


def test_who_signs_sees_the_paper_that_the_signature_makes(county: County) -> None:
    to_the_library(county)
    county.fill("unit_clerk", "f07", {"approval_type": "可研", "requested_total": WAN})
    county.fill("drc_clerk", "f08a", {"result": "可行"})
    county.fill(
        "bur_section", "f08i", {"conclusion": "有条件", "text": "同意建设。", "conditions": [{"content": "接入平台"}]}
    )
    count = county.scalar(select(func.count(Opinion.id)).scalar_subquery())
    shown = preview(county, "bur_head", "f00s", signs="f08i")
    assert (shown.number, shown.issued_on) == (previews.AT_SIGNING, "")
    assert county.scalar(select(func.count(Opinion.id)).scalar_subquery()) == count
    county.sign("bur_head", "f08i")
    signed = issue.content_of(paper(county, "D-04"))
    assert [one["name"] for one in shown.values["signatures"]] == ["bur_section"]
    for key in ("conclusion", "text", "conditions", "body", "project_name"):
        assert shown.values[key] == signed.values[key], key


def test_who_drafts_sees_what_she_has_typed_whatever_it_is(county: County) -> None:
    county.plan()
    county.wait(40)
    typed = {"conclusion": "通过", "reviewed_total": 220.5, "text": "同意。\n分期实施。"}
    shown = preview(county, "bur_clerk", "f06", typed | {"cuts": [{"item": "硬件", "amount": 12.5}]})
    said_ = contents.text_of(shown)
    assert {"220.50", "12.50", "通过", "同意。", "分期实施。"} <= set(said_)
    broken = preview(county, "bur_insp", "f31", {"items": "x", "limit": "明天", "basis": 7})
    assert broken.title == "整改通知书"
    odd = preview(county, "fin_perf", "f09r", {"approved": -5, "requested": "很多"})
    assert contents.written(odd.values["capital"]) == "零元整"
    empty = preview(county, "unit_lead", "f14", {})
    assert contents.written(empty.values["before_total"]) == "233.00"
    assert county.scalar(select(func.count(Paper.id)).scalar_subquery()) == 1


def test_every_draft_can_be_shown_before_anything_is_typed(county: County) -> None:
    to_a_failed_acceptance(county)
    for form_id, (kind, _make) in previews.DRAFTS.items():
        if form_id in previews.ONLY_SIGNED:
            continue
        shown = preview(county, "bur_section", form_id, {})
        assert shown.kind == kind
        assert "None" not in "".join(contents.text_of(shown))


def test_a_task_that_makes_no_paper_shows_none(county: County) -> None:
    county.plan()
    task = UserTask(
        instance_id=county.instance.id, key="x", element_id="e", name="f03", form_id="f03",
        project_id=county.project.id, created_at=county.now, properties={}, inputs={},
    )  # fmt: skip
    county.session.add(task)
    county.session.flush()
    assert previews.of_task(county.session, task.id, by=county.actors["unit_clerk"], now=county.now) is None
    assert previews.of_task(county.session, 9999, by=county.actors["unit_clerk"], now=county.now) is None


# -- the papers of later stages ----------------------------------------------------------------------------------------


def test_a_change_is_printed_with_each_opinion_as_it_comes(county: County) -> None:
    to_the_contract(county)
    county.build()
    change = {
        "type": ["投资"], "before": "三类接口", "after": "五类接口", "delta": 18_500_000, "reason": "新增需求",
        "new_total": 251_500_000, "fund_source": "县级",
    }  # fmt: skip
    county.fill("unit_lead", "f14", change)
    county.fill("sup_eng", "f00s", {"result": "同意", "opinion": "属实。"}, records="supervisor_opinion")
    county.sign("unit_head", "f14")
    assert county.session.scalars(select(Paper).where(Paper.kind == "D-09")).all() == []
    county.sign("bur_section", "f14")
    assert preview(county, "bur_head", "f00s", signs="f14").values["number_of"] == "第1次变更"
    county.sign("bur_head", "f14")
    first = paper(county, "D-09")
    assert (first.number, value(first, "conclusion"), value(first, "delta"), value(first, "percent")) == (
        "修数变〔2026〕1号", "同意", "+18.50", "+7.94%",
    )  # fmt: skip
    assert (value(first, "before_total"), value(first, "after_total")) == ("233.00", "251.50")
    assert [(one["who"], one["opinion"]) for one in first.content["values"]["opinions"]] == [
        ("监理单位", "同意：属实。"), ("主管部门", "同意：已阅。"), ("发展改革部门", "—"), ("财政部门", "—"),
    ]  # fmt: skip
    county.fill("drc_head", "f00s", {"result": "同意", "opinion": "同意概算。"}, records="approved_estimate")
    second = paper(county, "D-09")
    assert (second.revision, second.supersedes_id, second.number) == (2, first.id, first.number)
    assert second.content["values"]["opinions"][2]["opinion"] == "同意：同意概算。"
    assert first.content["values"]["opinions"][2]["opinion"] == "—"


def test_an_evaluation_an_order_and_a_measure_are_printed(county: County) -> None:
    to_the_contract(county)
    county.operate()
    county.wait(370)
    county.evaluate(60, 40)
    result = paper(county, "D-12")
    assert (value(result, "total"), value(result, "band"), value(result, "conclusion")) == ("54.00分", "差", "未达标")
    assert [(p["part"], p["weight"], p["mean"], p["score"]) for p in result.content["values"]["parts"]] == [
        ("项目运行", "30", "60.00", "18.00"), ("数据共享", "30", "40.00", "12.00"),
        ("目标绩效", "40", "60.00", "24.00"),
    ]  # fmt: skip
    assert [one["name"] for one in result.content["values"]["signatures"]] == ["bur_head", "fin_head"]
    items = [{"fact": "擅自改设存储", "requirement": "恢复原设计"}]
    limit = county.today + timedelta(days=20)
    county.fill("bur_head", "f31", {"items": items, "basis": "第四条", "limit": limit})
    order = paper(county, "D-13")
    assert [(one["fact"], one["requirement"]) for one in order.content["values"]["items"]] == [
        ("擅自改设存储", "恢复原设计")
    ]
    assert order.number == f"修数改〔{county.today.year}〕1号"
    county.wait(60)
    county.fill("bur_insp", "f26", {"kind": "通报批评", "facts": "逾期未改。"})
    county.fill("unit_lead", "f26s", HEARD)
    county.sign("bur_head", "f26")
    measure = paper(county, "D-14")
    assert (measure.title, measure.number) == ("关于通报批评的决定", f"修数措〔{county.today.year}〕1号")
    assert "statement" in measure.content["values"]
    assert measure.content["values"]["statement"] == []
    assert order.number in "".join(said(measure))


def test_a_service_gets_its_amount_in_capitals(county: County) -> None:
    county.plan(nature="购买服务", funding_form="购买服务", total=36 * WAN, fy_amount=36 * WAN,
                source=[{"kind": "县级", "amount": 36 * WAN}])  # fmt: skip
    county.wait(40)
    lines = [{"category": "软件", "name": "服务", "quantity": 1, "unit_price": 36 * WAN, "amount": 36 * WAN}]
    county.review(budget_lines=lines)
    asked = {"requested": 36 * WAN, "years": 1, "price_basis": "三家询价", "benchmark": "省均价", "reason": "合理"}
    county.fill("unit_clerk", "f09r", asked)
    county.fill("fin_perf", "f09r", asked | {"approved": 35_123_456}, records="service_review")
    county.sign("fin_head", "f09r")
    row = paper(county, "D-05")
    assert (value(row, "approved"), value(row, "capital"), value(row, "cut")) == (
        "35.12", "叁拾伍万壹仟贰佰叁拾肆元伍角陆分", "0.88",
    )  # fmt: skip
    assert row.content["issuer"] == "修武县财政局"
    assert row.number.startswith("修财审〔")


def test_the_lists_of_a_year_are_signed_as_papers(county: County) -> None:
    to_the_library(county)
    entry = county.session.scalars(select(LibraryEntry)).one()
    entry.status, entry.removed_on, entry.closed_fys = "剔除", date(county.today.year + 1, 1, 1), [2026, 2027, 2028]
    county.today = date(county.today.year + 1, 1, 4)
    county.fill("bur_clerk", "f00c", {"result": "补正"}, records="library_list")
    assert county.session.scalars(select(Paper).where(Paper.kind == "D-16")).all() == []
    county.fill("bur_clerk", "f00c", {"result": "属实"}, records="library_list")
    row = paper(county, "D-16")
    assert (row.number, row.title, row.project_id) == ("修数库〔2026〕1号", "2025年度剔除出库清单", None)
    assert [(one["no"], one["years"], one["place"]) for one in row.content["values"]["items"]] == [
        ("XWXX-2026-T-001", "2026、2027、2028", "1")
    ]
    project = county.project
    project.online_on, project.access_verified = county.today, True
    county.session.flush()
    county.fill("bur_head", "f00s", {"result": "同意", "opinion": "公布。"}, signs="f00c", records="sharing_sheet")
    sheet = paper(county, "D-18")
    assert (sheet.number, sheet.title) == ("修数享〔2026〕1号", "2025年度信息共享评价表")
    assert [(one["connected"], one["registered"], one["score"]) for one in sheet.content["values"]["items"]] == [
        ("100%", "0%", "50")
    ]


def test_the_sharing_sheet_prints_the_five_settled_indicators(county: County) -> None:
    to_the_library(county)
    unit = county.project.unit_id
    county.today = date(county.today.year + 1, 3, 4)
    settled = {"connected": 100, "registered": 80, "on_time": 75, "answered": None, "available": 99}
    county.session.add(
        SharingScore(year=county.today.year - 1, unit_id=unit, computed=88, score=85, reason="接口两次中断", **settled)
    )
    county.fill("bur_head", "f00s", {"result": "同意", "opinion": "公布。"}, signs="f00c", records="sharing_sheet")
    assert paper(county, "D-18").content["values"]["items"] == [
        {
            "unit": "修武县农业农村局", "connected": "100%", "registered": "80%", "updated": "75%", "answered": "—",
            "available": "99%", "score": "85", "remark": "测算88分，调整理由：接口两次中断",
        }
    ]  # fmt: skip


def test_only_the_bureaus_section_signs_the_lists_of_a_year(county: County) -> None:
    county.plan()
    refused = county.refused("unit_clerk", "f00c", {"result": "属实"}, records="library_list")
    assert gates_of(refused) == ["ROLE"]
    assert gates_of(county.refused("bur_share", "f00s", {"result": "同意"}, signs="f00c", records="sharing_sheet")) == [
        "ROLE"
    ]
    assert [row.kind for row in county.session.scalars(select(Paper))] == ["D-01"]


def test_scrapping_is_printed_with_every_opinion(county: County) -> None:
    assessed = {"assessor": "怀川测评", "assessed_on": county.today.isoformat(), "assess_report": ["1"]}
    county.plan(nature="报废", total=0, fy_amount=0, source=[], **assessed)
    answers = {"reason": "系统老旧。", "report": ["1"], "data_plan": "迁至档案馆。", "successor": "新平台"} | assessed
    try:
        county.fill("unit_clerk", "f29", answers | {"assessed_on": county.today})
    except RegulationViolation as refused:
        raise AssertionError([(one.gate, one.message) for one in refused.refusals]) from refused
    county.sign("bur_section", "f29")
    county.sign("bur_share", "f29")
    assert county.session.scalars(select(Paper).where(Paper.kind == "D-21")).all() == []
    county.sign("bur_head", "f29")
    row = paper(county, "D-21")
    assert row.number == "修数废〔2025〕1号"
    assert (value(row, "assessor"), value(row, "conclusion"), value(row, "successor")) == ("怀川测评", "同意", "新平台")
    assert [one["name"] for one in row.content["values"]["opinions"]] == ["bur_section", "bur_share", "bur_head"]


def test_a_payment_prints_its_amount_in_capitals() -> None:
    row = Row("申请金额", "67.89 万元", "amount", kind="money")
    handed_in = HandedIn("f18", "资金支付申请", "王芳", datetime(2026, 5, 1, 9, tzinfo=SHANGHAI), (row,))
    content = form_sheets.of_form(
        handed_in, project=("XWXX-2026-T-001", "产业园"), names={}, amounts={"amount": 67_890_000}
    )
    assert contents.text_of(content)[-3:] == ["67.89 万元", "678,900.00", "陆拾柒万捌仟玖佰元整"]
    assert "678,900.00" not in contents.text_of(content, prices=False)
