"""Backup and restoration, done: while people write, to another machine, over what is there; damage is refused."""

from __future__ import annotations

import json
import sqlite3
import threading
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import create_app, unit_of_work
from app.models.business import Project
from app.models.documents import Attachment, AuditEvent
from app.services import audit
from app.settings import Settings
from tests.integration.web_clients import OWN, PDF, County
from tests.integration.web_county import _postgres_county, _sqlite_county, site

__all__ = ["_postgres_county", "_sqlite_county", "site"]


@pytest.fixture
def office(site: County) -> tuple[County, Settings]:
    """The county's site with an instance folder of its own, so that its blobs and keys may be replaced."""
    before = site.app.config["SETTINGS"]
    source = Path(str(before.database_url).removeprefix("sqlite:///"))
    return site, Settings(
        instance=before.instance, database_url=f"sqlite:///{source}", secret_key=before.secret_key,
        demonstration=False, testing=True,
    )  # fmt: skip


def flask(settings: Settings, *arguments: str) -> Result:
    """Run a command of an installation."""
    app: Flask = create_app(settings)
    return app.test_cli_runner().invoke(args=["db", *arguments])


def elsewhere(folder: Path) -> Settings:
    """Return the settings of a machine on which nothing has been installed."""
    folder.mkdir()
    return Settings(
        instance=folder, database_url=f"sqlite:///{folder / 'xiuwu.sqlite3'}", secret_key="0123456789abcdef" * 3,
        demonstration=False, testing=True,
    )  # fmt: skip


def test_a_backup_comes_back_whole_on_another_machine(office: tuple[County, Settings], tmp_path: Path) -> None:
    _site, settings = office
    file = tmp_path / "b.zip"
    done = flask(settings, "backup", str(file))
    assert (done.exit_code, file.stat().st_mode & 0o777) == (0, 0o600), done.output
    assert f"已备份到 {file}" in done.output
    assert flask(settings, "verify", str(file)).output.startswith("备份完整。\n")
    other = elsewhere(tmp_path / "other")
    back = flask(other, "restore", str(file), "--yes")
    assert back.exit_code == 0, back.output
    create_app(other)  # with the audit key that came back
    with unit_of_work.read_only() as session:
        assert OWN in session.scalars(select(Project.name)).all()
        hashes = set(session.scalars(select(Attachment.sha256)))
        assert audit.altered(session) == []
        assert session.scalars(select(AuditEvent.id).order_by(AuditEvent.id).limit(1)).one() == 1
    assert hashes
    assert {path.name for path in (other.instance / "blobs").glob("*/*") if path.parent.name != "tmp"} == hashes
    assert all((other.instance / "blobs" / name[:2] / name).read_bytes().startswith(b"%PDF") for name in hashes)


def test_what_stood_there_is_kept_beside(office: tuple[County, Settings], tmp_path: Path) -> None:
    site, settings = office
    file = tmp_path / "b.zip"
    assert flask(settings, "backup", str(file)).exit_code == 0
    with site.change() as session:
        session.scalars(select(Project).where(Project.name == OWN)).one().name = "改过的名称"
    site.database.dispose()
    back = flask(settings, "restore", str(file), "--yes")
    assert back.exit_code == 0, back.output
    with unit_of_work.read_only() as session:
        names = session.scalars(select(Project.name)).all()
    assert OWN in names
    assert "改过的名称" not in names
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    (kept,) = database.parent.glob(f"{database.name}.*.before-restore")
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM project WHERE name = '改过的名称'").fetchone() == (1,)


def test_it_is_consistent_while_people_write(office: tuple[County, Settings], tmp_path: Path) -> None:
    site, settings = office
    stop = threading.Event()
    written: list[int] = []
    clerk = site.as_("jyj.wang")

    def write() -> None:
        while not stop.is_set():
            number = len(written)
            clerk.upload(site["own.task"], f"{number}.pdf", PDF + str(number).encode())
            written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            done = flask(settings, "backup", str(tmp_path / f"{number}.zip"))
            assert done.exit_code == 0, done.output
            assert "找不到" not in done.output
    finally:
        stop.set()
        writer.join()
    assert written
    for number in range(3):
        assert flask(settings, "verify", str(tmp_path / f"{number}.zip")).exit_code == 0


