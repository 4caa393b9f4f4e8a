"""Refusals and failures in the site's own face: a sentence, the way out, never a traceback."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.errors import InvalidAnswers, Refused, RegulationViolation
from app.form_schema import FieldMessage
from app.web import refusals, untrusted
from app.web.filters import fill
from app.web.identity import local_path, visitor, wants_json
from app.web.language import language

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)

SENTENCES: dict[int, tuple[str, str]] = {
    400: ("这个请求没有看懂", "网址或者提交的内容不完整，请从页面上重新操作。"),
    401: ("请先登录", "登录已过期，所填内容已存为草稿。"),
    403: ("现在不能这样做", "你能看到它，但这一步不由你办理。"),
    404: ("没有找到这一页", "网址可能不完整，也可能这个项目不在你能看的范围内。"),
    405: ("这个地址不能这样打开", "请从页面上的按钮进入。"),
    409: ("已经有人办过了", "这项任务刚刚由别人办结，所填内容已存为草稿。"),
    413: ("文件太大", "单个文件不超过 %(limit)s MB，请分卷或压缩后再传。"),
    415: ("这种内容不能接收", "请从页面上重新操作。"),
    422: ("没有提交成功", "请按下面的说明改正后再提交，所填内容没有丢。"),
    429: ("尝试次数过多", "请过一会儿再试。"),
    500: ("系统出了问题", "不是你的操作有误，已经记录下来。请稍后再试；还不行请告知系统管理员。"),
    503: ("系统正在维护", "请过几分钟再试。"),
}


TOO_LARGE = 413
MEGABYTE = 1024 * 1024
NOTHING_MORE: dict[str, Any] = {
    "kicker": "", "refusals": (), "field_errors": None, "back_url": "", "back_label": "", "reference": "",
    "unsent": None, "names": {},
}  # fmt: skip


def spoken(errors: InvalidAnswers) -> dict[str, list[str]]:
    """Return each field's path with its sentences in the reader's language."""
    lang = language()
    return {
        path: [one.spoken(_, lang) if isinstance(one, FieldMessage) else str(one) for one in messages]
        for path, messages in errors.errors.items()
    }


def sentence(refused: Refused) -> str:
    """Return a refusal's sentence in the reader's language."""
    return fill(refused.message, refused.values)


def page(status: int, *, title: str = "", text: str = "", **more: Any) -> ResponseReturnValue:
    """Return an error page, or JSON to a script."""
    known_title, known_text = SENTENCES.get(status, SENTENCES[500])
    title, text = title or _(known_title), text or _(known_text)
    if wants_json():
        return jsonify(message=text, title=title), status
    context = dict(NOTHING_MORE) | more
    return render_template("errors/page.html", status=status, title=title, text=text, **context), status


def _refused(refused: Refused) -> ResponseReturnValue:
    text = sentence(refused)
    if isinstance(refused, InvalidAnswers):
        if wants_json():
            return jsonify(message=text, errors=spoken(refused)), refused.status
        return page(refused.status, text=text, field_errors=spoken(refused), back_url=_back(), back_label=_("回到表单"))
    if isinstance(refused, RegulationViolation):
        rows = refusals.rows(refused.refusals, project_no=refused.project_no, back=_back())
        if wants_json():
            why = render_template("parts/why.html", rows=rows)
            return jsonify(message=text, why=why, count=len(rows)), refused.status
        return page(
            refused.status,
            text=text,
            kicker=_("不符合规定，未受理"),
            refusals=rows,
            back_url=_back(),
            back_label=_("回到草稿"),
        )
    if refused.status == 400 and request.method == "POST" and not wants_json() and (back := _back()):  # noqa: PLR2004
        flash(text, "over")
        return redirect(back)
    return page(refused.status, text=text)


def _too_large() -> ResponseReturnValue:
    """Name the limit that was passed: of one file, or of all answers together."""
    if request.endpoint == untrusted.UPLOAD:
        limit = current_app.config["SETTINGS"].upload_limit // MEGABYTE
        return page(TOO_LARGE, text=_(SENTENCES[TOO_LARGE][1], limit=limit))
    limit = untrusted.LARGEST_FORM // MEGABYTE
    if request.endpoint == "imports.upload":
        return page(TOO_LARGE, text=_(SENTENCES[TOO_LARGE][1], limit=limit))
    text = _("填写的内容合计不超过 %(limit)s MB，请删减，或者改成附件上传。", limit=limit)
    return page(TOO_LARGE, title=_("内容太多"), text=text)


def _back() -> str:
    referrer = request.referrer or ""
    if referrer.startswith(request.host_url):
        return local_path("/" + referrer.removeprefix(request.host_url))
    return ""


def register(app: Flask) -> None:
    """Give every refusal and failure its page."""

    @app.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        return _refused(error)

    @app.errorhandler(CSRFError)
    def stale(error: CSRFError) -> ResponseReturnValue:
        del error
        known = visitor() is not None
        text = _("这一页放得太久，请刷新后再提交。") if known else _("登录已过期，请重新登录，所填内容不会丢。")
        if wants_json() and not known:
            return jsonify(message=text, url=url_for("account.login")), 401
        return page(400, title=_("这一页已经过期"), text=text, back_url=_back(), back_label=_("回到原页"))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status == TOO_LARGE:
            return _too_large()
        if status < 400 or error.response is not None:  # noqa: PLR2004 -- redirects raised by the router
            return error
        return page(status if status in SENTENCES else 400)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        reference = secrets.token_hex(4)
        log.error("request failed, reference %s", reference, exc_info=error)
        # a database that is locked, full or away: nothing was written, and the same request may succeed later
        status = 503 if isinstance(error, (OperationalError, sqlite3.OperationalError)) else 500
        try:
            return page(status, reference=reference)
        except Exception:  # the page itself needs the database, which may be what failed
            log.exception("the error page failed too")
            title = SENTENCES[status][0]
            return f"<!doctype html><meta charset=utf-8><title>{status}</title><p>{title}。{reference}", status
