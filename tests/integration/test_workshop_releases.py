"""Releases over HTTP: two persons, dates, refusals, former versions, who is told, and the ways round four eyes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app import dispatch
from app.models.accounts import PersonRole
from app.models.documents import AuditEvent, Draft, Notice
from app.models.process import Definition
from app.models.workshop import ReleaseRemark, ReleaseRequest, WorkingCopy
from app.services import releases
from app.unit_of_work import Database
from tests.integration.office import NOW, form_source
from tests.integration.workshop_site import KEY, Site, drawn, open_site

ONE, TWO = drawn("first", "survey"), drawn("first", "visit")


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    with open_site(database, tmp_path) as opened:
        yield opened


def requests(site: Site) -> list[tuple[int, str]]:
    with site.office.look() as session:
        rows = session.scalars(select(ReleaseRequest).order_by(ReleaseRequest.id))
        return [(row.id, row.status) for row in rows]


def notices(site: Site, username: str) -> list[str]:
    with site.office.look() as session:
        rows = session.scalars(
            select(Notice).where(Notice.person_id == site.office.people[username].id).order_by(Notice.id)
        )
        return [row.message % row.values for row in rows]


def acts(site: Site) -> list[str]:
    with site.office.look() as session:
        kinds = ("release_request", "definition")
        query = select(AuditEvent.act).where(AuditEvent.subject_kind.in_(kinds), AuditEvent.actor_id.is_not(None))
        return list(session.scalars(query.order_by(AuditEvent.id)))


def asked(site: Site, content: str = ONE, revision: int = 0, **more: str) -> int:
    """Save and ask; return the request's id."""
    site.save(content, revision)
    answer = site.ask(revision + 1, **more)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return int(answer.get_json()["url"].rsplit("/", 1)[1])


def decide(site: Site, request_id: int, what: str, *, by: str = "chief", words: str = "同意") -> int:
    return int(site.as_(by).post(f"/releases/{request_id}/{what}", {"words": words}).status_code)


def test_a_version_comes_into_force_when_the_second_person_releases_it(site: Site) -> None:
    instance = site.office.start(KEY)
    request = asked(site)
    assert site.in_force() == 1
    assert notices(site, "chief") == ["陶知行提请放行「流程」第 2 版：增加踏勘"]
    page = site.as_("chief").get(f"/releases/{request}").get_data(as_text=True)
    assert "在「first」之后增加任务「survey」，由项目单位经办办理" in page
    assert "1 件，其中 1 件在被替换的版本上" in page
    assert decide(site, request, "release") == 302
    assert site.in_force() == 2
    assert requests(site) == [(request, "in_force")]
    assert acts(site) == ["publish_definition", "ask_for_release", "release_definition"]
    assert notices(site, "owner") == ["「流程」第 2 版已经施行。"]
    told = "「流程」第 2 版自 2026-03-02 09:00 起施行：增加踏勘。已在办的仍按原版本办理。"
    assert notices(site, "clerk") == [told]
    assert notices(site, "stranger") == []
    with site.office.look() as session:
        row = session.scalars(select(Definition).where(Definition.key == KEY, Definition.version == 2)).one()
        people = site.office.people
        assert (row.published_by, row.released_by, row.comment) == (people["owner"].id, people["chief"].id, "增加踏勘")
        copy = session.scalars(select(WorkingCopy)).one()
        assert copy.base_id == row.id
    assert site.office.instance(instance).status == "active"
    site.office.complete("first")
    assert site.office.instance(instance).status == "completed"
    newer = site.office.start(KEY)
    site.office.complete("first")
    assert site.office.open(newer) == ["survey"]


@pytest.mark.parametrize("reader", ["owner", "second_owner", "bureau", "clerk", "admin"])
def test_nobody_but_the_bureaus_head_decides(site: Site, reader: str) -> None:
    request = asked(site)
    expected = 403 if reader.endswith("owner") else 404
    for what in ("release", "refuse"):
        assert decide(site, request, what, by=reader) == expected
    assert requests(site) == [(request, "open")]
    assert site.in_force() == 1


