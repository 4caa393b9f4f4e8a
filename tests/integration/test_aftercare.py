"""F-24, F-32, F-33, F-34: what units and offices state after building, and each thing that is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.clock import SHANGHAI
from app.models.accounts import Person, PersonRole
from app.models.business import Asset, CloudMigration, Feedback, Project, ResourceItem, SecurityIncident
from app.models.documents import Notice
from tests.integration.county import RESOURCE, WAN, County
from tests.integration.desk import county, gates_of, session, to_the_contract, to_the_library

__all__ = ["county", "session"]


def said(refusals: tuple[object, ...]) -> list[str]:
    return [str(one.message) for one in refusals]  # type: ignore[attr-defined]


def test_feedback_goes_to_the_provider_who_answers_in_words(county: County) -> None:
    to_the_contract(county)
    item = county.session.scalars(select(ResourceItem)).one()
    told = {"resource": str(item.id), "kind": "数据错误", "text": "产业园地址有误。"}
    assert said(county.refused("unit_clerk", "f24", told)) == ["没有这项已登记的信息资源。"]
    county.fill("bur_share", "f23", RESOURCE, records="platform_no")
    assert said(county.refused("unit_clerk", "f00c", {"result": "属实"}, records="feedback_answer")) == [
        "没有待答复的反馈。"
    ]
    provider = county.project
    county.instance.project_id = None  # it comes from another unit, which knows nothing of the provider's project
    county.fill("unit_clerk", "f24", told)
    assert (county.instance.project_id, county.instance.unit_id) == (provider.id, provider.unit_id)
    row = county.session.scalars(select(Feedback)).one()
    assert (row.project_id, row.resource_id, row.kind, row.answered_on) == (provider.id, item.id, "数据错误", None)
    assert row.due > county.today + timedelta(days=10)
    assert said(county.refused("unit_clerk", "f00c", {"result": "属实", "note": ""}, records="feedback_answer")) == [
        "请写明答复内容。"
    ]
    assert row.answered_on is None
    county.fill("unit_clerk", "f00c", {"result": "属实", "note": "已改正地址。"}, records="feedback_answer")
    assert (row.answered_on, row.answer, row.answered_by) == (county.today, "已改正地址。", "unit_clerk")


def test_assets_stay_within_the_contracts(county: County) -> None:
    to_the_library(county)
    card = {"name": "平台软件", "code": "ZC-1", "value": 200 * WAN, "keeper": "和晓燕", "recorded_on": county.today}
    assert said(county.refused("unit_clerk", "f32", card)) == ["“入账价值”合计超过合同金额，请核对。"]
    county.wait(20)
    county.approve()
    county.fund()
    county.endorse()
    county.contract()
    assert gates_of(county.refused("bur_section", "f32", card)) == ["ROLE"]
    assert said(county.refused("unit_clerk", "f32", card | {"value": -1})) == ["“入账价值”不能为负数。"]
    over = "“入账价值”合计超过合同金额，请核对。"
    assert said(county.refused("unit_clerk", "f32", card | {"value": 227 * WAN})) == [over]
    assert county.session.scalars(select(Asset)).all() == []
    county.fill("unit_clerk", "f32", card)
    assert said(county.refused("unit_clerk", "f32", card | {"code": "ZC-2", "value": 27 * WAN})) == [over]
    county.fill("unit_clerk", "f32", card | {"value": 226 * WAN})  # the same card, written anew
    assert [(row.code, row.value_fen) for row in county.session.scalars(select(Asset))] == [("ZC-1", 226 * WAN)]


def test_a_system_is_migrated_when_the_sharing_section_has_seen_it(county: County) -> None:
    plan = {"system": "农技推广系统", "from_place": "局机房", "to_place": "县政务云", "planned_on": county.today}
    assert said(county.refused("unit_clerk", "f33", plan | {"to_place": "局新机房"})) == ["“迁往”应当是政务云。"]
    county.fill("unit_clerk", "f33", plan)
    assert said(county.refused("bur_share", "f00c", {"result": "属实"}, records="migration_check")) == [
        "没有待核实的迁移。"
    ]
    county.fill("unit_clerk", "f33", plan | {"done_on": county.today})
    row = county.session.scalars(select(CloudMigration)).one()
    assert (row.reported_done_on, row.done_on) == (county.today, None)
    county.fill("bur_share", "f00c", {"result": "补正"}, records="migration_check")
    assert row.done_on is None
    county.fill("bur_share", "f00c", {"result": "属实"}, records="migration_check")
    assert (row.done_on, row.checked_by) == (county.today, "bur_share")
    assert said(county.refused("unit_clerk", "f33", plan)) == ["该系统已经核实迁移完成，不能再改。"]


def test_an_incident_is_told_to_three_offices_whatever_is_drawn(county: County) -> None:
    to_the_contract(county)
    officers = {}
    for role in ("psb_officer", "cac_officer", "sec_officer"):
        organisation = county.actors["gov_office"].organisation_id
        person = Person(organisation_id=organisation, username=role, name=role, created_at=county.now)
        county.session.add(person)
        county.session.flush()
        county.session.add(PersonRole(person_id=person.id, role=role, granted_at=county.now))
        officers[person.id] = role
    county.session.flush()
    later = datetime(2030, 1, 1, tzinfo=UTC)
    told = {"happened_at": county.now - timedelta(hours=2), "level": "较大", "what": "首页被篡改，已断网处置。"}
    assert said(county.refused("unit_clerk", "f34", told | {"happened_at": later})) == ["“发生时间”不能晚于现在。"]
    assert county.session.scalars(select(Notice)).all() == []
    county.fill("unit_clerk", "f34", told)
    row = county.session.scalars(select(SecurityIncident)).one()
    assert (row.level, row.reported_by, row.closed_on) == ("较大", "unit_clerk", None)
    notices = county.session.scalars(select(Notice)).all()
    assert {officers[notice.person_id] for notice in notices} == {"psb_officer", "cac_officer", "sec_officer"}
    assert {notice.values["when"] for notice in notices} == {
        f"{(county.now - timedelta(hours=2)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    }
    name = county.session.get_one(Project, county.project.id).name
    assert {notice.values["project"] for notice in notices} == {name}
