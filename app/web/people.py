"""Accounts and roles, for the system administrator alone."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.roles import ROLES
from app.errors import NotFound, Refused
from app.queries import people_pages
from app.queries.people import UserRow
from app.services import accounts
from app.unit_of_work import read_only, unit_of_work
from app.web.errors import sentence
from app.web.identity import actor

pages = Blueprint("people", __name__, url_prefix="/people")
GRANTABLE = tuple(code for code in ROLES if code != "system")
SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without characters that look alike when a password is read out."""
PASSWORD_GROUPS = 5
NOBODY = UserRow(0, "", "", "", "", (), active=True)


def one_time_password() -> str:
    """Return a password of five groups, to be handed over once: 24 characters, every kind the policy asks for."""
    while True:
        groups = ["".join(secrets.choice(SIGNS) for _place in range(4)) for _group in range(PASSWORD_GROUPS)]
        text = "-".join(groups)
        if any(s.islower() for s in text) and any(s.isupper() for s in text) and any(s.isdigit() for s in text):
            return text


@pages.get("")
def index() -> ResponseReturnValue:
    """Show a page of accounts."""
    args = request.args
    with read_only() as rows:
        page = people_pages.load(
            rows,
            text=args.get("q", "")[:40].strip(),
            organisation=args.get("organisation", "")[:20],
            role=args.get("role", "") if args.get("role") in ROLES else "",
            cursor=args.get("cursor", "")[:40],
        )
    return render_template("people/index.html", page=page, roles=GRANTABLE)


@pages.get("/new")
def new() -> ResponseReturnValue:
    """Show an empty account."""
    return _form(NOBODY)


@pages.post("/new")
def create() -> ResponseReturnValue:
    """Enter a person; the first password is shown once."""
    posted = _posted(0)
    password = one_time_password()
    try:
        with unit_of_work() as rows:
            organisation_id = people_pages.organisation_id(rows, posted.organisation_code)
            if organisation_id is None:
                return _form(posted, {"organisation": _("请选择单位。")}), 422
            person = accounts.create_person(
                rows,
                posted.user_name,
                posted.name,
                organisation_id=organisation_id,
                roles=posted.roles,
                password=password,
                by=actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _form(posted, {_field(refused): sentence(refused)}), 422
    return _show(person.id, once=password)


@pages.get("/<int:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """Show one account."""
    return _show(person_id)


@pages.post("/<int:person_id>")
def change(person_id: int) -> ResponseReturnValue:
    """Change an account's name, organisation and roles."""
    posted = _posted(person_id)
    try:
        with unit_of_work() as rows:
            accounts.set_roles(rows, person_id, posted.roles, by=actor(), now=clock.now())
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        with read_only() as rows:
            known = people_pages.one(rows, person_id) or NOBODY
        shown = UserRow(
            known.id,
            known.user_name,
            known.name,
            known.organisation,
            known.organisation_code,
            posted.roles,
            known.active,
        )
        return _form(shown, {_field(refused): sentence(refused)}), 422
    flash(_("已保存，本人须重新登录。"), "done")
    return redirect(url_for("people.show", person_id=person_id))


@pages.post("/<int:person_id>/reset")
def reset(person_id: int) -> ResponseReturnValue:
    """Give a new password, shown once, to be changed at the next login."""
    password = one_time_password()
    with unit_of_work() as rows:
        accounts.reset_password(rows, person_id, password, by=actor(), now=clock.now(), wall=clock.wall_now())
    return _show(person_id, once=password)


@pages.post("/<int:person_id>/active")
def activate(person_id: int) -> ResponseReturnValue:
    """Let a person log in again, or no longer."""
    active = request.form.get("active") == "1"
    with unit_of_work() as rows:
        accounts.set_active(rows, person_id, active=active, by=actor(), now=clock.now())
    flash(_("账号已恢复。") if active else _("账号已停用，所有登录已退出。"), "done")
    return redirect(url_for("people.show", person_id=person_id))


def _posted(person_id: int) -> UserRow:
    form = request.form
    roles = tuple(code for code in GRANTABLE if code in form.getlist("roles"))
    return UserRow(
        person_id, form.get("username", "")[:60].strip(), form.get("name", "")[:40].strip(), "",
        form.get("organisation", "")[:20], roles, active=True,
    )  # fmt: skip


def _field(refused: Refused) -> str:
    """Return the field beside which a refusal stands, by what its sentence speaks of."""
    for word, field in (("用户名", "username"), ("姓名", "name"), ("机构", "organisation")):
        if word in refused.message:
            return field
    return "roles"


def _show(person_id: int, *, once: str = "") -> ResponseReturnValue:
    with read_only() as rows:
        user = people_pages.one(rows, person_id)
    if user is None:
        raise NotFound
    return _form(user, once=once)


def _form(user: UserRow, errors: dict[str, str] | None = None, *, once: str = "") -> str:
    with read_only() as rows:
        organisations = people_pages.organisations(rows)
    return render_template(
        "people/form.html", user=user, organisations=organisations, roles=GRANTABLE, errors=errors, once_password=once
    )
