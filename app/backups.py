"""Backups of an installation: one file with the database, the attachments and the keys; checked, and put back whole.

The database is copied first (`VACUUM INTO`, consistent while people work), the attachments that its copy names
afterwards: files are kept for good, so the second step can miss nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy.engine import make_url

from app.errors import NotFound, Refused
from app.services.attachments import LocalBlobs
from app.settings import Settings

FORMAT = 1
DATABASE, MANIFEST, BLOBS = "database.sqlite3", "manifest.json", "blobs"
KEYS = ("audit_key", "secret_key")
"""Without the audit key the seals of the audit trail cannot be checked, without the secret key all logins end."""
BESIDE = (*KEYS, "demonstration")
CHUNK = 1024 * 1024
OWNER_ONLY = 0o600


class Told(Protocol):
    """Who hears how far it has come: a message id with its values."""

    def __call__(self, message: str, /, **values: object) -> None:
        """Hear it."""


@dataclass(frozen=True)
class Contents:
    """What a backup holds: when it was made, of which version, how many rows and files."""

    made_at: str
    revision: str
    database_sha256: str
    rows: dict[str, int]
    blobs: int
    bytes: int
    missing: list[str]
    """SHA-256 of attachments that were not in the store when the backup was made."""
    keys: list[str]
    format: int = FORMAT


def database_file(settings: Settings) -> Path:
    """Return the SQLite file of this installation; raise Refused for a server database, with the way to back it up."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Refused(
            "本系统使用 PostgreSQL，数据库请用 pg_dump --format=custom 备份、pg_restore 恢复；附件目录 %(folder)s "
            "和密钥文件 audit_key、secret_key 另行复制，先备份数据库，后复制附件。",
            folder=str(settings.blobs),
        )
    return Path(url.database)


def write(settings: Settings, target: Path, *, now: datetime, keys: bool = True, told: Told) -> Contents:
    """Write a backup to `target` while the system may be running; the file appears whole or not at all.

    Raises Refused where the target exists or cannot be written. `keys=False` leaves the two keys out.
    """
    source = database_file(settings)
    if not source.exists():
        raise Refused("还没有数据库可以备份：%(path)s。", path=str(source))
    if target.exists():
        raise Refused("文件已经存在：%(path)s。请换一个文件名，备份从不覆盖旧的备份。", path=str(target))
    copy, draft = target.with_name(f".{target.name}.db"), target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy_database(source, copy)
        told("· 数据库已复制")
        with draft.open("xb") as file:
            draft.chmod(OWNER_ONLY)
            contents = _pack(settings, copy, file, now=now, keys=keys, told=told)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    except OSError as failed:
        raise Refused("备份没有写成：%(why)s。", why=failed.strerror or str(failed)) from failed
    finally:
        copy.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return contents


