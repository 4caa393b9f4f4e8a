"""The desktop Camunda Modeler's way: every file as one archive with the county's choices, and files taken in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import sandbox
from app.engine import drawn_file
from app.errors import DiagramNotExecutable, Finding, Refused
from app.models.process import Definition
from app.models.workshop import WorkingCopy
from app.services import choices, definitions, working_copies, workshop_checks

if TYPE_CHECKING:
    from app.services.context import Actor

SUFFIXES = {".bpmn": "bpmn", ".dmn": "dmn", ".form": "form"}
MOST_FILES = 200
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_ARCHIVE = 50 * 1024 * 1024
SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"


@dataclass(frozen=True)
class Taken:
    """What became of one file that was handed in."""

    name: str
    kind: str = ""
    key: str = ""
    stored: bool = False
    new: bool = False
    refused: Finding | None = None
    findings: tuple[Finding, ...] = ()
    converted: tuple[tuple[str, str], ...] = field(default=())
    """Element and what was rewritten of it."""


def archive(session: Session, *, drawn: bool = False) -> bytes:
    """Return every file in force as a zip, with element templates and a page how to; `drawn`: working copies instead.

    The archive of the same files is the same, byte for byte.
    """
    texts = {(row.kind, row.key): row.source for row in session.scalars(select(Definition).where(Definition.in_force))}
    if drawn:
        texts |= {(row.kind, row.key): row.content for row in session.scalars(select(WorkingCopy))}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for (kind, key), text in sorted(texts.items()):
            _put(packed, f"{'forms' if kind == 'form' else 'bpmn'}/{key}.{kind}", text)
        templates = json.dumps(element_templates(choices.current(session)), ensure_ascii=False, indent=2)
        _put(packed, "element-templates/xiuwu.json", templates)
        _put(packed, "使用说明.txt", GUIDE)
    return written.getvalue()


def _put(packed: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(entry, text.encode())


def element_templates(offered: choices.Choices) -> list[dict[str, object]]:
    """Return the county's choices as element templates of Camunda 8, for the desktop modeler's properties panel."""
    return [
        _template("user-task", "县级办理任务", "bpmn:UserTask", [
            _dropdown("办理角色", _pairs(offered, "roles", "zh"), "zeebe:assignmentDefinition", "candidateGroups"),
            _dropdown("表单", _pairs(offered, "forms", "title"), "zeebe:formDefinition", "formId"),
        ]),
        _template("service-task", "县级服务操作", "bpmn:ServiceTask", [
            _dropdown("操作", _pairs(offered, "operations", "name"), "zeebe:taskDefinition", "type"),
        ]),
        _template("call-activity", "调用县级流程", "bpmn:CallActivity", [
            _dropdown("流程", _pairs(offered, "processes", "name"), "zeebe:calledElement", "processId"),
        ]),
        _template("decision-task", "调用县级决策", "bpmn:BusinessRuleTask", [
            _dropdown("决策", _pairs(offered, "decisions", "name"), "zeebe:calledDecision", "decisionId"),
        ]),
    ]  # fmt: skip


def _template(key: str, name: str, applies: str, properties: list[dict[str, object]]) -> dict[str, object]:
    return {
        "$schema": SCHEMA, "name": name, "id": f"xiuwu.{key}", "version": 1, "appliesTo": [applies],
        "elementType": {"value": applies}, "properties": properties,
    }  # fmt: skip


def _dropdown(label: str, pairs: list[tuple[str, str]], binding: str, name: str) -> dict[str, object]:
    listed = [{"name": f"{title}（{value}）", "value": value} for value, title in pairs]
    return {"label": label, "type": "Dropdown", "choices": listed, "binding": {"type": binding, "property": name}}


def _pairs(offered: choices.Choices, what: str, title: str) -> list[tuple[str, str]]:
    rows = cast("Sequence[dict[str, object]]", offered[what])
    return [(str(row["id"]), str(row.get(title) or row["id"])) for row in rows]


def take_in(
    session: Session, files: Sequence[tuple[str, bytes]], *, convert: bool, by: Actor, now: datetime
) -> list[Taken]:
    """Take files, or archives of files, into working copies; say of each what became of it, with its findings.

    `convert`: what is written for Camunda 7 is rewritten where it has a counterpart. What cannot be read is refused in
    a sentence and not stored; an archive that is too large, or names files outside itself, is refused whole.
    """
    working_copies.must_draw(by)
    opened: list[tuple[str, bytes]] = []
    taken: list[Taken] = []
    for name, content in files:
        if not name.lower().endswith(".zip"):
            opened.append((name, content))
            continue
        try:
            opened.extend(_unpacked(content))
        except Refused as refused:
            taken.append(Taken(name, refused=Finding("archive", "", "error", refused.message, _EN[refused.message])))
    if len(opened) > MOST_FILES:
        raise Refused("一次最多上传 %(most)s 个文件。", most=MOST_FILES)
    return [*taken, *(_take(session, name, content, convert=convert, by=by, now=now) for name, content in opened)]


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
        entries = [entry for entry in packed.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused(NO_ARCHIVE) from None
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST_ARCHIVE:
        raise Refused(ARCHIVE_TOO_LARGE)
    found = []
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or entry.flag_bits & 0x1:
            raise Refused(ARCHIVE_REFUSED)
        if path.suffix.lower() in SUFFIXES:
            found.append((path.name, _read(packed, entry)))
    if not found:
        raise Refused(ARCHIVE_EMPTY)
    return iter(found)


def _read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return an entry, never more than one file may hold, whatever its header says."""
    try:
        with packed.open(entry) as opened:
            return opened.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise Refused(NO_ARCHIVE) from None
    except Exception as broken:  # zlib and lzma have errors of their own
        raise Refused(NO_ARCHIVE) from broken