def as_head(site: Site, username: str) -> None:
    """Make somebody the bureau's head, whatever the rules on roles say, behind the site's back."""
    person = site.office.people[username].id
    with site.database.unit_of_work() as session:
        session.execute(delete(PersonRole).where(PersonRole.person_id == person))
        session.execute(insert(PersonRole).values(person_id=person, role="bur_head", granted_at=NOW))


def test_who_asked_cannot_release_with_the_heads_role_either(site: Site) -> None:
    request = asked(site)
    as_head(site, "owner")
    assert decide(site, request, "release", by="owner") == 403
    assert decide(site, request, "refuse", by="owner") == 403
    assert (site.in_force(), requests(site)) == (1, [(request, "open")])


def test_who_drew_a_part_cannot_release_what_another_asked_for(site: Site) -> None:
    site.save(TWO, 0, by="second_owner")
    site.save(ONE, 1)
    request = int(site.ask(2).get_json()["url"].rsplit("/", 1)[1])
    as_head(site, "second_owner")
    assert decide(site, request, "release", by="second_owner") == 403
    assert site.in_force() == 1
    assert decide(site, request, "release") == 302
    assert site.in_force() == 2


def test_the_database_itself_refuses_one_person_for_both(site: Site) -> None:
    request = asked(site)
    owner = site.office.people["owner"].id
    with pytest.raises(IntegrityError), site.database.unit_of_work() as session:
        session.execute(update(ReleaseRequest).values(status="in_force", decided_by=owner))
    with pytest.raises(IntegrityError), site.database.unit_of_work() as session:
        session.execute(update(ReleaseRequest).values(status="approved"))
    assert requests(site) == [(request, "open")]


def test_what_is_drawn_after_asking_is_not_released(site: Site) -> None:
    request = asked(site)
    site.save(TWO, 1)
    decide(site, request, "release")
    with site.office.look() as session:
        row = session.scalars(select(Definition).where(Definition.key == KEY, Definition.in_force)).one()
        assert row.source == ONE
        assert session.scalars(select(WorkingCopy.content)).one() == TWO


def test_asking_needs_the_revision_that_was_read_a_reason_and_a_change(site: Site) -> None:
    assert site.ask(1).status_code == 404
    site.save(ONE, 0)
    site.save(TWO, 1, by="second_owner")
    assert site.ask(1).status_code == 409
    assert site.ask(2, "  ").status_code == 400
    assert site.ask(2, effective_at="2026-03-01T09:00").status_code == 400
    assert site.ask(2, effective_at="morgen").status_code == 400
    site.as_("owner").post(f"/workshop/process/{KEY}/reset", {})
    assert site.ask(3).status_code == 400
    assert requests(site) == []
    with site.office.look() as session:
        assert list(session.scalars(select(Definition.version).where(Definition.key == KEY))) == [1]


def test_a_diagram_with_errors_is_not_laid_before_anybody(site: Site) -> None:
    site.save(ONE.replace("unit_clerk", "unit_clark"), 0)
    answer = site.ask(1)
    assert answer.status_code == 422
    assert {one["code"] for one in answer.get_json()["findings"]} == {"unknown-role"}
    site.save(ONE.replace(f'id="{KEY}"', 'id="p_other"'), 1)
    assert site.ask(2).status_code == 400
    assert requests(site) == []


def test_a_form_without_a_field_that_its_recorder_needs_is_not_laid_before_anybody(site: Site) -> None:
    """The preliminary acceptance records when and with which result: without these fields no task could be done."""
    owner = site.as_("owner")
    assert owner.post("/workshop/new", {"kind": "form", "key": "f16p", "name": "初步验收"}).status_code == 302
    bare = json.loads(form_source("f16p"))
    site.save(bare, 1, kind="form", key="f16p")
    needed = owner.get("/workshop/choices").get_json()["forms"]
    assert "f16p" not in {one["id"] for one in needed}
    posted = {"revision": 2, "reason": "改表"}
    answer = owner.post("/workshop/form/f16p/release", json=posted)
    assert answer.status_code == 422
    (missing,) = [one for one in answer.get_json()["findings"] if one["code"] == "recorder-field-missing"]
    assert "缺少：checked_on、result。" in missing["sentence"]
    told = owner.post("/workshop/form/f16p/lint", json={"content": bare}).get_json()["findings"]
    (offered,) = [one for one in told if one["code"] == "recorder-field-missing"]
    assert offered["repair"]["code"] == "recorder-field-missing"
    assert (requests(site), site.in_force("f16p", "form")) == ([], 0)
    mended = owner.post("/workshop/form/f16p/repair", json={"content": bare, "finding": offered}).get_json()["content"]
    site.save(mended, 2, kind="form", key="f16p")
    assert owner.post("/workshop/form/f16p/release", json=posted | {"revision": 3}).status_code == 200


