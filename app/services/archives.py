"""A project's archive as a zip: its manifest of hashes, chained and sealed, the stream, and the verification of a file.

Members are stored, not compressed, so that the size is known before the first byte and nothing can unpack to more than
it is. The manifest comes last: it names every member with its SHA-256, chains them in order, and carries an HMAC seal.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from zipstream import ZipStream

from app.services import audit

MANIFEST = "manifest.json"
FORMAT = "xiuwu-archive/1"
CHUNK = 256 * 1024
MOST_MEMBERS = 50_000
LARGEST_MANIFEST = 64 * 1024 * 1024
LONGEST_PATH = 240
END_RECORD = 22
"""Bytes of a zip's last record where it carries no comment."""
INTACT, CHANGED, UNREADABLE = 0, 1, 2
"""What `flask archive verify` ends with."""


@dataclass(frozen=True)
class Member:
    """One file of an archive: its path, size and hash are known before it is read."""

    path: str
    size: int
    sha256: str
    open: Callable[[], Iterable[bytes]] = field(compare=False)
    title: str = ""
    number: str = ""
    on: str = ""
    pages: int | None = None


def of_bytes(path: str, body: bytes, *, title: str = "", number: str = "", on: str = "") -> Member:
    """Return a member that is in memory already."""
    return Member(path, len(body), hashlib.sha256(body).hexdigest(), lambda: (body,), title, number, on)


def of_file(
    path: str, opened: Callable[[], IO[bytes]], *, size: int, sha256: str, title: str = "", on: str = "",
    pages: int | None = None,
) -> Member:  # fmt: skip
    """Return a member that is read from the blob store while it is sent; its hash is the blob's name."""

    def chunks() -> Iterator[bytes]:
        with opened() as file:
            while chunk := file.read(CHUNK):
                yield chunk

    return Member(path, size, sha256, chunks, title, "", on, pages)


def safe_name(text: str, *, longest: int = 80) -> str:
    """Return a text as part of a member's path: no separators, no control characters, not too long."""
    kept = "".join(sign if sign.isprintable() and sign not in '\\/:*?"<>|' else "_" for sign in text).strip(" .")
    if len(kept) > longest:
        stem, dot, extension = kept.rpartition(".")
        kept = f"{stem[: longest - len(extension) - 1]}.{extension}" if dot and len(extension) <= 8 else kept[:longest]  # noqa: PLR2004 -- .docx, .xlsx
    return kept or "_"


# -- the manifest ------------------------------------------------------------------------------------------------------


def chained(project_no: str, members: Iterable[tuple[str, str]]) -> list[str]:
    """Return the link of each member: the SHA-256 of the link before it, its path and its hash."""
    link = hashlib.sha256(f"{FORMAT}\n{project_no}".encode()).hexdigest()
    links = []
    for path, digest in members:
        link = hashlib.sha256(f"{link}\n{path}\n{digest}".encode()).hexdigest()
        links.append(link)
    return links


