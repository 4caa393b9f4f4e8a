"""Logging in and out, one's own password, the language."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.roles import ROLES, OrganisationKind
from app.errors import NotFound, Refused
from app.queries import people_pages
from app.queries.people import UserRow
from app.services import accounts, demo_clock, logins, passwords
from app.unit_of_work import read_only, unit_of_work
from app.web import identity
from app.web.errors import sentence
from app.web.filters import fill
from app.web.language import COOKIE

pages = Blueprint("account", __name__)
A_YEAR = 365 * 24 * 3600


@pages.get("/login")
def login() -> ResponseReturnValue:
    """Show the login form; who is logged in already goes on."""
    if identity.visitor() is not None:
        return redirect(identity.local_path(request.args.get("next")) or url_for("inbox.index"))
    return _login_page()


@pages.post("/login")
def enter() -> ResponseReturnValue:
    """Open a session, or say that name or password is wrong."""
    name, password = request.form.get("username", "")[:200], request.form.get("password", "")[:300]
    with read_only() as rows:
        checked = logins.check_password(rows, name, password)
    with unit_of_work() as rows:
        result = logins.settle(
            rows,
            checked,
            address=request.remote_addr or "",
            agent=request.user_agent.string,
            now=clock.now(),
            wall=clock.wall_now(),
        )
    if isinstance(result, logins.Denied):
        return _login_page(fill(result.message, result.values), name), result.status
    identity.log_in(result.sid)
    return redirect(identity.local_path(request.args.get("next")) or url_for("inbox.index"))


def _login_page(error: str = "", username: str = "") -> str:
    shown: tuple[UserRow, ...] = ()
    password = ""
    if demo_clock.running():
        with read_only() as rows:
            shown = people_pages.with_accounts(rows)
        password = current_app.config.get("DEMO_PASSWORD", "")
    return render_template(
        "account/login.html",
        error=error,
        username=username,
        next=identity.local_path(request.args.get("next")),
        accounts=_by_role(shown) if password else (),
        demo_password=password,
    )


def _rarity(code: str) -> tuple[bool, int]:
    return ROLES[code].organisation is not OrganisationKind.UNIT, -list(ROLES).index(code)


def _by_role(people: Iterable[UserRow]) -> list[tuple[str, list[UserRow]]]:
    """Return the accounts of the demonstration, each under one role: the one that fewer hold."""
    found: dict[str, list[UserRow]] = {}
    for person in people:
        if person.roles:
            found.setdefault(max(person.roles, key=_rarity), []).append(person)
    return [(code, found[code]) for code in ROLES if code in found]


@pages.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session on both sides."""
    who = identity.reader()
    with unit_of_work() as rows:
        logins.log_out(rows, who.sid, by=who.actor, now=clock.now())
    identity.log_out()
    response = redirect(url_for("account.login"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@pages.post("/language")
def language() -> ResponseReturnValue:
    """Switch the language and come back to the same page; one that the site does not speak is not there."""
    chosen = request.form.get("language", "")
    if chosen not in accounts.LANGUAGES:
        raise NotFound
    response = redirect(identity.local_path(request.form.get("back")) or url_for("inbox.index"))
    if identity.visitor() is not None:
        with unit_of_work() as rows:
            accounts.set_language(rows, chosen, by=identity.actor())
    response.set_cookie(COOKIE, chosen, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


@pages.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change one's own password."""
    who = identity.reader()
    errors: dict[str, str] = {}
    if request.method == "POST":
        old, new = request.form.get("current", "")[:300], request.form.get("new", "")[:300]
        if new != request.form.get("again", ""):
            errors["again"] = _("两次输入的新密码不一样。")
        else:
            try:
                with unit_of_work() as rows:
                    logins.change_password(
                        rows, old, new, by=who.actor, sid=who.sid, now=clock.now(), wall=clock.wall_now()
                    )
            except Refused as refused:
                errors["current" if refused.message.startswith("原密码") else "new"] = sentence(refused)
            else:
                flash(_("密码已改，其他设备上的登录已退出。"), "done")
                return redirect(url_for("inbox.index"))
    administrator = bool(who.person.roles & {"sys_admin", "process_owner"})
    shortest = passwords.SHORTEST_OF_ADMINISTRATORS if administrator else passwords.SHORTEST
    rule = _("至少 %(count)s 位，含大写字母、小写字母、数字、符号中的三类；不要用姓名、单位和年份。", count=shortest)
    page = render_template("account/password.html", errors=errors, rule=rule, must=who.must_change_password)
    return page, 422 if errors else 200