def test_one_request_at_a_time(site: Site) -> None:
    first = asked(site)
    site.save(TWO, 1)
    assert site.ask(2).status_code == 409
    assert site.as_("owner").post(f"/releases/{first}/withdraw", {}).status_code == 302
    assert site.ask(2).status_code == 200
    assert [status for _, status in requests(site)] == ["withdrawn", "open"]
    assert decide(site, first, "release") == 409
    assert site.in_force() == 1


def test_a_refusal_says_why_and_changes_nothing(site: Site) -> None:
    request = asked(site)
    assert decide(site, request, "refuse", words=" ") == 400
    assert decide(site, request, "refuse", words="踏勘应由股室办理") == 302
    assert requests(site) == [(request, "refused")]
    assert site.in_force() == 1
    assert notices(site, "owner") == ["「流程」第 2 版未获放行：踏勘应由股室办理"]
    assert decide(site, request, "release") == 409
    assert decide(site, request, "refuse") == 409


def test_a_dated_release_takes_effect_at_its_moment(site: Site) -> None:
    request = asked(site, effective_at="2026-03-03T08:30")
    decide(site, request, "release")
    assert (site.in_force(), requests(site)) == (1, [(request, "approved")])
    assert dispatch.put_releases_in_force() == 0
    with site.office.look() as session:
        assert releases.next_due(session) == NOW + timedelta(hours=23, minutes=30)
    site.clock.moment = NOW + timedelta(days=1)
    assert dispatch.put_releases_in_force() == 1
    assert (site.in_force(), requests(site)) == (2, [(request, "in_force")])
    assert dispatch.put_releases_in_force() == 0
    with site.office.look() as session:
        row = session.scalars(select(Definition).where(Definition.key == KEY, Definition.in_force)).one()
        assert row.released_by == site.office.people["chief"].id


def test_a_dated_release_that_no_longer_fits_fails_in_words(site: Site) -> None:
    request = asked(site, effective_at="2026-03-03T08:30")
    decide(site, request, "release")
    with site.database.unit_of_work() as session:
        session.execute(update(Definition).where(Definition.kind == "form").values(in_force=False))
    site.clock.moment = NOW + timedelta(days=1)
    assert dispatch.put_releases_in_force() == 0
    assert (site.in_force(), requests(site)) == (1, [(request, "failed")])
    assert notices(site, "chief")[-1].startswith("「流程」第 2 版没有如期施行：")
    assert notices(site, "owner")[-1] == notices(site, "chief")[-1]


def test_a_version_asked_for_before_another_came_into_force_is_not_released(site: Site) -> None:
    request = asked(site)
    body = drawn("other").split('isExecutable="true">')[1].split("</bpmn:process>")[0]
    site.office.publish(body, process_id=KEY)
    assert site.in_force() == 3
    assert decide(site, request, "release") == 400
    assert (site.in_force(), requests(site)) == (3, [(request, "open")])


def test_a_former_version_is_put_back_as_a_new_entry_that_names_it(site: Site) -> None:
    decide(site, asked(site), "release")
    owner = site.as_("owner")
    posted = {"version": "1", "reason": "踏勘暂不实行"}
    answer = owner.post(f"/workshop/process/{KEY}/restore", posted)
    request = int(answer.location.rsplit("/", 1)[1])
    assert site.in_force() == 2
    assert decide(site, request, "release", by="owner") == 403
    assert decide(site, request, "release") == 302
    assert site.in_force() == 3
    with site.office.look() as session:
        rows = session.scalars(select(Definition).where(Definition.key == KEY).order_by(Definition.version)).all()
        assert [row.version for row in rows] == [1, 2, 3]
        assert rows[2].sha256 == rows[0].sha256
        assert rows[2].source == rows[0].source
    page = owner.get(f"/workshop/process/{KEY}/versions").get_data(as_text=True)
    assert "恢复第 1 版" in page
    assert "踏勘暂不实行" in page
    for version in ("3", "9", "x"):
        assert owner.post(f"/workshop/process/{KEY}/restore", posted | {"version": version}).status_code in {400, 404}
    assert site.in_force() == 3