def _take(session: Session, name: str, content: bytes, *, convert: bool, by: Actor, now: datetime) -> Taken:
    kind = SUFFIXES.get(PurePosixPath(name.lower()).suffix, "")
    short = PurePosixPath(name.replace("\\", "/")).name[:120]
    if not kind:
        return Taken(short, refused=_finding(UNKNOWN_KIND))
    if len(content) > LARGEST_FILE:
        return Taken(short, kind, refused=_finding(FILE_TOO_LARGE))
    try:
        text = drawn_file.text_of(content, kind)
        done: tuple[tuple[str, str], ...] = ()
        if convert and kind == "bpmn":
            text, done = sandbox.convert(text)
        key, _ = working_copies.identity(kind, text)
    except DiagramNotExecutable as refused:
        return Taken(short, kind, refused=refused.findings[0])
    if "\0" in text or len(key) > LONGEST_KEY:
        return Taken(short, kind, refused=_finding(KEY_TOO_LONG))
    copy = working_copies.of(session, kind, key)
    known = copy is not None or definitions.in_force(session, kind, key) is not None
    if known:
        working_copies.save(session, kind, key, text, revision=copy.revision if copy else 0, by=by, now=now)
    else:
        working_copies.create(session, kind, text, by=by, now=now)
    found = workshop_checks.lint(session, text, kind).findings
    return Taken(short, kind, key, stored=True, new=not known, findings=found, converted=done)


LONGEST_KEY = 80
NO_ARCHIVE = "这不是压缩包，或者它已损坏。"
ARCHIVE_TOO_LARGE = "压缩包里的文件太多或者太大：最多 200 个，合计 50 MB。"
ARCHIVE_REFUSED = "压缩包里有加密的文件，或者指向包外的路径，整包不予读取。"
ARCHIVE_EMPTY = "压缩包里没有 .bpmn、.dmn 或 .form 文件。"
UNKNOWN_KIND = "只收 .bpmn、.dmn、.form 文件和装有它们的 .zip。"
FILE_TOO_LARGE = "这份文件超过 10 MB，不予读取。"
KEY_TOO_LONG = "文件里的标识太长，最多 80 个字符。"
_EN = {
    NO_ARCHIVE: "This is no zip archive, or it is damaged.",
    ARCHIVE_TOO_LARGE: "The archive holds too many or too large files: at most 200, together 50 MB.",
    ARCHIVE_REFUSED: "The archive holds encrypted files or paths that lead out of it; it is not read.",
    ARCHIVE_EMPTY: "The archive holds no .bpmn, .dmn or .form file.",
    UNKNOWN_KIND: "Only .bpmn, .dmn and .form files are taken, and .zip archives of them.",
    FILE_TOO_LARGE: "This file is larger than 10 MB and is not read.",
    KEY_TOO_LONG: "The id in this file is too long: at most 80 characters.",
}


def _finding(message: str) -> Finding:
    return Finding("upload", "", "error", message, _EN[message])


GUIDE = """用桌面版 Camunda Modeler 修改县里的流程

一、解开压缩包。bpmn 文件夹里是流程图和决策表，forms 文件夹里是表单，element-templates 文件夹里是本县的选项。
二、把 element-templates/xiuwu.json 复制到 Camunda Modeler 的 resources/element-templates 文件夹，重新打开软件。
    选中任务后点“选择模板”，就能从清单里选办理角色、表单、操作、流程和决策。
三、打开 .bpmn 文件修改，保存。流程的标识（id）不要改，改了就成了另一个流程。
四、在“流程工坊”的“上传”里选改好的文件，或者把整个文件夹压缩后上传。系统逐个检查，存为工作稿，不影响正在办的事项。
五、按检查结果改好后提请放行，由大数据局领导比较新旧、放行后施行。
六、正在办的事项照原来的版本办完。要让它们也走新图，施行后在“各个版本”里迁移；只能迁移到现行版本，要用以前的版本，先恢复它。

表达式一律用 FEEL，以等号开头，例如 =deadline.acceptance.fires_at。法定时限从台账读取，不要在图上写天数。
"""
