"""一键卷宗: a project's archive as one zip, streamed with its index, hashes and seal; who takes it is recorded."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from app import clock
from app.domain.papers import EMPTY, LAYOUTS, Content
from app.domain.papers import content as contents
from app.errors import NotFound
from app.queries import archive_files, panels, task_pages
from app.queries import traces as trace_rows
from app.queries.archive_files import ArchivedFile, ArchivedProject
from app.queries.scope import sees_money
from app.services import archives, audit, handed_in
from app.services.archives import Member
from app.services.page_counts import COUNTED, page_count
from app.services.papers import templates, void_of, word
from app.unit_of_work import read_only, unit_of_work
from app.web import assets, form_sheets, paper_sheets, traces
from app.web.attachments import blobs
from app.web.filters import file_size, form_number, moment
from app.web.identity import Reader, reader
from app.web.paper_sheets import download
from app.web.papers import MARKS
from app.web.prints import CHINESE, files_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.papers import Paper
    from app.services.attachments import BlobStore

pages = Blueprint("archives", __name__, url_prefix="/projects")
LARGEST_COUNTED = 8 * 1024 * 1024
"""Bytes of a file whose pages are counted for the index."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@pages.get("/<no>/archive")
def show(no: str) -> ResponseReturnValue:
    """Show the numbered index of the archive and the button that takes it."""
    who = reader()
    with read_only() as rows, force_locale(CHINESE):
        project = _project(rows, who, no)
        members = _members(rows, who, project)
        count, size = archive_files.size(rows, who.person, project.id)
    sheet = paper_sheets.made(_index(project, members), target=_address(no))
    return render_template(
        "papers/archive.html", project=project, sheet=sheet, members=len(members), files=count, size=file_size(size)
    )


@pages.post("/<no>/archive")
def take(no: str) -> ResponseReturnValue:
    """Stream the archive; that it was taken is recorded with the head of its chain before the first byte."""
    who, now = reader(), clock.now()
    with read_only() as rows, force_locale(CHINESE):
        project = _project(rows, who, no)
        members = _members(rows, who, project)
        members = [*_index_members(rows, project, members), *members]
    listed = archives.manifest(
        members, project_no=no, made_at=now.isoformat(timespec="seconds"), made_by=who.person.name
    )
    with unit_of_work() as rows:
        audit.record(
            rows, "export_archive", subject_kind="project", subject_id=no, actor_id=who.person.id, now=now,
            detail={"files": len(members), "head": json.loads(listed)["head"]},
        )  # fmt: skip
    size, body = archives.stream(members, listed)
    response = Response(body, mimetype="application/zip", direct_passthrough=True)
    response.headers["Content-Length"] = str(size)
    name = f"{no} {project.name} 卷宗 {now:%Y%m%d}.zip"
    response.headers["Content-Disposition"] = download(b"", name).headers["Content-Disposition"]
    return response


def _project(rows: Session, who: Reader, no: str) -> ArchivedProject:
    found = archive_files.project(rows, who.person, no)
    if found is None:
        raise NotFound
    return found


def _address(no: str) -> str:
    return paper_sheets.address(url_for("projects.show", no=no))


def _members(rows: Session, who: Reader, project: ArchivedProject) -> list[Member]:
    """Return every file of the archive but its index, in the order of the index."""
    store = blobs()
    return [
        *_papers(rows, who, project),
        *_forms(rows, who, project),
        *(_file(store, number, one) for number, one in
          enumerate(archive_files.files(rows, who.person, project.id), start=1)),
        _history(rows, who, project),
    ]  # fmt: skip


def _papers(rows: Session, who: Reader, project: ArchivedProject) -> list[Member]:
    prices = sees_money(who.person, project.unit_id)
    found: list[Member] = []
    for number, row in enumerate(archive_files.papers(rows, who.person, project.id), start=1):
        content = contents.from_json(row.content)
        mark = MARKS["void"] if void_of(rows, row.id) is not None else ""
        title = f"{row.title}{f'（第{row.revision}次印发）' if row.revision > 1 else ''}{f'（{mark}）' if mark else ''}"
        stem = f"01_文书/{number:03d}_{archives.safe_name(f'{row.number}_{title}'.strip('_'))}"
        on = content.issued_on
        target = paper_sheets.address(url_for("papers.show", paper_id=row.id))
        sheet = paper_sheets.made(content, target=target, prices=prices, mark=mark)
        found.append(
            archives.of_bytes(f"{stem}.docx", _docx(rows, row, content, target, prices=prices, mark=mark), title=title,
                              number=row.number, on=on)
        )  # fmt: skip
        found.append(archives.of_bytes(f"{stem}.html", _html(sheet, title), title=title, number=row.number, on=on))
    return found