def test_a_version_that_was_refused_cannot_be_put_back(site: Site) -> None:
    decide(site, asked(site), "refuse", words="不妥")
    answer = site.as_("owner").post(f"/workshop/process/{KEY}/restore", {"version": "2", "reason": "再来"})
    assert answer.status_code == 404
    assert site.in_force() == 1


def test_questions_and_answers_stand_on_the_elements_and_tell_the_other_side(site: Site) -> None:
    request = asked(site)
    ask = {"element": "survey", "words": "为什么由经办办理？"}
    assert site.as_("chief").post(f"/releases/{request}/remark", ask).status_code == 302
    answer = {"element": "survey", "words": "踏勘由单位自己做。"}
    assert site.as_("owner").post(f"/releases/{request}/remark", answer).status_code == 302
    assert site.as_("clerk").post(f"/releases/{request}/remark", ask).status_code == 404
    assert site.as_("owner").post(f"/releases/{request}/remark", {"words": ""}).status_code == 400
    with site.office.look() as session:
        rows = session.scalars(select(ReleaseRemark).order_by(ReleaseRemark.id)).all()
        assert [(row.element_id, row.words) for row in rows] == [
            (one["element"], one["words"]) for one in (ask, answer)
        ]
    assert notices(site, "owner") == ["孙立在「流程」第 2 版上写道：为什么由经办办理？"]
    assert notices(site, "chief")[-1] == "陶知行在「流程」第 2 版上写道：踏勘由单位自己做。"
    assert "踏勘由单位自己做。" in site.as_("chief").get(f"/releases/{request}").get_data(as_text=True)
    with pytest.raises(DBAPIError, match="append-only"), site.database.unit_of_work() as session:
        session.execute(text("DELETE FROM release_remark"))


def test_names_that_would_be_scripts_are_words_on_every_page(site: Site) -> None:
    nasty = "&lt;script&gt;alert(1)&lt;/script&gt;"
    request = asked(site, drawn("first", "survey").replace('name="survey"', f'name="{nasty}"'))
    for address in (f"/releases/{request}", f"/workshop/process/{KEY}", f"/workshop/process/{KEY}/versions"):
        page = site.as_("chief").get(address).get_data(as_text=True)
        assert "<script>alert" not in page
    assert nasty in site.as_("chief").get(f"/releases/{request}").get_data(as_text=True)


def test_a_draft_on_the_former_form_stays_and_is_handed_in_on_it(site: Site) -> None:
    site.office.start(KEY)
    task = site.office.task("first")
    saved = site.as_("clerk").post(f"/tasks/{task}/draft", json={"values": {"note": "写了一半"}})
    assert saved.status_code == 200
    stricter = form_source().replace(b'"label": "\xe6\x95\xb0\xe9\x87\x8f"', b'"label": "\xe4\xbb\xb6\xe6\x95\xb0"')
    stricter = stricter.replace(b'"decimalDigits": 0', b'"decimalDigits": 0, "validate": {"required": true}')
    content = stricter.decode()
    site.save(json.loads(content), 0, kind="form", key="note")
    posted = {"revision": 1, "reason": "数量必填"}
    asked_form = site.as_("owner").post("/workshop/form/note/release", json=posted).get_json()["url"]
    assert decide(site, int(asked_form.rsplit("/", 1)[1]), "release") == 302
    assert site.in_force("note", "form") == 2
    with site.office.look() as session:
        draft = session.scalars(select(Draft)).one()
        assert draft.values == {"note": "写了一半"}
        assert session.scalar(select(Definition.version).where(Definition.id == draft.form_definition_id)) == 1
    site.office.hand_in(task, "clerk", {"note": "写完了"})
    newer = site.office.start(KEY)
    with pytest.raises(Exception, match="需要改正"):
        site.office.hand_in(site.office.task("first"), "clerk", {"note": "没有数量"})
    assert site.office.open(newer) == ["first"]
    assert "「流程」" not in notices(site, "clerk")[-1]
