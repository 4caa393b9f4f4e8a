"""参数与口径 over HTTP: two people change a value, everybody reads it, a refusal brings its interpretation."""

from __future__ import annotations

from sqlalchemy import select

from app.models.parameters import ParameterChange, ParameterDecision
from tests.integration.web_clients import County, plan_item
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]

ASKED = {"value": "45", "interpretation": "", "reason": "三十日不够编制初步设计。", "effective_on": "2026-11-23"}
NOTE = "新建业务机房包括租用场地自建机柜<b>；使用政务云节点的不算。"


def changes(county: County) -> list[tuple[str, str, str]]:
    with county.look() as session:
        rows = session.execute(
            select(ParameterChange.key, ParameterChange.new, ParameterDecision.decision)
            .outerjoin(ParameterDecision, ParameterDecision.change_id == ParameterChange.id)
            .order_by(ParameterChange.id)
        )
        return [(key, new, decision or "") for key, new, decision in rows]


def test_a_process_owner_proposes_and_the_head_decides(county: County) -> None:
    owner, head, clerk = county.as_("dsj.tu"), county.as_("dsj.sun"), county.as_("jyj.wang")
    page = owner.get("/parameters/materials_days").get_data(as_text=True)
    assert 'action="/parameters/changes' not in page
    assert 'name="value"' in page
    assert owner.post("/parameters/materials_days", ASKED).status_code == 302
    page = head.get("/parameters/materials_days").get_data(as_text=True)
    assert "同意，按期生效" in page
    assert 'name="value"' not in page
    assert "同意，按期生效" not in owner.get("/parameters/materials_days").get_data(as_text=True)
    assert owner.post("/parameters/changes/1", {"decision": "accept"}).status_code == 403
    assert clerk.post("/parameters/changes/1", {"decision": "accept"}).status_code == 403
    assert changes(county) == [("materials_days", "45", "")]
    assert head.post("/parameters/changes/1", {"decision": "accept"}).status_code == 302
    assert changes(county) == [("materials_days", "45", "accepted")]
    assert head.post("/parameters/changes/1", {"decision": "accept"}).status_code == 409
    listed = clerk.get("/parameters").get_data(as_text=True)
    assert "45 日" in listed
    assert "45 日" not in clerk.get("/parameters?day=2026-11-22").get_data(as_text=True)
    shown = clerk.get("/parameters/materials_days").get_data(as_text=True)
    assert "由 30 日 改为 45 日" in shown
    assert "三十日不够编制初步设计。" in shown
    assert 'name="value"' not in shown


def test_a_wrong_value_comes_back_with_its_sentence_and_what_was_typed(county: County) -> None:
    answer = county.as_("dsj.tu").post("/parameters/materials_days", ASKED | {"value": "9999"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "“编制申报材料期限”应在 1 到 730 之间。" in page
    assert "三十日不够编制初步设计。" in page
    assert county.as_("dsj.tu").post("/parameters/materials_days", ASKED | {"effective_on": "soon"}).status_code == 400
    assert county.as_("jyj.wang").post("/parameters/materials_days", ASKED).status_code == 403
    assert changes(county) == []


def test_an_interpretation_stands_beside_the_refusal_and_is_never_markup(county: County) -> None:
    owner, head, clerk = county.as_("dsj.tu"), county.as_("dsj.sun"), county.as_("jyj.wang")
    place = county.places
    item = plan_item("智慧校园二期", 100, system="XX-JYJ-001", report=place["own.upload"]) | {"has_room": True}
    before = clerk.complete(place["own.task"], item)
    assert before.status_code == 422
    assert "解释口径" not in before.get_data(as_text=True)
    asked = ASKED | {"value": "", "interpretation": NOTE}
    assert owner.post("/parameters/G-03", asked).status_code == 302
    assert "解释口径" not in clerk.complete(place["own.task"], item).get_data(as_text=True)
    assert head.post("/parameters/changes/1", {"decision": "accept"}).status_code == 302
    refused = clerk.complete(place["own.task"], item)
    said = str(refused.get_json())
    assert refused.status_code == 422
    assert "解释口径" in said
    assert "使用政务云节点的不算" in said
    assert "孙立签发" in said
    assert "<b>" not in said
    page = clerk.get("/parameters/G-03").get_data(as_text=True)
    assert "租用场地自建机柜&lt;b&gt;" in page


def test_the_pages_speak_english(county: County) -> None:
    clerk = county.as_("jyj.wang")
    clerk.post("/language", {"language": "en", "back": "/parameters"})
    page = clerk.get("/parameters").get_data(as_text=True)
    assert 'lang="en"' in page