def test_a_running_system_is_not_replaced(office: tuple[County, Settings], tmp_path: Path) -> None:
    site, settings = office
    file = tmp_path / "b.zip"
    assert flask(settings, "backup", str(file)).exit_code == 0
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(database)) as other:
        other.execute("SELECT count(*) FROM project").fetchone()
        refused = flask(settings, "restore", str(file), "--yes")
    assert refused.exit_code == 1
    assert "系统还在运行，请先停止" in refused.output
    assert list(database.parent.glob("*.before-restore")) == []
    with site.look() as session:
        assert session.scalars(select(Project.id).order_by(Project.id).limit(1)).one() == 1


def test_without_keys_they_stay_out_and_without_consent_nothing_happens(
    office: tuple[County, Settings], tmp_path: Path
) -> None:
    _site, settings = office
    file = tmp_path / "b.zip"
    assert flask(settings, "backup", str(file), "--no-keys").exit_code == 0
    with zipfile.ZipFile(file) as archive:
        assert not {"audit_key", "secret_key"} & set(archive.namelist())
    again = flask(settings, "backup", str(file))
    assert (again.exit_code, "备份从不覆盖旧的备份" in again.output) == (1, True)
    app = create_app(settings)
    asked = app.test_cli_runner().invoke(args=["db", "restore", str(file)], input="n\n")
    assert asked.exit_code == 1
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    assert list(database.parent.glob("*.before-restore")) == []


def _without_a_blob(archive: dict[str, bytes]) -> None:
    del archive[next(name for name in archive if name.startswith("blobs/"))]


def _with_another_blob(archive: dict[str, bytes]) -> None:
    archive[next(name for name in archive if name.startswith("blobs/"))] = b"%PDF other"


def _with_another_database(archive: dict[str, bytes]) -> None:
    archive["database.sqlite3"] += b"\0"


def _of_the_future(archive: dict[str, bytes]) -> None:
    manifest: dict[str, Any] = json.loads(archive["manifest.json"])
    archive["manifest.json"] = json.dumps(manifest | {"revision": "9999"}).encode()


def _without_manifest(archive: dict[str, bytes]) -> None:
    archive["manifest.json"] = b"[]"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without_a_blob, "附件数与清单不符"),
        (_with_another_blob, "与其摘要不符"),
        (_with_another_database, "数据库与清单不符"),
        (_of_the_future, "备份的数据库版本 9999 比程序新"),
        (_without_manifest, "没有可读的清单"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    office: tuple[County, Settings], tmp_path: Path, change: Any, said: str
) -> None:
    _site, settings = office
    file, broken = tmp_path / "b.zip", tmp_path / "broken.zip"
    assert flask(settings, "backup", str(file)).exit_code == 0
    with zipfile.ZipFile(file) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    change(content)
    with zipfile.ZipFile(broken, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    other = elsewhere(tmp_path / "other")
    refused = flask(other, "restore", str(broken), "--yes")
    assert (refused.exit_code, said in refused.output, "Traceback" in refused.output) == (1, True, False), (
        refused.output
    )
    assert not (other.instance / "xiuwu.sqlite3").exists() or (other.instance / "xiuwu.sqlite3").stat().st_size == 0


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "不是备份文件"), (b"PK\x03\x04 cut", "不是备份文件"), (None, "没有这个文件")]
)
@pytest.mark.usefixtures("site")
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "x.zip"
    if content is not None:
        file.write_bytes(content)
    refused = flask(elsewhere(tmp_path / "other"), "verify", str(file))
    assert (refused.exit_code, said in refused.output) == (1, True), refused.output


@pytest.mark.usefixtures("site")
def test_a_server_database_is_told_its_own_way(tmp_path: Path) -> None:
    settings = elsewhere(tmp_path / "other")
    told = flask(
        Settings(
            instance=settings.instance, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none",
            secret_key=settings.secret_key, demonstration=False, testing=True,
        ),
        "backup", str(tmp_path / "b.zip"),
    )  # fmt: skip
    assert told.exit_code == 1
    assert "pg_dump --format=custom" in told.output
    assert not (tmp_path / "b.zip").exists()
