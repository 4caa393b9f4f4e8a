"""Attachments: what may be uploaded, where the bytes lie, and who may have them.

Bytes lie under their SHA-256 in the blob store, written whole (temporary file, fsync, rename, fsync of the folder)
before the row that names them, so that no row ever lacks its file. Names are kept as text and never become paths.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import NotFound, Refused
from app.form_schema.storage import file_ids
from app.models.documents import Attachment
from app.models.process import UserTask
from app.services import audit, definitions, parameters
from app.services.context import Actor

LONGEST_NAME = 200
LONGEST_EXTENSION = 8
CHUNK = 1024 * 1024
MOST_UNPACKED = 1024 * 1024 * 1024
MOST_RATIO = 200
SMALL_ARCHIVE = 1024 * 1024
"""Below this unpacked size a high ratio is no bomb: a sheet of blanks compresses well."""
MOST_MEMBERS = 20_000
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What a system answers when a disk, a share of it or a limit of the process is used up."""
"""Papers are kept for 30 years [C]; nothing is deleted before."""


class BlobStore(Protocol):
    """Where bytes lie, by their SHA-256."""

    def put(self, source: IO[bytes], *, limit: int) -> Stored:
        """Keep the bytes for good and return what they are; raise TooLarge beyond `limit` bytes, leaving nothing."""

    def open(self, sha256: str) -> IO[bytes]:
        """Return the bytes for reading; raise NotFound."""

    def exists(self, sha256: str) -> bool:
        """Say whether these bytes are kept."""

    def discard(self, sha256: str) -> None:
        """Delete bytes that no row names; whoever calls has made sure of that."""


class TooLarge(Refused):
    """A file is larger than this installation takes (413)."""

    status = 413


class NotAccepted(Refused):
    """A file is not of a kind that is taken, or not what its name says (422)."""

    status = 422


class StoreFull(Refused):
    """The disk has no room for a file (507)."""

    status = 507


@dataclass(frozen=True)
class Stored:
    """Bytes that are kept."""

    sha256: str
    size: int


