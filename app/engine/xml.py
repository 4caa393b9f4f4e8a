"""XML as drawn files hold it: a hardened reader, the namespaces of the standards, and how to walk a tree."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from lxml import etree

from app.errors import DiagramNotExecutable, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

XmlElement: TypeAlias = "etree._Element"  # noqa: SLF001 - lxml names its public type so
"""An element of a tree."""

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"
MODELER: Final = "http://camunda.org/schema/modeler/1.0"
CAMUNDA_7: Final = "http://camunda.org/schema/1.0/bpmn"
JAVA_ENGINES: Final = {
    CAMUNDA_7: "Camunda 7",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
}
"""Namespaces of the engines whose notation is one family → what each is called."""
DMN: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DMN_VERSIONS: Final = frozenset(
    {
        DMN,
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)

MAX_BYTES: Final = 10 * 1024 * 1024
"""Largest file that is read, in bytes."""

_UTF_16_OR_32 = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
_PROLOG = re.compile(r"\ufeff?(?:\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_PROLOG_CHARACTERS = 64 * 1024
_MOST_TAGS = 250_000
"""A tree of more elements takes seconds and hundreds of megabytes."""
_FARTHEST = 1e6
_MOST_ATTRIBUTES = 2_000
"""Of one element; libxml2 compares each with every other."""


def parse_xml(source: bytes) -> XmlElement:
    """Return the root element of `source` (at most 10 MB, without DOCTYPE), reading nothing but these bytes.

    Raises DiagramNotExecutable with exactly one finding, in words, when the bytes are no such XML. No entity is
    resolved and nothing is fetched; nesting beyond 256 levels and single texts beyond 10 MB are refused by libxml2.
    """
    if len(source) > MAX_BYTES:
        raise _unreadable("file-too-large")
    if not source.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise _unreadable("file-empty")
    if _PROLOG.match(_prolog(source)):
        raise _unreadable("doctype")
    if source.count(b"<") > _MOST_TAGS:
        raise _unreadable("too-tangled")
    if any(_attributes(tag) > _MOST_ATTRIBUTES for tag in source.split(b"<") if len(tag) > _MOST_ATTRIBUTES):
        raise _unreadable("too-many-attributes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise _not_xml(source, error) from None
    except (ValueError, LookupError, OSError, AssertionError):
        raise _unreadable("not-xml", line=1, column=1) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unreadable("doctype")
    return root


def local_name(element: XmlElement) -> str:
    """Return the name without its namespace; empty for comments and processing instructions."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: XmlElement) -> str:
    """Return the namespace, empty where there is none and for comments and processing instructions."""
    tag: object = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def is_bpmn(element: XmlElement, *names: str) -> bool:
    """Say whether it is an element of BPMN 2.0, of one of the local `names` where any are given."""
    return namespace(element) == BPMN and (not names or local_name(element) in names)


def children(parent: XmlElement, space: str | None = None, *names: str) -> Iterator[XmlElement]:
    """Yield the child elements (never comments), of one namespace and of the local `names` where these are given."""
    yield from parent.iterchildren(*_tags(space, names))


def child(parent: XmlElement, space: str, *names: str) -> XmlElement | None:
    """Return the first such child element."""
    return next(children(parent, space, *names), None)


def descendants(parent: XmlElement, space: str | None = None, *names: str) -> Iterator[XmlElement]:
    """Yield the elements below `parent` in document order (never comments, never `parent` itself)."""
    yield from parent.iterdescendants(*_tags(space, names))


def extension(element: XmlElement, *names: str) -> XmlElement | None:
    """Return the first `zeebe:` extension element of these local names that hangs directly on a BPMN element."""
    return next(extensions(element, *names), None)


def extensions(element: XmlElement, *names: str) -> Iterator[XmlElement]:
    """Yield the `zeebe:` extension elements of these local names that hang directly on a BPMN element."""
    for holder in children(element, BPMN, "extensionElements"):
        yield from children(holder, ZEEBE, *names)


