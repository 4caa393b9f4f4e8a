"""A drawn file as text: decoded as it declares, held to what it claims to be, and the id that it gives itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.decision_model import model_of, read_decisions
from app.engine.lint.diagram import Diagram
from app.engine.lint.vocabulary import Vocabulary
from app.errors import DiagramNotExecutable, Finding

if TYPE_CHECKING:
    from app.engine.xml import XmlElement

_DECLARATION: Final = re.compile(r"\A\ufeff?<\?xml\b[^>]*?\?>\s*")
_DECLARED: Final = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UTF_8: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def text_of(source: bytes, kind: str) -> str:
    """Return the bytes of a `bpmn`, `dmn` or `form` file as text that declares UTF-8 where it declares anything.

    Raises DiagramNotExecutable with one finding where the bytes are not in the encoding that they declare, or no XML.
    """
    if kind == "form":
        try:
            return source.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _refused("wrong-encoding-form") from None
    root = xml.parse_xml(source)
    declared = root.getroottree().docinfo.encoding or "UTF-8"
    try:
        text = source.decode("utf-8-sig" if declared.upper().replace("-", "") == "UTF8" else declared)
    except (UnicodeDecodeError, LookupError):
        raise _refused("wrong-encoding") from None
    return declared_as_utf_8(text)


def declared_as_utf_8(text: str) -> str:
    """Return XML text whose declaration, if it has one that names another encoding, says UTF-8."""
    found = _DECLARATION.match(text)
    if found is None:
        return text.removeprefix("\ufeff")
    said = _DECLARED.search(found[0])
    if said is not None and said[1].upper() == "UTF-8" and not text.startswith("\ufeff"):
        return text
    return _UTF_8 + text[found.end() :]


def root_of(text: str, kind: str) -> XmlElement:
    """Return the root of a diagram or decision file; raise DiagramNotExecutable where it is none."""
    root = xml.parse_xml(declared_as_utf_8(text).encode())
    name = xml.local_name(root)
    if kind == "bpmn" and (xml.namespace(root), name) != (xml.BPMN, "definitions"):
        raise _refused("not-bpmn")
    if kind == "dmn" and (xml.namespace(root) not in xml.DMN_VERSIONS or name != "definitions"):
        raise _refused("dmn-not-dmn")
    return root


def identity_of(text: str, kind: str) -> tuple[str, str]:
    """Return the id and name of the executable process or of the top decision of a file, each empty where it has none.

    Raises DiagramNotExecutable where the text is no such file.
    """
    root = root_of(text, kind)
    if kind == "dmn":
        decisions = read_decisions(root)
        if not decisions:
            return "", ""
        model = model_of(decisions)
        return model.key, model.name
    processes = Diagram(root, Vocabulary()).processes
    if not processes:
        return "", ""
    return processes[0].get("id", "").strip(), processes[0].get("name", "").strip()


def _refused(code: str) -> DiagramNotExecutable:
    zh, en = _SENTENCES[code]
    return DiagramNotExecutable([Finding(code, "", "error", zh, en)])


_SENTENCES: Final = {
    "not-bpmn": ("这不是 BPMN 2.0 流程图。", "This is not a BPMN 2.0 diagram."),
    "dmn-not-dmn": ("这不是 DMN 决策表。", "This is not a DMN decision table."),
    "wrong-encoding": ("这份文件的文字编码与声明不符。", "This file is not in the encoding that it declares."),
    "wrong-encoding-form": ("这份表单不是 UTF-8 编码。", "This form is not in UTF-8."),
}
