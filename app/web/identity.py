"""Who is asking: Flask-Login over session rows, and the rule that every page but a few needs a login."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import jsonify, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user

from app import clock
from app.errors import NotFound, NotPermitted
from app.queries.readers import SessionReader, by_session
from app.services import audiences, operating, passwords, sessions, urging
from app.services.context import Actor
from app.unit_of_work import read_only, unit_of_work

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

PUBLIC = frozenset({"account.login", "account.enter", "account.language", "static", "health.alive", "health.ready"})
"""Endpoints that need no login; every other route does (a test walks the map of routes)."""

WORKSHOP = frozenset({"process_owner", "bur_head"})
RESTRICTED: dict[str, frozenset[str]] = {
    "operating": frozenset({operating.ROLE}),
    "migrations": WORKSHOP,
    "people": frozenset({"sys_admin"}),
    "rehearsals": WORKSHOP,
    "releases": WORKSHOP,
    "workshop": WORKSHOP,
    "urging": urging.MAY,
    "workshop_files": WORKSHOP,
}
"""Blueprint → the roles of which one is needed; what a page shows besides is decided by the data scope."""

WITHOUT_NEW_PASSWORD = PUBLIC | {"account.password", "account.logout"}
"""Where somebody may go who has to choose a new password first."""


@dataclass(frozen=True)
class Reader:
    """The logged-in person, as Flask-Login wants her."""

    sid: str
    person: SessionReader
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what stands in the cookie: the session's random id, never the person's."""
        return self.sid

    @property
    def actor(self) -> Actor:
        """The person as services know her."""
        person = self.person
        return Actor(
            id=person.id,
            username=person.username,
            name=person.name,
            organisation_id=person.organisation_id,
            organisation_kind=person.organisation_kind,
            roles=person.roles,
            language=person.language or "zh",
            stands_in_for=person.stands_in_for,
        )

    @property
    def audiences(self) -> frozenset[str]:
        """The audiences of tasks to which she belongs."""
        return audiences.of_person(self.actor)

    @property
    def must_change_password(self) -> bool:
        """Whether her password was given to her or is too old."""
        return self.person.must_change_password or passwords.expired(self.person.password_set_at, wall=clock.wall_now())


def visitor() -> Reader | None:
    """Return the logged-in person, or None."""
    user: Any = current_user
    found = user._get_current_object()  # noqa: SLF001 -- the proxy has no public way to its object
    return found if isinstance(found, Reader) else None


def reader() -> Reader:
    """Return the logged-in person; only for routes that need a login."""
    found = visitor()
    if found is None:
        raise NotFound
    return found


def actor() -> Actor:
    """Return the logged-in person as one who acts."""
    return reader().actor


def log_in(sid: str) -> None:
    """Start the browser's session anew with this login; nothing from before survives."""
    session.clear()
    with read_only() as rows:
        person = by_session(rows, sid, today=clock.today())
    if person is not None:
        login_user(Reader(sid, person))  # type: ignore[no-untyped-call]


def log_out() -> None:
    """Forget the login in the browser."""
    logout_user()  # type: ignore[no-untyped-call]
    session.clear()


def local_path(text: str | None) -> str:
    """Return `text` if it is a path of this site, else nothing."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")) or any(sign < " " for sign in text):
        return ""
    return text


def wants_json() -> bool:
    """Say whether the caller is a script of ours that reads JSON."""
    return request.accept_mimetypes.best == "application/json" or request.is_json


def register(app: Flask) -> None:
    """Set up the login manager and the gate before every request."""
    manager: Any = LoginManager(app)  # type: ignore[no-untyped-call]
    manager.session_protection = None  # the row decides; the library's check is void for permanent sessions anyway

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(sid: str) -> Reader | None:
        wall = clock.wall_now()
        with read_only() as rows:
            person = by_session(rows, sid, today=clock.today())
        if person is None or person.seen_at <= wall - sessions.IDLE or person.created_at <= wall - sessions.ABSOLUTE:
            return None
        if person.seen_at <= wall - sessions.SEEN_EVERY:
            with unit_of_work() as rows:
                sessions.touch(rows, sid, wall=wall)
        return Reader(sid, person)

    @app.before_request
    def gate() -> Response | tuple[Response, int] | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in PUBLIC:
            return None
        if visitor() is None:
            return _to_login()
        if endpoint not in WITHOUT_NEW_PASSWORD and reader().must_change_password:
            return redirect(url_for("account.password"))
        needed = RESTRICTED.get(request.blueprint or "")
        if needed is not None and not needed & reader().person.roles:
            raise NotFound
        return None


def _to_login() -> Response | tuple[Response, int]:
    back = request.full_path.rstrip("?") if request.method == "GET" else local_path(request.headers.get("X-Page"))
    address = url_for("account.login", next=back if back and back != "/" else None)
    if wants_json():
        return jsonify(message=_("登录已过期，请重新登录，所填内容不会丢。"), url=address), 401
    return redirect(address)


def only(*roles: str) -> None:
    """Raise NotPermitted unless the reader holds one of the roles."""
    if not reader().person.roles & set(roles):
        raise NotPermitted("你的角色不能做这件事。")
