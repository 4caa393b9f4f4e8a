"""What may be uploaded, and where the bytes lie."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from app.errors import NotFound
from app.services.attachments import LocalBlobs, NotAccepted, TooLarge, clean_name, judge


def archive(members: dict[str, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("可行性研究报告（终稿）.docx", "可行性研究报告（终稿）.docx"),
        ("C:\\fakepath\\报告.pdf", "报告.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202egnp.pdf", "abgnp.pdf"),
        ("..", "未命名"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_names_stay_chinese_and_never_become_paths(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("报告.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("旧版.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "application/msword"),
        ("照片.JPG", b"\xff\xd8\xff\xe0", "image/jpeg"),
    ],
)
def test_a_file_is_what_its_first_bytes_and_its_name_say(name: str, content: bytes, media_type: str) -> None:
    source = io.BytesIO(content)
    assert judge(name, source).media_type == media_type
    assert source.tell() == 0


def test_office_files_are_told_apart_by_their_members() -> None:
    assert judge("一.docx", archive({"word/document.xml": b"<a/>"})).extensions == (".docx",)
    assert judge("二.ofd", archive({"OFD.xml": b"<a/>"})).extensions == (".ofd",)
    with pytest.raises(NotAccepted) as refused:
        judge("三.xlsx", archive({"word/document.xml": b"<a/>"}))
    assert refused.value.values == {"extension": ".xlsx"}


@pytest.mark.parametrize("name", ["页面.html", "图.svg", "程序.exe", "没有扩展名"])
def test_other_kinds_are_refused(name: str) -> None:
    with pytest.raises(NotAccepted) as refused:
        judge(name, io.BytesIO(b"<html>"))
    assert refused.value.status == 422


def test_a_page_that_calls_itself_pdf_is_refused() -> None:
    with pytest.raises(NotAccepted, match="不符"):
        judge("报告.pdf", io.BytesIO(b"<html><script>"))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(NotAccepted, match="空"):
        judge("报告.pdf", io.BytesIO(b""))


def test_a_zip_bomb_is_found_without_unpacking() -> None:
    with pytest.raises(NotAccepted, match="过大"):
        judge("材料.zip", archive({"零": b"\0" * 200_000_000}))


def test_an_archive_may_not_leave_its_folder_nor_hold_programs() -> None:
    with pytest.raises(NotAccepted, match="越出目录"):
        judge("材料.zip", archive({"../../x.pdf": b"%PDF-"}))
    with pytest.raises(NotAccepted, match="不能接收的文件"):
        judge("材料.zip", archive({"工具/安装.EXE": b"MZ"}))


def test_a_damaged_archive_is_refused() -> None:
    with pytest.raises(NotAccepted, match="损坏"):
        judge("材料.zip", io.BytesIO(b"PK\x03\x04" + b"broken" * 20))


def test_bytes_lie_under_their_digest_once(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    content = "修武县".encode() * 1000
    digest = hashlib.sha256(content).hexdigest()
    first = blobs.put(io.BytesIO(content), limit=len(content))
    second = blobs.put(io.BytesIO(content), limit=len(content))
    assert first == second
    assert (first.sha256, first.size) == (digest, len(content))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / digest[:2] / digest]
    with blobs.open(digest) as file:
        assert file.read() == content


def test_what_is_too_large_leaves_nothing(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    with pytest.raises(TooLarge) as refused:
        blobs.put(io.BytesIO(b"x" * 11), limit=10)
    assert refused.value.status == 413
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["../../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_a_digest_names_bytes(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        LocalBlobs(tmp_path).open(name)


def test_unknown_bytes_are_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        LocalBlobs(tmp_path).open("0" * 64)
