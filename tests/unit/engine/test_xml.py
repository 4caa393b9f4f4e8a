"""The hardened reader: what it reads, and one finding in words for all that it refuses."""

from __future__ import annotations

import pytest

from app.engine.xml import MAX_BYTES, child, children, local_name, namespace, parse_xml, place_of, text_of
from app.errors import DiagramNotExecutable

DEEP = b"<a>" * 300 + b"</a>" * 300
CHINESE = "<a>流程</a>"
LAUGHS = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "gbk"])
def test_declared_encodings_are_read(encoding: str) -> None:
    source = f"<?xml version='1.0' encoding='{encoding}'?>{CHINESE}".encode(encoding)
    assert text_of(parse_xml(source)) == "流程"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "file-empty"),
        (b" \r\n\t", "file-empty"),
        (b"\x00" * 50, "file-empty"),
        (b"\xef\xbb\xbf", "file-empty"),
        (b"hello", "not-xml"),
        (b"<a>", "not-xml"),
        (b"<a/><b/>", "not-xml"),
        (b"<a>\x00</a>", "not-xml"),
        (b"<a b='&x;'/>", "not-xml"),
        (b"PK\x03\x04" + bytes(range(256)), "not-xml"),
        (b"<?xml version='1.0' encoding='utf-8'?>" + CHINESE.encode("gbk"), "wrong-encoding"),
        (b"<?xml version='1.0' encoding='klingon'?><a/>", "wrong-encoding"),
        (b"<!DOCTYPE a><a/>", "doctype"),
        (b"<!-- x --><?y z?>\n<!DOCTYPE a><a/>", "doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "doctype"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "doctype"),
        (LAUGHS, "doctype"),
        (LAUGHS.decode().encode("utf-16"), "doctype"),
        (b"<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE a><a/>", "doctype"),
        (DEEP, "too-deep"),
        (b"<a " + b" ".join(b'b%d="1"' % n for n in range(2500)) + b"/>", "too-many-attributes"),
        (b"<a/>" + b" " * MAX_BYTES, "file-too-large"),
    ],
)
def test_what_is_refused_gets_one_finding(source: bytes, code: str) -> None:
    with pytest.raises(DiagramNotExecutable) as refusal:
        parse_xml(source)
    (found,) = refusal.value.findings
    assert found.code == code
    assert found.severity == "error"
    assert found.message
    assert found.hint_en


def test_the_encoding_that_was_meant_is_named() -> None:
    with pytest.raises(DiagramNotExecutable) as refusal:
        parse_xml(b"<?xml version='1.0' encoding='utf-8'?>\n" + CHINESE.encode("gbk"))
    assert refusal.value.findings[0].message == "这份文件的文字编码与声明不符（第 2 行，实际可能是 GB18030）。"


def test_the_word_doctype_in_a_comment_is_harmless() -> None:
    assert local_name(parse_xml(b"<a><!-- <!DOCTYPE b> --><![CDATA[<!DOCTYPE c>]]></a>")) == "a"


def test_comments_and_instructions_are_no_elements() -> None:
    root = parse_xml(b"<a xmlns='u'><!-- x --><?y z?><b/><c/></a>")
    assert [local_name(item) for item in children(root)] == ["b", "c"]
    assert local_name(root[0]) == namespace(root[0]) == ""
    assert child(root, "u", "c") is not None
    assert child(root, "other", "c") is None


def test_a_place_is_an_id_or_a_path() -> None:
    root = parse_xml(b"<a><b/><b><c id='x'/><c/></b></a>")
    assert place_of(root[1][0]) == "x"
    assert place_of(root[1][1]) == "/a/b[2]/c[2]"
