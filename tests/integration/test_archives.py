"""A project's archive: streamed whole, verified by hashes, chain and seal, and every kind of tampering found."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.documents import AuditEvent, Submission
from app.models.process import UserTask
from app.services import archives
from app.services.archives import CHANGED, INTACT, MANIFEST, UNREADABLE
from tests.integration.web_clients import OWN, PDF, REPORT, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county, site

__all__ = ["_postgres_county", "_sqlite_county", "county", "site"]


def taken(county: County, who: str = "jyj.wang") -> bytes:
    """Return the archive of the own project as somebody takes it."""
    answer = county.as_(who).post(f"/projects/{county['own.project']}/archive", {})
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return answer.data


def told(folder: Path, body: bytes) -> tuple[int, list[tuple[str, str]]]:
    """Return what verifying these bytes says."""
    file = folder / "卷宗.zip"
    file.write_bytes(body)
    verdict = archives.verify(file)
    return verdict.status, [(one.code, one.name) for one in verdict.problems]


def rewritten(body: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return the archive with its members changed."""
    with zipfile.ZipFile(io.BytesIO(body)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in members.items():
            target.writestr(name, content)
    return out.getvalue()


def test_an_archive_holds_index_papers_forms_files_and_history(county: County, tmp_path: Path) -> None:
    body = taken(county)
    assert told(tmp_path, body) == (INTACT, [])
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = archive.namelist()
        listed = json.loads(archive.read(MANIFEST))
        index = archive.read("00_卷宗目录.html").decode()
        form = next(name for name in names if name.endswith("_f02_年度计划项.json"))
        answers = json.loads(archive.read(form))
        history = archive.read("04_留痕/办理经过.csv").decode("utf-8-sig")
        attachment = archive.read(next(name for name in names if name.startswith("03_附件/")))
    assert [one["path"] for one in listed["entries"]] == names[:-1]
    assert names[-1] == MANIFEST
    number = f"修数审〔2026〕{county['own.project_id']}号"
    assert f"01_文书/001_{number}_审核意见书.docx" in names
    assert f"01_文书/001_{number}_审核意见书.html" in names
    assert (listed["project_no"], listed["made_by"]) == (county["own.project"], "王芳")
    assert "非密" in index
    assert REPORT in index
    assert answers["answers"]["name"] == OWN
    assert attachment == PDF
    assert history.splitlines()[0] == "时间,何人,何事"
    with county.look() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "export_archive")).one()
        assert event.detail == {"files": len(names) - 1, "head": listed["head"]}


def test_the_bureau_takes_it_too_and_its_page_shows_the_index(county: County, tmp_path: Path) -> None:
    assert told(tmp_path, taken(county, "dsj.chen"))[0] == INTACT
    page = county.as_("dsj.chen").get(f"/projects/{county['own.project']}/archive").get_data(as_text=True)
    assert "项目卷宗目录" in page
    assert '<div class="head no-print"><h1>一键卷宗' in page  # the printed index begins with its own title
    assert county.as_("czj.qian").post(f"/projects/{county['own.project']}/archive", {}).status_code == 404
    assert county.as_("wjw.zhou").post(f"/projects/{county['own.project']}/archive", {}).status_code == 404


def test_what_the_offices_wrote_reaches_the_unit_as_papers_only(county: County, tmp_path: Path) -> None:
    with county.change() as session:
        own = session.scalars(select(Submission).where(Submission.project_id == county["own.project_id"])).first()
        assert own is not None
        task = UserTask(
            instance_id=own.instance_id, key="office", element_id="office", name="office", form_id="f02s",
            project_id=own.project_id, created_at=own.at, properties={}, inputs={}, status="completed",
        )  # fmt: skip
        session.add(task)
        session.flush()
        session.add(
            Submission(
                task_id=task.id, instance_id=own.instance_id, project_id=own.project_id, element_id="office",
                form_id="f02", form_definition_id=own.form_definition_id, answers={"name": "局内意见"},
                by_id=county.people["dsj.chen"], at=own.at,
            )
        )  # fmt: skip
        key = task.id
    held = {who: b"".join(_forms(taken(county, who))) for who in ("jyj.wang", "dsj.chen")}
    assert "局内意见".encode() not in held["jyj.wang"]
    assert "局内意见".encode() in held["dsj.chen"]
    assert OWN.encode() in held["jyj.wang"]
    assert county.as_("jyj.wang").get(f"/tasks/{key}/print").status_code == 404
    assert county.as_("dsj.chen").get(f"/tasks/{key}/print").status_code == 200
    assert told(tmp_path, taken(county))[0] == INTACT


def _forms(body: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith("02_表单/")]