def text_of(element: XmlElement | None) -> str:
    """Return the text of an element without surrounding white space; empty where there is no element."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def pixels(element: XmlElement, name: str) -> float | None:
    """Return a coordinate of a drawing; None for what is no number, or lies where nothing can be drawn."""
    try:
        found = float(element.get(name, "0"))
    except ValueError:
        return None
    return found if abs(found) <= _FARTHEST else None  # neither for infinity nor for what is not a number


def place_of(element: XmlElement) -> str:
    """Return the id of an element, or where it stands (`/definitions/process[1]/task[3]`) if it has none."""
    own = element.get("id", "").strip()
    if own:
        return own
    steps: list[str] = []
    node: XmlElement | None = element
    while node is not None:
        parent = node.getparent()
        name = local_name(node)
        if parent is not None:
            same = [sibling for sibling in parent if local_name(sibling) == name]
            name = f"{name}[{same.index(node) + 1}]"
        steps.append(name)
        node = parent
    return "/" + "/".join(reversed(steps))


@lru_cache(maxsize=512)
def _tags(space: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what lxml is to look for: with these it goes over the tree by itself."""
    within = "*" if space is None else space
    return tuple(f"{{{within}}}{name}" for name in names) or (f"{{{within}}}*",)


def _attributes(tag: bytes) -> int:
    """Return how many attributes an element can have at most: the equals signs up to its end."""
    return tag.partition(b">")[0].count(b"=")


def _prolog(source: bytes) -> str:
    head = source[:_PROLOG_CHARACTERS]
    encoding = next((name for mark, name in _UTF_16_OR_32 if head.startswith(mark)), "latin-1")
    text = head.decode(encoding, errors="ignore")
    return text.removeprefix("\xef\xbb\xbf")


def _not_xml(source: bytes, error: etree.XMLSyntaxError) -> DiagramNotExecutable:
    line, column = error.position or (1, 1)
    text = str(error.msg)
    if "depth" in text:
        return _unreadable("too-deep")
    if "ncod" in text or "ndecodable" in text or "UTF-8" in text:
        return _unreadable("wrong-encoding", line=line or 1, guess=_guessed_encoding(source))
    return _unreadable("not-xml", line=line or 1, column=column or 1)


def _guessed_encoding(source: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            source.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding.upper()
    return "?"


TOO_TANGLED: Final = (
    "这份文件太大或太复杂，无法检查。",
    "This file is too large or too tangled to be checked.",
    "流程图的上限为 5000 个流程元素、64 层嵌套：请拆成几个流程，用调用活动连接。",
    "A diagram may have 5,000 flow elements and 64 levels: split it into several processes joined by call activities.",
)
_SENTENCES: Final = {
    "file-too-large": (
        "这份文件超过 10 MB，不予读取。",
        "This file is larger than 10 MB and is not read.",
        "流程图通常不到 1 MB：请去掉嵌入的图片和附件，或拆成几个流程。",
        "A diagram is normally smaller than 1 MB: take embedded pictures out, or split it into several processes.",
    ),
    "file-empty": (
        "这份文件是空的。",
        "This file is empty.",
        "请重新导出流程图后再上传。",
        "Export the diagram again and upload that.",
    ),
    "doctype": (
        "这份文件含有 DOCTYPE 声明，不予读取。",
        "This file holds a DOCTYPE declaration and is not read.",
        "流程图不需要 DOCTYPE：请删去 <!DOCTYPE …> 一段。",
        "A diagram needs no DOCTYPE: remove the <!DOCTYPE …> part.",
    ),
    "too-deep": (
        "这份文件嵌套过深，不予读取。",
        "This file is nested too deeply and is not read.",
        "请把内层的子流程改为调用活动。",
        "Turn inner sub-processes into call activities.",
    ),
    "too-tangled": TOO_TANGLED,
    "too-many-attributes": (
        "这份文件里有一个元素的属性超过 2000 个，不予读取。",
        "An element of this file has more than 2,000 attributes; the file is not read.",
        "请在流程设计器里重新保存。",
        "Save it again in the modeler.",
    ),
    "wrong-encoding": (
        "这份文件的文字编码与声明不符（第 %(line)s 行，实际可能是 %(guess)s）。",
        "The characters of this file are not in the encoding that it declares (line %(line)s; they may be %(guess)s).",
        "请另存为 UTF-8 编码。",
        "Save it in UTF-8.",
    ),
    "not-xml": (
        "这不是流程图文件：第 %(line)s 行第 %(column)s 列不合 XML 的写法。",
        "This is no diagram file: line %(line)s, column %(column)s is not XML.",
        "请上传流程设计器保存的 .bpmn 或 .dmn 文件。",
        "Upload a .bpmn or .dmn file as the modeler saves it.",
    ),
}


def _unreadable(code: str, **values: object) -> DiagramNotExecutable:
    zh, en, hint, hint_en = _SENTENCES[code]
    finding = Finding(code, "", "error", zh % values, en % values, hint, hint_en, values)
    return DiagramNotExecutable([finding])
