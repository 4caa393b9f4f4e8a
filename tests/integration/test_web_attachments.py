"""Files over HTTP: what is taken, what is refused, under which name and headers it comes back, and to whom."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from datetime import date
from urllib.parse import quote

from sqlalchemy import select

from app import clock
from app.models.documents import Attachment
from app.models.parameters import ParameterChange, ParameterDecision
from tests.integration.web_clients import PDF, REPORT, County

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + b"\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
JPG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0"
OFFICE = "application/vnd.openxmlformats-officedocument."


def archive(*members: str, content: bytes = b"<x/>") -> bytes:
    """Return a zip with these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name in members:
            written.writestr(name, content)
    return target.getvalue()


def bomb() -> bytes:
    """Return a docx of a few kilobytes that declares a gigabyte."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("word/document.xml", b"<x/>")
        written.writestr("word/media/bomb.bin", b"\0" * (8 * 1024 * 1024))
    plain = target.getvalue()
    size = struct.pack("<I", 8 * 1024 * 1024)
    assert plain.count(size) == 2
    return plain.replace(size, struct.pack("<I", 1_000_000_000))


def crc_broken() -> bytes:
    """Return a zip whose table of contents is cut off."""
    return archive("word/document.xml")[:-30]


TAKEN = {
    "可研报告.pdf": (PDF, "application/pdf"),
    "可行性研究报告（终稿）.docx": (archive("a.xml", "word/document.xml"), OFFICE + "wordprocessingml.document"),
    "预算表.XLSX": (archive("xl/workbook.xml"), OFFICE + "spreadsheetml.sheet"),
    "县政府批复〔2026〕8号.ofd": (archive("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
    "现场照片.png": (PNG, "image/png"),
    "签到表.jpg": (JPG, "image/jpeg"),
    "旧文件.doc": (OLE, "application/msword"),
    "图纸.zip": (archive("图纸/一层.dwg"), "application/zip"),
}
REFUSED = {
    "页面.html": HTML,
    "图.svg": SVG,
    "安装.exe": EXE,
    "没有扩展名": PDF,
    "页面.pdf": HTML,
    "图.png": SVG,
    "照片.jpg": PNG,
    "安装.pdf": EXE,
    "压缩包.docx": archive("a.txt"),
    "表格.docx": archive("xl/workbook.xml"),
    "文书.ofd": archive("ofd.txt"),
    "夹带.zip": archive("说明.txt", "安装.exe"),
    "夹带网页.zip": archive("x/index.html"),
    "越界.zip": archive("../../etc/cron.d/x"),
    "炸弹.docx": bomb(),
    "残缺.docx": crc_broken(),
    "空.pdf": b"",
    "前缀.pdf": b"\n" + PDF,
    "双重.pdf.html": PDF,
}


def blobs(county: County) -> set[str]:
    """Return the names of all files in the store, half-written ones too."""
    folder = county.app.config["SETTINGS"].blobs
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_what_an_office_uses_is_taken_and_comes_back_under_its_own_name(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    for name, (content, media_type) in TAKEN.items():
        answer = clerk.upload(task, name, content)
        told = answer.get_json()
        assert (answer.status_code, told["name"], told["size"]) == (200, name, len(content)), name
        back = clerk.get(told["url"])
        assert back.get_data() == content
        assert back.headers["Content-Type"].split(";")[0] == media_type
        assert back.headers["Content-Disposition"].startswith("attachment; ")
        assert f"filename*=UTF-8''{quote(name)}" in back.headers["Content-Disposition"]
        assert back.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert back.headers["X-Content-Type-Options"] == "nosniff"
        assert back.headers["Cache-Control"] == "private, no-store"
        row = county.attachment(told["id"])
        assert (row.sha256, row.uploaded_by) == (hashlib.sha256(content).hexdigest(), county.people["jyj.wang"])
        assert row.retained_until.year == 2056


def test_a_file_is_kept_for_the_years_of_the_parameter(county: County) -> None:
    with county.change() as session:
        someone = county.people["jyj.wang"]
        change = ParameterChange(
            key="document_retention_years", old="30", new="50", interpretation="", reason="试验", article=30,
            effective_on=clock.today(), proposed_by=someone, proposed_at=clock.now(),
        )  # fmt: skip
        session.add(change)
        session.flush()
        session.add(
            ParameterDecision(
                change_id=change.id, decision="accepted", reason="", decided_by=someone, decided_at=clock.now()
            )
        )
    answer = county.as_("jyj.wang").upload(county["own.task"], "依据.pdf", PDF)
    assert county.attachment(answer.get_json()["id"]).retained_until == date(clock.today().year + 50, 12, 31)


def test_everything_else_is_refused_with_a_sentence_and_leaves_nothing(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    rows, files = county.count(Attachment), blobs(county)
    for name, content in REFUSED.items():
        answer = clerk.upload(task, name, content, headers={"Accept": "application/json"})
        assert answer.status_code == 422, name
        assert answer.get_json()["message"].endswith("。"), name
    sentences = {
        "页面.html": "不接收 .html 文件",
        "页面.pdf": "文件内容与扩展名 .pdf 不符，请用原来的软件另存后再传。",
        "炸弹.docx": "压缩包解开后过大，不能接收。",
        "夹带.zip": "压缩包里有不能接收的文件：安装.exe。",
        "空.pdf": "文件是空的。",
    }
    for name, sentence in sentences.items():
        told = clerk.upload(task, name, REFUSED[name], headers={"Accept": "application/json"}).get_json()
        assert told["message"].startswith(sentence)
    assert (county.count(Attachment), blobs(county)) == (rows, files)
    assert clerk.post(f"/tasks/{task}/attachments", {"field": "x"}).status_code == 422


def test_a_file_above_the_limit_is_refused_and_leaves_nothing(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    limit = county.app.config["SETTINGS"].upload_limit
    rows, files = county.count(Attachment), blobs(county)
    for size in (limit + 1, limit * 2):
        answer = clerk.upload(task, "大.pdf", PDF.ljust(size, b"x"), headers={"Accept": "application/json"})
        assert (answer.status_code, answer.get_json()["title"]) == (413, "文件太大")
    assert (county.count(Attachment), blobs(county)) == (rows, files)
    assert clerk.upload(task, "正好.pdf", PDF.ljust(limit, b"x")).status_code == 200


def test_a_name_never_becomes_a_path_nor_a_header(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    names = {
        "..\\..\\windows\\报告.pdf": "报告.pdf",
        "/etc/报告.pdf": "报告.pdf",
        "报\u202egpj.告.pdf": "报gpj.告.pdf",
        "长" * 300 + ".pdf": "长" * 196 + ".pdf",
        "分号;引号'.pdf": "分号;引号'.pdf",
    }
    for given, kept in names.items():
        told = clerk.upload(task, given, PDF).get_json()
        assert told["name"] == kept
        header = clerk.get(told["url"]).headers["Content-Disposition"]
        assert "\n" not in header
        assert header.startswith("attachment; ")


def test_the_same_bytes_are_kept_once(county: County) -> None:
    clerk, task = county.as_("jyj.wang"), county["own.task"]
    content = PDF + zlib.compress(b"x")
    clerk.upload(task, "一.pdf", content)
    files = blobs(county)
    clerk.upload(task, "二.pdf", content)
    assert blobs(county) == files
    with county.look() as session:
        names = session.scalars(
            select(Attachment.name)
            .where(Attachment.sha256 == hashlib.sha256(content).hexdigest())
            .order_by(Attachment.name)
        ).all()
    assert sorted(names) == sorted(["一.pdf", "二.pdf"])


def test_who_may_have_a_file_and_for_whom_it_does_not_exist(county: County) -> None:
    handed_in, loose, foreign = (county[name] for name in ("own.report", "own.upload", "foreign.report"))
    expected = {
        "jyj.wang": (200, 200, 404),
        "jyj.zhao": (200, 200, 404),
        "jyj.li": (200, 404, 404),
        "wjw.zhou": (404, 404, 200),
        "wjw.xu": (404, 404, 200),
        "dsj.chen": (200, 404, 200),
        "czj.qian": (200, 404, 200),
        "dsj.tu": (404, 404, 404),
        "dsj.zhen": (404, 404, 404),
        "ruanjian.he": (404, 404, 404),
        "daxue.ouyang": (200, 404, 404),
        "daxue.shangguan": (404, 404, 404),
    }
    found = {
        who: tuple(county.as_(who).get(f"/attachments/{one}").status_code for one in (handed_in, loose, foreign))
        for who in expected
    }
    assert found == expected
    assert county.as_("jyj.wang").get(f"/attachments/{'0' * 32}").status_code == 404
    assert county.browser().get(f"/attachments/{handed_in}").location == f"/login?next=/attachments/{handed_in}"
    page = county.as_("wjw.zhou").get(f"/attachments/{handed_in}").get_data(as_text=True)
    assert REPORT not in page