def _docx(rows: Session, row: Paper, content: Content, target: str, *, prices: bool, mark: str) -> bytes:
    template = templates.source_of(rows, row.kind, row.template_id)
    return word.render(template, content, address=target, prices=prices, mark=mark)


def _html(sheet: object, title: str) -> bytes:
    css = (assets.MANIFEST.parent / assets.entries()["paper"].style).read_text(encoding="utf-8")
    return render_template("papers/alone.html", sheet=sheet, title=title, css=css).encode()


def _forms(rows: Session, who: Reader, project: ArchivedProject) -> list[Member]:
    veil = panels.veil(rows, who.person, project.id)
    authors = archive_files.authors(rows, who.person)
    found: list[Member] = []
    for number, (submission, paper) in enumerate(handed_in.of_project(rows, project.id, language="zh"), start=1):
        if authors is not None and paper.by_id not in authors:
            continue
        if not panels.may_read(rows, who.person, veil, (paper.form_id, paper.by_id), project.id):
            continue
        names = task_pages.file_names(rows, files_of(paper))
        content = form_sheets.of_form(
            paper, project=(project.no, project.name), names=names, amounts=submission.answers
        )
        title = f"{paper.title}（{form_number(paper.form_id)}）"
        stem = f"02_表单/{number:04d}_{paper.form_id}_{archives.safe_name(paper.title)}"
        on = paper.at.date().isoformat()
        plain = {
            "form": paper.form_id, "title": paper.title, "at": paper.at.isoformat(), "by": str(veil.name(
                paper.by_id, paper.by, paper.at)), "answers": submission.answers,
        }  # fmt: skip
        page = _html(paper_sheets.made(content, target=_address(project.no)), title)
        found.append(archives.of_bytes(f"{stem}.html", page, title=title, on=on))
        body = json.dumps(plain, ensure_ascii=False, indent=1).encode()
        found.append(archives.of_bytes(f"{stem}.json", body, title=title, on=on))
    return found


def _file(store: BlobStore, number: int, one: ArchivedFile) -> Member:
    return archives.of_file(
        f"03_附件/{number:04d}_{archives.safe_name(one.name)}", lambda: store.open(one.sha256), size=one.size,
        sha256=one.sha256, title=one.name, on=one.uploaded_at.date().isoformat(), pages=_pages(store, one),
    )  # fmt: skip


def _pages(store: BlobStore, one: ArchivedFile) -> int | None:
    """Return how many pages a file has; None where it does not say, or is too large to count."""
    if one.size > LARGEST_COUNTED or not store.exists(one.sha256):
        return None

    def read() -> bytes:
        with store.open(one.sha256) as file:
            return file.read()

    return page_count(one.media_type, read)


def _history(rows: Session, who: Reader, project: ArchivedProject) -> Member:
    """Return the story of the project as CSV that a spreadsheet opens; nothing in it is taken for a formula."""
    told, _total = trace_rows.story(rows, who.person, trace_rows.Scope(project.id), limit=1_000_000, brief=False)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["时间", "何人", "何事"])
    for row in traces.spoken(told):
        writer.writerow([moment(row.at), _cell(row.who), _cell(str(row.what))])
    return archives.of_bytes("04_留痕/办理经过.csv", b"\xef\xbb\xbf" + out.getvalue().encode(), title="办理经过")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _index(project: ArchivedProject, members: list[Member]) -> Content:
    """Return D-20, the numbered index: each document once, with the forms in which it lies in the archive."""
    documents: dict[str, list[Member]] = {}
    for one in members:
        documents.setdefault(one.path.rpartition(".")[0] or one.path, []).append(one)
    rows = [
        {"place": str(place), "name": f"{found[0].title}（{'、'.join(_extension(one) for one in found)}）",
         "number": found[0].number or EMPTY, "on": found[0].on or EMPTY,
         "pages": str(found[0].pages) if found[0].pages else EMPTY, "secrecy": "非密"}
        for place, found in enumerate(documents.values(), start=1)
    ]  # fmt: skip
    scope = f"项目{project.no}“{project.name}”，共{len(rows)}件、{len(members)}个文件。本系统为非涉密系统。"
    return Content(
        kind="D-20", title="项目卷宗目录", parts=LAYOUTS["D-20"], values={"scope": [scope, COUNTED], "items": rows},
        project_no=project.no, project_name=project.name, issued_on=clock.today().isoformat(),
    )  # fmt: skip


def _extension(one: Member) -> str:
    return one.path.rpartition(".")[2]


def _index_members(rows: Session, project: ArchivedProject, members: list[Member]) -> list[Member]:
    content = _index(project, members)
    target = _address(project.no)
    template = templates.source_of(rows, "D-20", None)
    return [
        archives.of_bytes("00_卷宗目录.html", _html(paper_sheets.made(content, target=target), content.title)),
        archives.of_bytes("00_卷宗目录.docx", word.render(template, content, address=target)),
    ]