def manifest(members: Sequence[Member], *, project_no: str, made_at: str, made_by: str) -> bytes:
    """Return the manifest: every member with hash and link, and the seal over the last link and who made it."""
    links = chained(project_no, [(one.path, one.sha256) for one in members])
    entries = [
        {"path": one.path, "sha256": one.sha256, "size": one.size, "link": link}
        for one, link in zip(members, links, strict=True)
    ]
    head = links[-1] if links else ""
    body = {
        "format": FORMAT, "project_no": project_no, "made_at": made_at, "made_by": made_by, "entries": entries,
        "head": head, "seal": seal(head, project_no, made_at, made_by),
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def seal(head: str, project_no: str, made_at: str, made_by: str) -> str:
    """Return the HMAC of this installation over what the manifest says."""
    return audit.sign(f"{FORMAT}\n{head}\n{project_no}\n{made_at}\n{made_by}")


def stream(members: Sequence[Member], listed: bytes) -> tuple[int, Iterator[bytes]]:
    """Return the size of the zip and its bytes, member by member; no more than a chunk is in memory at a time."""
    archive = ZipStream(compress_type=zipfile.ZIP_STORED, sized=True)
    for one in members:
        archive.add(one.open(), one.path, size=one.size)
    archive.add(listed, MANIFEST)
    return len(archive), iter(archive)


# -- verification ------------------------------------------------------------------------------------------------------

SENTENCES: Mapping[str, tuple[str, str]] = {
    "broken": ("文件不是卷宗压缩包，或者已损坏，打不开。", "This is no archive, or it is broken."),
    "too many": ("压缩包里的文件超过 %(most)s 个，不予检查。", "More than %(most)s files; it is not examined."),
    "traversal": ("压缩包里有越出目录的文件名：%(name)s。", "A member leads out of its folder: %(name)s."),
    "duplicate": ("压缩包里有重名的文件：%(name)s。", "Two members have one name: %(name)s."),
    "link": ("压缩包里有链接或者加密的文件：%(name)s。", "A member is a link or encrypted: %(name)s."),
    "compressed": (
        "文件 %(name)s 是压缩过的，本系统的卷宗不压缩，不予解开。",
        "%(name)s is compressed; archives of this system are not, so it is left alone.",
    ),
    "too large": ("压缩包声明的大小超过文件本身，不予解开。", "The members claim more bytes than the file has."),
    "no manifest": (
        "压缩包里没有 manifest.json，不是本系统的卷宗。",
        "There is no manifest.json: it is no archive of this system.",
    ),
    "unreadable manifest": ("manifest.json 读不懂。", "manifest.json cannot be read."),
    "bad manifest": ("manifest.json 的格式不对。", "manifest.json is not in the expected form."),
    "chain": (
        "清单从 %(name)s 起被改动，校验链断开。",
        "The list was changed from %(name)s on; the chain is broken.",
    ),
    "seal": (
        "封签与清单不符：清单被改动，或者卷宗不是本系统导出的。",
        "The seal does not fit: the list was changed, or another system made the archive.",
    ),
    "listed twice": ("清单里有重复的条目：%(name)s。", "An entry stands twice in the list: %(name)s."),
    "surplus": ("多出清单里没有的文件：%(name)s。", "A file that is not in the list: %(name)s."),
    "missing": ("缺少文件：%(name)s。", "A file is missing: %(name)s."),
    "extended": (
        "文件前后附加了不属于卷宗的内容，请用原来导出的文件。",
        "Something was put before or behind the archive; take the file as it was exported.",
    ),
    "changed": ("文件被改动：%(name)s。", "A file was changed: %(name)s."),
}
"""What may be wrong, in Chinese and English."""


@dataclass(frozen=True)
class Found:
    """One thing that is wrong with an archive."""

    code: str
    name: str = ""
    """The member that it is about."""

    def told(self, *, english: bool = False) -> str:
        """Return the sentence in one of the two languages."""
        text = SENTENCES[self.code][english]
        return text % {"name": self.name[:LONGEST_PATH], "most": MOST_MEMBERS}


@dataclass(frozen=True)
class Verdict:
    """What a verification came to."""

    status: int
    project_no: str = ""
    made_at: str = ""
    made_by: str = ""
    members: int = 0
    problems: tuple[Found, ...] = ()


class _Hostile(Exception):
    """The file cannot be an archive of ours, or it is not safe to look further."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.found = Found(code, name)


def verify(path: Path) -> Verdict:
    """Verify an archive file; never raises for what is in it and never unpacks anything to disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            extended = _extended(path, archive)
            members = _members(archive, path.stat().st_size)
            return _compare(archive, members, _manifest(archive, members), extended=extended)
    except _Hostile as hostile:
        return Verdict(UNREADABLE, problems=(hostile.found,))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return Verdict(UNREADABLE, problems=(Found("broken"),))


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise _Hostile("too many")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name[:3]:
            raise _Hostile("traversal", name)
        if name in found:
            raise _Hostile("duplicate", name)
        if stat.S_ISLNK(info.external_attr >> 16) or info.flag_bits & 1:
            raise _Hostile("link", name)
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise _Hostile("compressed", name)
        found[name] = info
    if sum(info.file_size for info in infos) > size:
        raise _Hostile("too large")
    return found


def _manifest(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> Mapping[str, Any]:
    info = members.get(MANIFEST)
    if info is None or info.file_size > LARGEST_MANIFEST:
        raise _Hostile("no manifest")
    try:
        listed = json.loads(archive.read(info))
    except (ValueError, RecursionError) as broken:
        raise _Hostile("unreadable manifest") from broken
    if not _well_formed(listed):
        raise _Hostile("bad manifest")
    found: Mapping[str, Any] = listed
    return found


def _well_formed(listed: object) -> bool:
    if not isinstance(listed, dict) or listed.get("format") != FORMAT:
        return False
    texts, entries = ("project_no", "made_at", "made_by", "head", "seal"), listed.get("entries")
    return (
        isinstance(entries, list)
        and all(isinstance(listed.get(key), str) for key in texts)
        and all(
            isinstance(one, dict) and all(isinstance(one.get(key), str) for key in ("path", "sha256", "link"))
            for one in entries
        )
    )


def _extended(path: Path, archive: zipfile.ZipFile) -> bool:
    """Say whether anything stands before the first member or behind the end record, which zip readers pass over.

    Where neither end is in its place, the reader has found a Word file inside an archive that was cut short.
    """
    with path.open("rb") as file:
        file.seek(-END_RECORD, os.SEEK_END)
        end = file.read()
    ends_there = end.startswith(b"PK\x05\x06") and end.endswith(b"\0\0")  # no comment
    begins_there = min((one.header_offset for one in archive.infolist()), default=0) == 0
    if not ends_there and not begins_there:
        raise _Hostile("broken")
    return not (ends_there and begins_there)


def _compare(
    archive: zipfile.ZipFile,
    members: Mapping[str, zipfile.ZipInfo],
    listed: Mapping[str, Any],
    *,
    extended: bool,
) -> Verdict:
    entries = listed["entries"]
    named = [one["path"] for one in entries]
    problems = [
        *((Found("extended"),) if extended else ()),
        *_list_changed(listed),
        *(Found("listed twice", name) for name in sorted(set(named)) if named.count(name) > 1),
        *(found for one in entries if (found := _wrong(archive, members.get(one["path"]), one)) is not None),
        *(Found("surplus", name) for name in sorted(set(members) - set(named) - {MANIFEST})),
    ]
    return Verdict(
        CHANGED if problems else INTACT, listed["project_no"], listed["made_at"], listed["made_by"], len(entries),
        tuple(problems),
    )  # fmt: skip


def _list_changed(listed: Mapping[str, Any]) -> Iterator[Found]:
    """Yield where the chain breaks, and that the seal does not fit."""
    entries = listed["entries"]
    links = chained(listed["project_no"], [(one["path"], one["sha256"]) for one in entries])
    broken = next((one for one, link in zip(entries, links, strict=True) if one["link"] != link), None)
    if broken is not None:
        yield Found("chain", broken["path"])
    sealed = seal(listed["head"], listed["project_no"], listed["made_at"], listed["made_by"])
    same_head = listed["head"] == (links[-1] if links else "")
    if not same_head or not hmac.compare_digest(listed["seal"].encode(), sealed.encode()):
        yield Found("seal")


def _wrong(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None, entry: Mapping[str, Any]) -> Found | None:
    if info is None:
        return Found("missing", entry["path"])
    digest = hashlib.sha256()
    try:
        with archive.open(info) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except (zipfile.BadZipFile, OSError, EOFError):
        return Found("changed", entry["path"])
    return None if digest.hexdigest() == entry["sha256"] else Found("changed", entry["path"])
