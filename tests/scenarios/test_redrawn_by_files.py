"""验收 changed in a text editor: taken out, edited, taken in, mended, released by another, followed, put back."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from app import dispatch
from app.models.process import Definition, ProcessInstance
from tests.county import LOADING
from tests.scenarios.site import Site
from tests.scenarios.tale import Tale

pytestmark = pytest.mark.timeout(LOADING)

OWNER, SECOND, CLERK = "dsj.tao", "dsj.yue", "yjj.he"
P09, STEP = "p09_acceptance", "现场踏勘"
FORM = {
    "id": "f40", "type": "default", "properties": {"name": "现场踏勘记录", "en.name": "Survey"},
    "executionPlatform": "Camunda Cloud", "executionPlatformVersion": "8.8.0", "schemaVersion": 19,
    "components": [
        {"id": "day", "type": "datetime", "subtype": "date", "key": "visited_on", "dateLabel": "踏勘日期"},
        {"id": "ready", "type": "checkbox", "key": "passed", "label": "具备验收条件"},
    ],
}  # fmt: skip
OLD_FLOW = '<bpmn:sequenceFlow id="f_apply_verify_access" sourceRef="apply" targetRef="verify_access" />'
TYPED = f"""<bpmn:sequenceFlow id="f_apply_verify_access" sourceRef="apply" targetRef="survey" />
<bpmn:userTask id="survey" name="{STEP}"><bpmn:extensionElements><zeebe:formDefinition formId="f40" />
<zeebe:assignmentDefinition candidateGroups="bur_sectoin" /></bpmn:extensionElements></bpmn:userTask>
<bpmn:boundaryEvent id="forgotten" name="还没有去" attachedToRef="survey" cancelActivity="false">
<bpmn:timerEventDefinition id="when" /></bpmn:boundaryEvent>
<bpmn:sequenceFlow id="f_forgotten" sourceRef="forgotten" targetRef="urge_survey" />
<bpmn:userTask id="urge_survey" name="催办踏勘"><bpmn:extensionElements><zeebe:formDefinition formId="f00c" />
<zeebe:assignmentDefinition candidateGroups="bur_insp" /></bpmn:extensionElements></bpmn:userTask>
<bpmn:sequenceFlow id="f_survey" sourceRef="survey" targetRef="verify_access" />"""
"""What she types in its place: a role with a slip, a timer that does not say when, a step that leads nowhere."""
MISTAKES = ("unknown-role", "timer-without-definition", "user-task-without-outgoing")


def test_the_same_edit_made_on_the_file(county: Site) -> None:
    tale, other = Tale.of(county, "XWXX-2025-T-001"), Tale.of(county, "XWXX-2026-T-002")
    _uploads(county, _edited(county))
    _releases(county, _asks(county, "form", "f40"))
    mended = _mended(county)
    assert f"多一步“{STEP}”，等股室负责人" in _rehearsed(county)
    request = _asks(county, "process", P09)
    page = county.as_(SECOND).get(f"/releases/{request}").get_data(as_text=True)
    assert f"任务「{STEP}」" in page
    _releases(county, request)
    assert _in_force(county) == (2, mended)

    other.does("hsjl.lei", "p07_construction.certify")
    other.does("nyj.xu", "p07_construction.confirm_date")
    assert (_version(other), _version(tale)) == (2, 1)
    _migrates(tale)
    assert _version(tale) == 2
    for index in range(2):
        task = tale.starts(CLERK, "p12b_resources")
        tale.notes.setdefault("resource_of", {})[str(task.instance_id)] = index
        tale.hands_in(task, CLERK)
        tale.does("dsj.hou", "p12b_resources.check")
        tale.does("dsj.hou", "p12b_resources.assign_number")
    tale.does(CLERK, "p09_acceptance.apply")
    assert tale.open_keys() == ["p09_acceptance.survey"]
    tale.desk.complete(tale.task("p09_acceptance.survey"), "dsj.qi", {"visited_on": "2026-11-23", "passed": True})
    assert tale.open_keys() == ["p09_acceptance.verify_access"]

    answer = county.as_(OWNER).post(f"/workshop/process/{P09}/restore", {"version": "1", "reason": "踏勘先停一停"})
    _releases(county, int(answer.location.rsplit("/", 1)[1]))
    number, source = _in_force(county)
    assert number == 3
    assert STEP not in source
    assert (_version(other), _version(tale)) == (2, 2)


def _edited(county: Site) -> bytes:
    """Take everything out, type into one file and add another; return the archive."""
    taken = county.as_(OWNER).get("/workshop/download.zip").data
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(taken)) as before, zipfile.ZipFile(written, "w") as after:
        text = before.read(f"bpmn/{P09}.bpmn").decode()
        assert text.count(OLD_FLOW) == 1
        text = text.replace(OLD_FLOW, TYPED)
        incoming = "<bpmn:incoming>f_apply_verify_access</bpmn:incoming>"
        assert text.count(incoming) == 1
        text = text.replace(incoming, "<bpmn:incoming>f_survey</bpmn:incoming>")
        after.writestr(f"bpmn/{P09}.bpmn", text)
        after.writestr("forms/f40.form", json.dumps(FORM, ensure_ascii=False))
    return written.getvalue()


def _uploads(county: Site, archive: bytes) -> None:
    """The page says of each file what became of it, and names the three mistakes."""
    form = {"files": [(io.BytesIO(archive), "改好的.zip")]}
    answer = county.as_(OWNER).post("/workshop/upload", form, content_type="multipart/form-data")
    page = answer.get_data(as_text=True)
    assert page.count("已存为新的工作稿") == 1
    assert page.count("已存为工作稿") == 1
    for words in ("bur_sectoin", "没有写明时间", "没有出线"):
        assert words in page


def _draft(county: Site, kind: str, key: str) -> dict[str, Any]:
    page = county.as_(OWNER).get(f"/workshop/{kind}/{key}").get_data(as_text=True)
    found = re.search(r'<script type="application/json" id="config">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    config: dict[str, Any] = json.loads(found[1])
    return config


def _mended(county: Site) -> str:
    """Press every repair that is offered, as the editor does, until nothing is wrong; save it and return it."""
    config, here = _draft(county, "process", P09), f"/workshop/process/{P09}"
    browser, text = county.as_(OWNER), config["content"]
    seen = []
    while True:
        found = browser.post(f"{here}/lint", json={"content": text}).get_json()["findings"]
        wrong = [one for one in found if one["severity"] == "error"]
        if not wrong:
            break
        one = next(one for one in wrong if "repair" in one)
        seen.append(one["code"])
        text = browser.post(f"{here}/repair", json={"content": text, "finding": one}).get_json()["content"]
    assert set(MISTAKES) <= set(seen), seen
    assert 'candidateGroups="bur_section"' in text
    saved = browser.post(f"{here}/save", json={"revision": config["revision"], "content": text})
    assert saved.status_code == 200
    return str(text)


def _rehearsed(county: Site) -> str:
    lines = county.as_(OWNER).get(f"/workshop/process/{P09}/rehearsal/played?year=2025").get_data(as_text=True)
    return str(json.loads(lines.splitlines()[-1])["html"])


def _asks(county: Site, kind: str, key: str) -> int:
    asked = {"revision": _draft(county, kind, key)["revision"], "reason": "验收前先到现场看一看"}
    answer = county.as_(OWNER).post(f"/workshop/{kind}/{key}/release", json=asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return int(answer.get_json()["url"].rsplit("/", 1)[1])


def _releases(county: Site, request: int) -> None:
    assert county.as_(OWNER).post(f"/releases/{request}/release", {"words": ""}).status_code == 403
    assert county.as_(SECOND).post(f"/releases/{request}/release", {"words": "同意"}).status_code == 302


def _in_force(county: Site) -> tuple[int, str]:
    with county.look() as session:
        query = select(Definition.version, Definition.source).where(Definition.key == P09, Definition.in_force)
        number, source = session.execute(query).one()
    return int(number), str(source)


def _instance(tale: Tale) -> int:
    with tale.site.look() as session:
        query = select(ProcessInstance.id).where(
            ProcessInstance.process_key == P09, ProcessInstance.project_id == tale.project.id
        )
        return int(session.scalars(query).one())


def _version(tale: Tale) -> int:
    with tale.site.look() as session:
        query = select(Definition.version).join(ProcessInstance, ProcessInstance.definition_id == Definition.id)
        return int(session.scalars(query.where(ProcessInstance.id == _instance(tale))).one())


def _migrates(tale: Tale) -> None:
    """One of the running instances is moved in the background; the others stay where they are."""
    address, browser = f"/workshop/process/{P09}/migration", tale.site.as_(OWNER)
    assert "任务「申请验收」：不变" in browser.get(address).get_data(as_text=True)
    posted = {"to": "2", "instance": str(_instance(tale)), "reason": "先试一件"}
    assert browser.post(address, posted).status_code == 302
    while dispatch.migrate_instances():
        pass