def _copy_database(source: Path, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(OWNER_ONLY)


def _pack(settings: Settings, copy: Path, file: IO[bytes], *, now: datetime, keys: bool, told: Told) -> Contents:
    store = LocalBlobs(settings.blobs)
    wanted = _named_blobs(copy)
    missing, packed, size = [], 0, 0
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        archive.write(copy, DATABASE, zipfile.ZIP_DEFLATED, compresslevel=1)
        for number, sha256 in enumerate(wanted, start=1):
            if not store.exists(sha256):
                missing.append(sha256)
                continue
            path = store.path(sha256)
            archive.write(path, f"{BLOBS}/{sha256}", zipfile.ZIP_STORED)
            packed, size = packed + 1, size + path.stat().st_size
            if number % 500 == 0:
                told("· 附件 %(done)s/%(all)s", done=number, all=len(wanted))
        beside = [name for name in BESIDE if (keys or name not in KEYS) and (settings.instance / name).exists()]
        for name in beside:
            archive.write(settings.instance / name, name)
        contents = Contents(
            made_at=now.isoformat(),
            revision=_revision(copy),
            database_sha256=_digest(copy.open("rb")),
            rows=_rows(copy),
            blobs=packed,
            bytes=size,
            missing=missing,
            keys=[name for name in beside if name in KEYS],
        )
        archive.writestr(MANIFEST, json.dumps(asdict(contents), ensure_ascii=False, indent=1))
    return contents


def check(source: Path) -> Contents:
    """Return what a backup holds once every byte of it has been read and found right; raise Refused otherwise."""
    with _opened(source) as archive:
        contents = _manifest(archive, source)
        with archive.open(DATABASE) as file:
            if _digest(file) != contents.database_sha256:
                raise _damaged(source, "数据库与清单不符")
        names = list(_blob_names(archive))
        if len(names) != contents.blobs:
            raise _damaged(source, "附件数与清单不符")
        for name in names:
            with archive.open(name) as file:
                if _digest(file) != name.rpartition("/")[2]:
                    raise _damaged(source, "附件与其摘要不符")
    return contents


def restore(settings: Settings, source: Path, *, known: frozenset[str], now: datetime, told: Told) -> Contents:
    """Put a backup in the place of this installation; what stood there is kept beside it under another name.

    `known` are the versions of the database that this program knows. Everything is checked before anything is touched.
    Raises Refused for a damaged file, a version that the program does not know, and a system that is still running.
    """
    target = database_file(settings)
    contents = check(source)
    told("· 备份文件完整")
    if contents.revision not in known:
        raise Refused(
            "备份的数据库版本 %(revision)s 比程序新，请用同一版本或者更新的程序恢复。", revision=contents.revision
        )
    _must_stand_still(target)
    draft = target.with_name(f"{target.name}.restoring")
    store = LocalBlobs(settings.blobs)
    with _opened(source) as archive:
        settings.instance.mkdir(parents=True, exist_ok=True)
        _extract(archive, DATABASE, draft)
        _must_be_sound(draft, source)
        for name in _blob_names(archive):
            if not store.exists(name.rpartition("/")[2]):
                with archive.open(name) as file:
                    store.put(file, limit=archive.getinfo(name).file_size)
        told("· 附件 %(count)s 个已放回", count=contents.blobs)
        stamp = f"{now:%Y%m%d-%H%M%S}"
        _set_aside(target, stamp)
        draft.replace(target)
        for name in BESIDE:
            if name in archive.namelist():
                _set_aside(settings.instance / name, stamp)
                _extract(archive, name, settings.instance / name)
    return contents


def _must_stand_still(database: Path) -> None:
    """Refuse while another process has the database open: SQLite leaves WAL mode only for its last connection."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode=delete").fetchone()[0]
        except sqlite3.OperationalError:
            mode = "wal"
        except sqlite3.DatabaseError:
            return  # what stands there is no database any more: nobody can be working on it
    if mode != "delete":
        raise Refused("系统还在运行，请先停止 flask serve 和 flask scheduler，再恢复。")


def _must_be_sound(database: Path, source: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        if not sound or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise _damaged(source, "数据库自检没有通过")


def _set_aside(path: Path, stamp: str) -> None:
    """Keep what stands in the place of a restored file, so that a restoration by mistake can be undone."""
    if path.exists():
        path.rename(path.with_name(f"{path.name}.{stamp}.before-restore"))
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except FileNotFoundError as missing:
        raise NotFound("没有这个文件：%(path)s。", path=str(source)) from missing
    except (zipfile.BadZipFile, OSError) as broken:
        raise _damaged(source, "不是备份文件，或者没有传完整") from broken


def _manifest(archive: zipfile.ZipFile, source: Path) -> Contents:
    try:
        contents = Contents(**json.loads(archive.read(MANIFEST)))
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as broken:
        raise _damaged(source, "没有可读的清单") from broken
    if contents.format != FORMAT:
        raise Refused("备份格式 %(format)s 不认识，请用生成它的程序版本恢复。", format=contents.format)
    return contents


def _damaged(source: Path, why: str) -> Refused:
    return Refused("备份文件 %(path)s 不能用：%(why)s。", path=str(source), why=why)


def _blob_names(archive: zipfile.ZipFile) -> Iterator[str]:
    return (name for name in archive.namelist() if name.startswith(f"{BLOBS}/"))


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    descriptor = os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, OWNER_ONLY)
    with archive.open(name) as packed, os.fdopen(descriptor, "wb") as file:
        while chunk := packed.read(CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _digest(file: IO[bytes]) -> str:
    """Return the SHA-256 of what is left in an open file; a damaged archive is found by its own checks too."""
    digest = hashlib.sha256()
    with file:
        try:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        except zipfile.BadZipFile:
            return ""
    return digest.hexdigest()


def _named_blobs(copy: Path) -> list[str]:
    with closing(sqlite3.connect(copy)) as connection:
        return [name for (name,) in connection.execute("SELECT DISTINCT sha256 FROM attachment ORDER BY sha256")]


def _revision(copy: Path) -> str:
    with closing(sqlite3.connect(copy)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _rows(copy: Path) -> dict[str, int]:
    with closing(sqlite3.connect(copy)) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608 -- names of our own tables
