"""Files taken out for the desktop modeler and taken in again: archives, hostile ones too, and the comparison."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.cli.definitions import group
from app.models.process import Definition
from app.models.workshop import WorkingCopy, WorkingCopyRevision
from app.unit_of_work import Database
from tests.integration.office import form_source
from tests.integration.workshop_site import KEY, Site, drawn, open_site
from tests.unit.engine.test_camunda_7 import OLD

ONE = drawn("first", "survey")


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    with open_site(database, tmp_path) as opened:
        yield opened


def packed(*files: tuple[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


def upload(site: Site, *files: tuple[str, bytes], by: str = "owner", convert: bool = False) -> Any:
    form: dict[str, Any] = {"files": [(io.BytesIO(content), name) for name, content in files]}
    if convert:
        form["convert"] = "1"
    return site.as_(by).post("/workshop/upload", form, content_type="multipart/form-data")


def copies(site: Site) -> list[tuple[str, str, str]]:
    with site.office.look() as session:
        rows = session.scalars(select(WorkingCopy).order_by(WorkingCopy.id))
        return [(row.kind, row.key, row.content) for row in rows]


def test_everything_goes_out_and_comes_in_the_same(site: Site) -> None:
    answer = site.as_("owner").get("/workshop/download.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == [
            f"bpmn/{KEY}.bpmn", "forms/note.form", "element-templates/xiuwu.json", "使用说明.txt",
        ]  # fmt: skip
        templates = json.loads(archive.read("element-templates/xiuwu.json"))
        assert {one["appliesTo"][0] for one in templates} == {
            "bpmn:UserTask", "bpmn:ServiceTask", "bpmn:CallActivity", "bpmn:BusinessRuleTask",
        }  # fmt: skip
        roles = templates[0]["properties"][0]
        assert roles["binding"] == {"type": "zeebe:assignmentDefinition", "property": "candidateGroups"}
        assert {"name": "项目单位经办（unit_clerk）", "value": "unit_clerk"} in roles["choices"]
    assert site.as_("owner").get("/workshop/download.zip").data == answer.data
    page = upload(site, ("all.zip", answer.data)).get_data(as_text=True)
    assert page.count("已存为工作稿") == 2
    with site.office.look() as session:
        sources = {row.key: row.source for row in session.scalars(select(Definition))}
    assert {key: content for _, key, content in copies(site)} == sources


def test_files_are_taken_into_working_copies_with_their_findings(site: Site) -> None:
    wrong = ONE.replace("unit_clerk", "unit_clark").encode()
    answer = upload(site, ("a.bpmn", wrong), ("n.form", form_source("brand_new")), ("x.txt", b"x"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "unit_clark" in page
    assert "已存为新的工作稿" in page
    assert "只收 .bpmn、.dmn、.form 文件" in page
    assert [row[:2] for row in copies(site)] == [("bpmn", KEY), ("form", "brand_new")]
    assert site.in_force() == 1


def test_what_somebody_has_drawn_is_kept_when_a_file_is_uploaded_over_it(site: Site) -> None:
    site.save(drawn("mine"), 0, by="second_owner")
    upload(site, ("a.bpmn", ONE.encode()))
    assert copies(site) == [("bpmn", KEY, ONE)]
    with site.office.look() as session:
        saved = session.scalars(select(WorkingCopyRevision.content).order_by(WorkingCopyRevision.id)).all()
    assert saved == [drawn("mine"), ONE]


def test_a_file_in_another_encoding_is_read_as_it_declares(site: Site) -> None:
    chinese = ONE.replace('name="流程"', 'name="现场踏勘流程"')
    text = '<?xml version="1.0" encoding="GB18030"?>\n' + chinese
    upload(site, ("a.bpmn", text.encode("gb18030")))
    ((_, _, content),) = copies(site)
    assert content == '<?xml version="1.0" encoding="UTF-8"?>\n' + chinese


def test_a_file_of_camunda_7_is_rewritten_when_asked(site: Site) -> None:
    plain = upload(site, ("old.bpmn", OLD.encode())).get_data(as_text=True)
    assert "Camunda 7 的写法" in plain
    page = upload(site, ("old.bpmn", OLD.encode()), convert=True).get_data(as_text=True)
    assert "已改写" in page
    assert "Camunda 7 的写法" not in page
    ((_, key, content),) = copies(site)
    assert key == "p_old"
    assert "camunda:candidateGroups" not in content


BOMB = packed(*[(f"{n}.bpmn", b"0" * 9_000_000) for n in range(7)])
HOSTILE: dict[str, tuple[bytes, str]] = {
    "no archive": (b"PK\x03\x04 and then nothing", "这不是压缩包"),
    "empty": (packed(), "没有 .bpmn、.dmn 或 .form 文件"),
    "outside": (packed(("../../etc/x.bpmn", ONE.encode())), "指向包外的路径"),
    "outside, backslashes": (packed(("..\\x.bpmn", ONE.encode())), "指向包外的路径"),
    "absolute": (packed(("/x.bpmn", ONE.encode())), "指向包外的路径"),
    "a bomb": (BOMB, "太多或者太大"),
    "very many": (packed(*[(f"{n}.form", b"{}") for n in range(201)]), "太多或者太大"),
    "an archive inside": (packed(("inner.zip", packed(("a.bpmn", ONE.encode())))), "没有 .bpmn、.dmn 或 .form 文件"),
    "cut off": (packed(("a.bpmn", ONE.encode() * 50))[:-60], "这不是压缩包"),
    "no diagram": (packed(("a.bpmn", b"MZ\x90\x00")), "没有收下"),
    "an entity": (packed(("a.bpmn", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>")), "DOCTYPE"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_archives_are_refused_in_a_sentence_and_nothing_is_stored(site: Site, what: str) -> None:
    content, words = HOSTILE[what]
    answer = upload(site, ("a.zip", content))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert words in page
    assert "Traceback" not in page
    assert copies(site) == []


def test_a_header_that_lies_about_its_size_does_not_fill_the_memory(site: Site) -> None:
    lying = bytearray(packed(("a.bpmn", b"<" * 20_000_000)))
    place = lying.rindex(b"PK\x01\x02")
    lying[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    answer = upload(site, ("a.zip", bytes(lying)))
    assert answer.status_code == 200
    assert copies(site) == []


@pytest.mark.parametrize(("reader", "status"), [("chief", 403), ("clerk", 404), ("admin", 404)])
def test_only_a_process_owner_uploads(site: Site, reader: str, status: int) -> None:
    assert upload(site, ("a.bpmn", ONE.encode()), by=reader).status_code == status
    assert copies(site) == []
    with site.office.look() as session:
        assert session.scalar(select(func.count()).select_from(Definition)) == 2


def test_the_command_line_compares_a_folder_with_what_is_in_force(site: Site, tmp_path: Path) -> None:
    with site.office.look() as session:
        source = session.scalars(select(Definition.source).where(Definition.key == KEY)).one()
    (tmp_path / "bpmn").mkdir()
    (tmp_path / "bpmn" / f"{KEY}.bpmn").write_text(source, encoding="utf-8")
    runner = site.app.test_cli_runner()
    said = runner.invoke(group, ["diff", str(tmp_path)])
    assert (said.exit_code, said.output) == (
        1,
        "note.form：文件夹里没有（现行第 1 版）\n共 2 个，其中 1 个与现行版本相同\n",
    )
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "note.form").write_bytes(form_source())
    assert runner.invoke(group, ["diff", str(tmp_path)]).exit_code == 0
    (tmp_path / "bpmn" / f"{KEY}.bpmn").write_text(source.replace("unit_clerk", "unit_head"), encoding="utf-8")
    told = runner.invoke(group, ["diff", str(tmp_path)]).output.splitlines()
    assert told[:2] == [
        f"{KEY}.bpmn：与现行第 1 版不同",
        "  「first」的办理角色由 项目单位负责人 改为 项目单位经办。",
    ]
    assert site.as_("owner").get("/workshop/guide").status_code == 200