def test_every_change_is_found_and_named(site: County, tmp_path: Path) -> None:
    body = taken(site)
    paper = next(n for n in zipfile.ZipFile(io.BytesIO(body)).namelist() if n.endswith("审核意见书.html"))

    def change_byte(members: dict[str, bytes]) -> None:
        members[paper] = members[paper].replace("通过".encode(), "退回".encode(), 1)

    def drop(members: dict[str, bytes]) -> None:
        del members[paper]

    def add(members: dict[str, bytes]) -> None:
        members["01_文书/999_假.docx"] = b"x"

    def relist(members: dict[str, bytes]) -> None:
        change_byte(members)
        listed = json.loads(members[MANIFEST])
        entry = next(one for one in listed["entries"] if one["path"] == paper)
        entry["sha256"] = archives.of_bytes(paper, members[paper]).sha256
        members[MANIFEST] = json.dumps(listed, ensure_ascii=False).encode()

    def rebuild(members: dict[str, bytes]) -> None:
        relist(members)
        listed = json.loads(members[MANIFEST])
        pairs = [(one["path"], one["sha256"]) for one in listed["entries"]]
        links = archives.chained(listed["project_no"], pairs)
        for one, link in zip(listed["entries"], links, strict=True):
            one["link"] = link
        listed["head"] = links[-1]
        members[MANIFEST] = json.dumps(listed, ensure_ascii=False).encode()

    def another_hand(members: dict[str, bytes]) -> None:
        listed = json.loads(members[MANIFEST]) | {"made_by": "别人"}
        members[MANIFEST] = json.dumps(listed, ensure_ascii=False).encode()

    def twice(members: dict[str, bytes]) -> None:
        listed = json.loads(members[MANIFEST])
        listed["entries"].append(listed["entries"][0])
        members[MANIFEST] = json.dumps(listed, ensure_ascii=False).encode()

    first = json.loads(zipfile.ZipFile(io.BytesIO(body)).read(MANIFEST))["entries"][0]["path"]
    expected: list[tuple[Callable[[dict[str, bytes]], None], list[tuple[str, str]]]] = [
        (change_byte, [("changed", paper)]),
        (drop, [("missing", paper)]),
        (add, [("surplus", "01_文书/999_假.docx")]),
        (relist, [("chain", paper), ("seal", "")]),
        (rebuild, [("seal", "")]),
        (another_hand, [("seal", "")]),
        (twice, [("chain", first), ("seal", ""), ("listed twice", first)]),
    ]
    for tamper, problems in expected:
        assert told(tmp_path, rewritten(body, tamper)) == (CHANGED, problems), tamper.__name__
    assert told(tmp_path, rewritten(body, lambda _members: None)) == (INTACT, [])


def hostile(**members: bytes) -> bytes:
    """Return a zip with these members beside a manifest."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def compressed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * 50_000_000)
    return out.getvalue()


def link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("passwd")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def duplicate() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"2")
    return out.getvalue()


def test_what_is_no_archive_or_hostile_is_not_touched(site: County, tmp_path: Path) -> None:
    body = taken(site)
    nested = ("[" * 100_000).encode()
    expected = [
        (b"", "broken"),
        (b"no zip at all", "broken"),
        (body[:500], "broken"),
        (hostile(**{"../../etc/passwd": b"x"}), "traversal"),
        (hostile(**{"/etc/passwd": b"x"}), "traversal"),
        (hostile(**{"..\\x": b"x"}), "traversal"),
        (duplicate(), "duplicate"),
        (link(), "link"),
        (compressed(), "compressed"),
        (hostile(a=b"x"), "no manifest"),
        (hostile(**{MANIFEST: b"{"}), "unreadable manifest"),
        (hostile(**{MANIFEST: nested}), "unreadable manifest"),
        (hostile(**{MANIFEST: b"[]"}), "bad manifest"),
        (hostile(**{MANIFEST: b'{"format": "xiuwu-archive/1", "entries": [1]}'}), "bad manifest"),
    ]
    for content, code in expected:
        status, problems = told(tmp_path, content)
        assert (status, [found for found, _name in problems]) == (UNREADABLE, [code])
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".zip") == ["卷宗.zip"]


def test_the_command_says_it_in_two_languages_and_by_its_status(site: County, tmp_path: Path) -> None:
    body = taken(site)
    good, bad, none = tmp_path / "好.zip", tmp_path / "改.zip", tmp_path / "没有.zip"
    good.write_bytes(body)
    bad.write_bytes(rewritten(body, lambda members: members.update({"多余.txt": b"x"})))
    run = site.app.test_cli_runner().invoke
    intact = run(args=["archive", "verify", str(good)])
    assert (intact.exit_code, intact.output.startswith(f"卷宗完好：{site['own.project']}，")) == (0, True)
    changed = run(args=["archive", "verify", str(bad)])
    assert (changed.exit_code, changed.output) == (1, "卷宗被改动，共 1 处：\n  多出清单里没有的文件：多余.txt。\n")
    english = run(args=["archive", "verify", "--lang", "en", str(bad)])
    assert english.output == "The archive was changed in 1 places:\n  A file that is not in the list: 多余.txt.\n"
    assert run(args=["archive", "verify", str(none)]).exit_code == 2


def test_names_are_safe_and_formulas_are_text() -> None:
    assert archives.safe_name("../../etc/passwd") == "_.._etc_passwd"
    assert archives.safe_name('a:b*c?"<>|\n.docx') == "a_b_c______.docx"
    assert archives.safe_name("字" * 200 + ".pdf") == "字" * 76 + ".pdf"
    assert archives.safe_name("  ") == "_"


def test_a_file_cut_short_lengthened_or_renamed_is_told_apart(site: County, tmp_path: Path) -> None:
    body = taken(site)
    for cut in (1, 30, len(body) // 2, len(body) - 10):
        assert told(tmp_path, body[:-cut]) == (UNREADABLE, [("broken", "")]), cut
    noted = io.BytesIO(body)
    with zipfile.ZipFile(noted, "a") as archive:
        archive.comment = "另附说明".encode()
    longer = {"behind": body + b"x" * 40, "before": b"MZ" + body, "comment": noted.getvalue()}
    for where, changed in longer.items():
        assert told(tmp_path, changed) == (CHANGED, [("extended", "")]), where
    renamed = tmp_path / "随便改的名字.bin"
    renamed.write_bytes(body)
    assert archives.verify(renamed).status == INTACT
