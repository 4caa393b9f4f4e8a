"""The settings of this installation, read once from the environment and from `instance/`."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024


class SettingRefused(Exception):
    """A setting cannot be used; `message` (a key of the translation catalogue) says which and what to do."""

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message % values)
        self.message = message
        self.values = values


@dataclass(frozen=True)
class Settings:
    """What may differ from one installation to the next."""

    instance: Path
    database_url: str
    secret_key: str
    demonstration: bool
    host: str = "127.0.0.1"
    port: int = 5000
    upload_limit: int = 100 * MEGABYTE
    trusted_proxies: int = 0
    scheduler_inside: bool = True
    notify_urls: tuple[str, ...] = ()
    https: bool = False
    password_policy: str = "djbh"  # noqa: S105 -- the name of a policy (djbh | asvs)
    testing: bool = False

    @property
    def blobs(self) -> Path:
        """The folder of the attachments."""
        return self.instance / "blobs"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; make the secret key at first use.

    `XIUWU_INSTANCE` (default: `instance/` of the checkout), `DATABASE_URL` (default: SQLite in the instance folder),
    `XIUWU_HOST`, `XIUWU_PORT`, `TRUSTED_PROXIES`, `NOTIFY_URLS` (blank-separated), `XIUWU_SCHEDULER=0` for a web
    process beside separate schedulers, `XIUWU_HTTPS=1`, `PASSWORD_POLICY` (djbh or asvs).
    Raises SettingRefused.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("XIUWU_INSTANCE", str(ROOT / "instance"))).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    policy = env.get("PASSWORD_POLICY", "djbh")
    if policy not in {"djbh", "asvs"}:
        raise SettingRefused("PASSWORD_POLICY 只能是 djbh 或 asvs，现在是 %(given)s。", given=policy)
    return Settings(
        instance=instance,
        database_url=_database(env.get("DATABASE_URL", f"sqlite:///{instance / 'xiuwu.sqlite3'}")),
        secret_key=secret(instance / "secret_key"),
        demonstration=(instance / "demonstration").exists(),
        host=env.get("XIUWU_HOST", "127.0.0.1"),
        port=_whole(env, "XIUWU_PORT", 5000),
        trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0),
        scheduler_inside=env.get("XIUWU_SCHEDULER", "1") != "0",
        notify_urls=tuple(env.get("NOTIFY_URLS", "").split()),
        https=env.get("XIUWU_HTTPS", "0") == "1",
        password_policy=policy,
    )


def _database(url: str) -> str:
    try:
        known = make_url(url).get_backend_name() in {"sqlite", "postgresql"}
    except ArgumentError:
        known = False
    if not known:  # the address may hold a password, so it is not repeated
        raise SettingRefused("DATABASE_URL 应写成 sqlite:///文件 或 postgresql://用户:密码@主机/数据库。")
    return url


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise SettingRefused("%(name)s 应是一个整数，现在是 %(given)s。", name=name, given=text)
    return int(text)


def secret(path: Path) -> str:
    """Return the secret in `path`, made at first use by exactly one of any number of racing processes.

    Raises SettingRefused when others than the owner can read the file.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # all or nothing: the file never stands there empty
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingRefused("%(file)s 的权限过宽，请执行 chmod 600 后再启动。", file=path.name)
    return path.read_text().strip()
