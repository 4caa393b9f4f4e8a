"""Working copies over HTTP: who may draw, what two people who draw at once get, and that nothing drawn is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.models.process import Definition
from app.models.workshop import WorkingCopy, WorkingCopyRevision
from app.unit_of_work import Database
from tests.integration.office import form_source
from tests.integration.workshop_site import KEY, Site, drawn, open_site

ONE, TWO, THREE = drawn("first", "survey"), drawn("first", "visit"), drawn("first", "survey", "visit")


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    with open_site(database, tmp_path) as opened:
        yield opened


def copies(site: Site) -> list[tuple[str, str, int, str]]:
    with site.office.look() as session:
        rows = session.scalars(select(WorkingCopy).order_by(WorkingCopy.id))
        return [(row.kind, row.key, row.revision, row.content) for row in rows]


def revisions(site: Site) -> list[tuple[int, str, str]]:
    with site.office.look() as session:
        rows = session.scalars(select(WorkingCopyRevision).order_by(WorkingCopyRevision.id))
        return [(row.revision, row.standing, row.content) for row in rows]


def test_the_editor_opens_the_version_in_force_and_writes_nothing(site: Site) -> None:
    page = site.as_("owner").get(f"/workshop/process/{KEY}").get_data(as_text=True)
    config = json.loads(page.split('id="config">')[1].split("</script>")[0])
    assert (config["kind"], config["key"], config["revision"], config["copy_id"]) == ("process", KEY, 0, None)
    assert 'id="first"' in config["content"]
    assert config["read_only"] is False
    assert sorted(config["urls"]) == [
        "choices", "difference", "export", "lint", "list", "release", "repair", "save", "try", "versions",
    ]  # fmt: skip
    assert [one["id"] for one in config["choices"]["forms"]] == ["note"]
    assert copies(site) == []


def test_a_save_makes_the_working_copy_and_each_further_one_is_kept(site: Site) -> None:
    assert site.save(ONE, 0).get_json() == {"revision": 1, "saved_at": "2026-03-02 09:00"}
    assert site.save(TWO, 1).get_json()["revision"] == 2
    assert copies(site) == [("bpmn", KEY, 2, TWO)]
    assert revisions(site) == [(1, "saved", ONE), (2, "saved", TWO)]


def test_the_same_text_again_is_no_new_revision(site: Site) -> None:
    site.save(ONE, 0)
    assert site.save(ONE, 1).get_json()["revision"] == 1
    assert revisions(site) == [(1, "saved", ONE)]


def test_two_people_at_once_are_told_and_both_versions_are_kept(site: Site) -> None:
    site.save(ONE, 0)
    assert site.save(TWO, 1, by="second_owner").status_code == 200
    late = site.save(THREE, 1)
    assert late.status_code == 409
    told = late.get_json()
    assert (told["revision"], told["by"], told["content"]) == (2, "屠画", TWO)
    assert copies(site) == [("bpmn", KEY, 2, TWO)]
    assert revisions(site) == [(1, "saved", ONE), (2, "saved", TWO), (1, "kept", THREE)]
    with site.office.look() as session:
        kept = session.scalar(select(WorkingCopyRevision.id).where(WorkingCopyRevision.standing == "kept"))
    taken = site.as_("owner").post(f"/workshop/process/{KEY}/revisions/{kept}", {})
    assert taken.status_code == 302
    assert copies(site) == [("bpmn", KEY, 3, THREE)]
    assert [row[0] for row in revisions(site)] == [1, 2, 1, 3]


def test_two_first_saves_at_once_keep_both(site: Site) -> None:
    site.save(ONE, 0)
    assert site.save(TWO, 0, by="second_owner").status_code == 409
    assert copies(site) == [("bpmn", KEY, 1, ONE)]
    assert revisions(site) == [(1, "saved", ONE), (0, "kept", TWO)]


@pytest.mark.parametrize(("reader", "looks", "draws"), [
    ("chief", 200, 403), ("clerk", 404, 404), ("bureau", 404, 404), ("admin", 404, 404), ("owner", 200, 200),
])  # fmt: skip
def test_only_the_process_owner_draws_and_only_the_head_looks(site: Site, reader: str, looks: int, draws: int) -> None:
    browser = site.as_(reader)
    for address in (
        "/workshop", f"/workshop/process/{KEY}", "/workshop/choices", f"/workshop/process/{KEY}/versions", "/releases",
        f"/workshop/process/{KEY}/export", f"/workshop/process/{KEY}/difference?from=force&to=force",
    ):  # fmt: skip
        assert browser.get(address).status_code == looks, address
    assert site.save(ONE, 0, by=reader).status_code == draws
    posted = {"content": ONE, "finding": {"code": "not-executable", "element": KEY}}
    assert browser.post(f"/workshop/process/{KEY}/repair", json=posted).status_code == draws
    assert len(copies(site)) == (draws == 200)
    with site.office.look() as session:
        assert session.scalar(select(func.count()).select_from(Definition)) == 2


@pytest.mark.parametrize("content", [
    "", "kein XML", "<a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", '{"type": "default", "id": "f"}',
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
])  # fmt: skip
def test_what_is_no_diagram_is_refused_in_a_sentence_and_not_stored(site: Site, content: str) -> None:
    answer = site.save(content, 0)
    assert answer.status_code == 422
    assert answer.get_json()["sentence"].endswith("。")
    assert copies(site) == []


def test_broken_posts_are_refused(site: Site) -> None:
    for posted in ({}, {"revision": -1, "content": ONE}, {"revision": "1", "content": ONE}, {"revision": 0}):
        assert site.as_("owner").post(f"/workshop/process/{KEY}/save", json=posted).status_code == 400
    assert site.save(ONE, 0, kind="nothing").status_code == 404
    assert site.save(ONE, 0, key="p_absent").status_code == 404
    assert copies(site) == []


def test_a_form_goes_out_and_comes_in_as_an_object(site: Site) -> None:
    schema = json.loads(form_source())
    schema["components"][0]["label"] = "踏勘说明"
    assert site.save(schema, 0, kind="form", key="note").get_json()["revision"] == 1
    page = site.as_("owner").get("/workshop/form/note").get_data(as_text=True)
    config = json.loads(page.split('id="config">')[1].split("</script>")[0])
    assert config["content"]["components"][0]["label"] == "踏勘说明"
    asked = site.as_("owner").get("/workshop/form/note/difference?from=force&to=copy").get_json()
    assert [one["words"] for one in asked["changes"]] == ["「说明」的名称由 说明 改为 踏勘说明。"]


def test_going_back_to_the_version_in_force_keeps_what_was_drawn(site: Site) -> None:
    site.save(ONE, 0)
    assert site.as_("owner").post(f"/workshop/process/{KEY}/reset", {}).status_code == 302
    assert [row[0] for row in revisions(site)] == [1, 2]
    with site.office.look() as session:
        source = session.scalar(select(Definition.source).where(Definition.key == KEY))
    assert copies(site) == [("bpmn", KEY, 2, source)]


def test_what_was_saved_can_neither_be_changed_nor_deleted(site: Site) -> None:
    site.save(ONE, 0)
    for statement in ("UPDATE working_copy_revision SET content = ''", "DELETE FROM working_copy_revision"):
        with pytest.raises(DBAPIError, match="append-only"), site.database.unit_of_work() as session:
            session.execute(text(statement))
    assert revisions(site) == [(1, "saved", ONE)]


def test_lint_says_what_is_wrong_in_the_readers_language_with_its_repair(site: Site) -> None:
    wrong = ONE.replace('candidateGroups="unit_clerk"', 'candidateGroups="unit_clark"', 1)
    found = site.as_("owner").post(f"/workshop/process/{KEY}/lint", json={"content": wrong}).get_json()
    role = next(one for one in found["findings"] if one["code"] == "unknown-role")
    assert role["element"] == "first"
    assert role["severity"] == "error"
    assert "unit_clark" in role["sentence"]
    assert role["repair"] == {"code": "unknown-role", "label": "改为最接近的角色"}
    assert found["undecided"] is False
    posted = {"content": wrong, "finding": {"code": "unknown-role", "element": "first"}}
    mended = site.as_("owner").post(f"/workshop/process/{KEY}/repair", json=posted).get_json()
    assert mended["changed"] == ["first"]
    assert mended["sentence"] == "「first」的办理角色“unit_clark”改为项目单位经办（unit_clerk）。"
    again = site.as_("owner").post(f"/workshop/process/{KEY}/lint", json={"content": mended["content"]}).get_json()
    assert "unknown-role" not in {one["code"] for one in again["findings"]}
    assert copies(site) == []


def test_a_new_file_begins_empty_or_as_a_copy(site: Site) -> None:
    owner = site.as_("owner")
    made = owner.post("/workshop/new", {"kind": "process", "key": "p30_survey", "name": "现场踏勘"})
    assert made.status_code == 302
    like = {"kind": "form", "key": "f_survey", "name": "踏勘记录", "like": "note"}
    assert owner.post("/workshop/new", like).status_code == 302
    assert owner.post("/workshop/new", {"kind": "decision", "key": "survey", "name": "踏勘方式"}).status_code == 302
    assert [(kind, key) for kind, key, _, _ in copies(site)] == [
        ("bpmn", "p30_survey"), ("form", "f_survey"), ("dmn", "survey"),
    ]  # fmt: skip
    assert json.loads(copies(site)[1][3])["properties"]["name"] == "踏勘记录"
    taken = owner.post("/workshop/new", {"kind": "process", "key": "p30_survey", "name": "再来"})
    assert taken.status_code == 409
    for key, name in (("p-30", "x"), ("30p", "x"), ("p31", ""), ("p31", "长" * 61)):
        answer = owner.post("/workshop/new", {"kind": "process", "key": key, "name": name})
        assert answer.status_code in {302, 400}
    assert len(copies(site)) == 3
    assert site.as_("chief").post("/workshop/new", {"kind": "form", "key": "x1", "name": "x"}).status_code == 403


def test_a_decision_is_tried_with_values(site: Site) -> None:
    owner = site.as_("owner")
    owner.post("/workshop/new", {"kind": "decision", "key": "survey", "name": "踏勘方式"})
    table = copies(site)[0][3]
    tried = [
        (table, {"condition": "雨"}),
        (table.replace("<text></text>", '<text>"雨"</text>'), {"condition": "晴"}),
        (table.replace("<text></text>", '<text>"雨"</text>'), {"condition": "雨"}),
    ]
    address = "/workshop/decision/survey/try"
    answers = [owner.post(address, json={"content": one, "inputs": given}).get_json() for one, given in tried]
    assert answers == [{"outputs": "结果"}, {"outputs": None}, {"outputs": "结果"}]
    wrong = owner.post(address, json={"content": table.replace("<text>condition", "<text>condition +"), "inputs": {}})
    assert list(wrong.get_json()) == ["sentence"]
    posted = {"content": table, "inputs": {}}
    assert owner.post(f"/workshop/process/{KEY}/try", json=posted).status_code == 404
    assert copies(site)[0][3] == table


def test_a_form_and_a_table_are_mended_by_a_click_too(site: Site) -> None:
    owner = site.as_("owner")
    with site.office.look() as session:
        former = json.loads(session.scalar(select(Definition.source).where(Definition.key == "note")) or "{}")
    wrong = {**former, "components": [{**former["components"][0], "type": "textfeld"}, *former["components"][1:]]}
    (said,) = [
        one for one in owner.post("/workshop/form/note/lint", json={"content": wrong}).get_json()["findings"]
        if one["severity"] == "error"
    ]  # fmt: skip
    assert said["repair"] == {"code": "component-type", "label": "改为最接近的类型"}
    posted = {"content": wrong, "finding": said}
    mended = owner.post("/workshop/form/note/repair", json=posted).get_json()
    assert mended["content"] == former
    assert mended["changed"] == [former["components"][0]["id"]]
    unknown = owner.post("/workshop/form/note/repair", json={"content": wrong, "finding": {"code": "unknown-role"}})
    assert (unknown.status_code, list(unknown.get_json())) == (422, ["sentence"])