class LocalBlobs:
    """The blob store in a folder of this machine, or of a file system that all machines share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where bytes lie; raise NotFound for what is no SHA-256."""
        if len(sha256) != 64 or any(sign not in "0123456789abcdef" for sign in sha256):  # noqa: PLR2004 -- hex digits of SHA-256
            raise NotFound
        return self.folder / sha256[:2] / sha256

    def put(self, source: IO[bytes], *, limit: int) -> Stored:
        """Write to a temporary file, then rename; the same bytes are kept once."""
        drafts = self.folder / "tmp"
        drafts.mkdir(parents=True, exist_ok=True)
        draft = drafts / secrets.token_hex(16)
        digest, size = hashlib.sha256(), 0
        try:
            with _told_when_full(), draft.open("xb") as file:
                while chunk := source.read(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge("文件太大，单个不超过 %(limit)s MB。", limit=limit // (1024 * 1024))
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            target = self.path(digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                os.utime(target)  # a sweeper that looks at the age must not take it now
            else:
                draft.replace(target)
                _sync_folder(target.parent)
        finally:
            draft.unlink(missing_ok=True)
        return Stored(digest.hexdigest(), size)

    def open(self, sha256: str) -> IO[bytes]:
        """Open the file."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as missing:
            raise NotFound("文件不在存储中，请告知系统管理员。") from missing

    def exists(self, sha256: str) -> bool:
        """Look for the file."""
        return self.path(sha256).is_file()

    def discard(self, sha256: str) -> None:
        """Delete the file."""
        self.path(sha256).unlink(missing_ok=True)


@contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise StoreFull("存储空间不足，文件没有存上。请告知系统管理员，腾出空间后再传。") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# -- what may be uploaded ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: its extensions, how it begins, what a zip must hold, its media type."""

    extensions: tuple[str, ...]
    media_type: str
    magic: tuple[bytes, ...]
    member: str = ""
    """A member that the archive must have; empty for what is no archive."""


ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)

KINDS = (
    Kind((".pdf",), "application/pdf", (b"%PDF-",)),
    Kind((".ofd",), "application/ofd", ZIP, "OFD.xml"),
    Kind(
        (".docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP, "word/document.xml"
    ),
    Kind((".xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP, "xl/workbook.xml"),
    Kind(
        (".pptx",),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ZIP,
        "ppt/presentation.xml",
    ),
    Kind((".doc", ".wps"), "application/msword", OLE),
    Kind((".xls", ".et"), "application/vnd.ms-excel", OLE),
    Kind((".ppt", ".dps"), "application/vnd.ms-powerpoint", OLE),
    Kind((".jpg", ".jpeg"), "image/jpeg", (b"\xff\xd8\xff",)),
    Kind((".png",), "image/png", (b"\x89PNG\r\n\x1a\n",)),
    Kind((".tif", ".tiff"), "image/tiff", (b"II*\x00", b"MM\x00*")),
    Kind((".zip",), "application/zip", ZIP),
)
ACCEPTED = tuple(extension for kind in KINDS for extension in kind.extensions)
BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}
ACTIVE = (
    ".exe",
    ".dll",
    ".bat",
    ".cmd",
    ".com",
    ".scr",
    ".msi",
    ".js",
    ".vbs",
    ".ps1",
    ".jar",
    ".sh",
    ".hta",
    ".lnk",
    ".html",
    ".htm",
    ".svg",
)
"""Nothing of this may lie in an archive either."""


def clean_name(text: str) -> str:
    """Return a file's name as text: its last part, without control characters, at most 200 characters."""
    last = unicodedata.normalize("NFC", text.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}).strip(" .")
    if len(kept) > LONGEST_NAME:
        stem, dot, extension = kept.rpartition(".")
        short = dot and len(extension) <= LONGEST_EXTENSION
        kept = stem[: LONGEST_NAME - len(extension) - 1] + dot + extension if short else kept[:LONGEST_NAME]
    return kept or "未命名"


def judge(name: str, source: IO[bytes]) -> Kind:
    """Return the kind of a file; raise NotAccepted when it is not taken, not what its name says, or a zip bomb.

    Reads the beginning, and of an archive its table of contents; the position afterwards is the beginning.
    """
    extension = Path(name).suffix.lower()
    kind = BY_EXTENSION.get(extension)
    if kind is None:
        raise NotAccepted(
            "不接收 %(extension)s 文件，可以上传 %(accepted)s。",
            extension=extension or "没有扩展名的",
            accepted="、".join(ACCEPTED),
        )
    source.seek(0)
    head = source.read(16)
    if not head:
        raise NotAccepted("文件是空的。")
    if not any(head.startswith(magic) for magic in kind.magic):
        raise NotAccepted("文件内容与扩展名 %(extension)s 不符，请用原来的软件另存后再传。", extension=extension)
    if kind.magic is ZIP:
        _judge_archive(kind, source)
    source.seek(0)
    return kind


def _judge_archive(kind: Kind, source: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as broken:
        raise NotAccepted("压缩包已损坏，打不开。") from broken
    unpacked, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    if (
        len(members) > MOST_MEMBERS
        or unpacked > MOST_UNPACKED
        or (unpacked > SMALL_ARCHIVE and unpacked > MOST_RATIO * max(packed, 1))
    ):
        raise NotAccepted("压缩包解开后过大，不能接收。")
    names = [one.filename for one in members]
    if kind.member and kind.member not in names:
        raise NotAccepted(
            "文件内容与扩展名 %(extension)s 不符，请用原来的软件另存后再传。", extension=kind.extensions[0]
        )
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise NotAccepted("压缩包里有越出目录的文件名，不能接收。")
    if not kind.member and (active := next((name for name in names if name.lower().endswith(ACTIVE)), "")):
        raise NotAccepted("压缩包里有不能接收的文件：%(name)s。", name=clean_name(active))


# -- rows --------------------------------------------------------------------------------------------------------------


def keep(
    session: Session,
    blobs: BlobStore,
    *,
    name: str,
    source: IO[bytes],
    task_id: int,
    project_id: int | None,
    field: str,
    by: Actor,
    now: datetime,
    limit: int,
) -> Attachment:
    """Judge an uploaded file, keep its bytes and write its row in the caller's transaction.

    `limit` in bytes. Raises NotAccepted or TooLarge; for a form that takes no file before any byte is kept, so that
    the question about state secrets leaves none behind (第三十四条).
    The bytes are there before the row; a transaction that fails leaves at most bytes without a row, which a sweep
    removes after a day.
    """
    if not _takes_files(session, task_id):
        raise NotAccepted("这张表单不收附件。")
    shown = clean_name(name)
    kind = judge(shown, source)
    stored = blobs.put(source, limit=limit)
    in_force = parameters.current(session, now.date())
    row = Attachment(
        id=secrets.token_hex(16),
        sha256=stored.sha256,
        name=shown,
        media_type=kind.media_type,
        size=stored.size,
        task_id=task_id,
        project_id=project_id,
        field=field[:120],
        uploaded_by=by.id,
        uploaded_at=now,
        retained_until=date(now.year + in_force.document_retention_years, 12, 31),
    )
    session.add(row)
    session.flush()
    audit.record(
        session, "upload", subject_kind="attachment", subject_id=row.id, actor_id=by.id, now=now,
        detail={"sha256": stored.sha256, "size": stored.size, "task": task_id},
    )  # fmt: skip
    return row


def _takes_files(session: Session, task_id: int) -> bool:
    """Say whether the task's form has a place for files, at its top or inside a list."""
    task = session.get(UserTask, task_id)
    if task is None or task.form_definition_id is None:
        return False
    waiting = list(definitions.form_model(session, task.form_definition_id).fields)
    while waiting:
        field = waiting.pop()
        if field.type == "filepicker":
            return True
        waiting += field.children
    return False


def hand_in(session: Session, answers: Mapping[str, object], *, task: UserTask, submission_id: int) -> None:
    """Bind the files that the answers name to their submission and project: they are papers of the project now."""
    named = sorted(file_ids(answers))
    if named:
        session.execute(
            update(Attachment)
            .where(Attachment.id.in_(named), Attachment.task_id == task.id)
            .values(submission_id=submission_id, project_id=task.project_id)
        )


def find(session: Session, attachment_id: str) -> Attachment:
    """Return an attachment's row; raise NotFound. Whether somebody may have it is for the caller to ask."""
    row = session.get(Attachment, attachment_id)
    if row is None:
        raise NotFound
    return row


def sweep_orphans(session: Session, blobs: LocalBlobs, *, before: float) -> int:
    """Delete bytes older than `before` (seconds since 1970) that no row names, and forgotten drafts; return how many.

    Call it inside a write transaction, so that no upload of the same bytes is between its file and its row.
    """
    removed = 0
    for path in sorted(blobs.folder.glob("*/*")):
        if not path.is_file() or path.stat().st_mtime >= before:
            continue
        named = select(Attachment.id).where(Attachment.sha256 == path.name).limit(1)
        if path.parent.name == "tmp" or session.scalar(named) is None:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
