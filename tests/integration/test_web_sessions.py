"""Logins over HTTP: sessions that end, cookies, throttling, passwords, language, and the headers of every answer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app import clock
from app.models.accounts import LoginAttempt, UserSession
from app.services import sessions, throttling
from tests.integration.web_clients import PASSWORD, Browser, County

LOGIN = "/login?next=/inbox"
OTHER = "Shan-yang 9 cheng mo"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""frontend-notes §2 without the inline styles of editors, which no page of this site needs yet."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


def replayed(county: County, cookie: str) -> Browser:
    """Return a browser that was given somebody's session cookie."""
    thief = county.browser()
    thief.http.set_cookie("xiuwu", cookie)
    return thief


def age(county: County, username: str, **times: Any) -> None:
    """Set when a person's sessions were opened or last used."""
    with county.change() as session:
        session.execute(update(UserSession).where(UserSession.person_id == county.people[username]).values(**times))


def languages(text: str) -> list[str]:
    return re.findall(r'<html[^>]* lang="([^"]+)"', text)


# -- sessions ----------------------------------------------------------------------------------------------------------


def test_a_cookie_copied_before_logging_out_opens_nothing_afterwards(county: County) -> None:
    clerk = county.as_("jyj.wang")
    thief = replayed(county, clerk.cookie)
    assert thief.get("/inbox").status_code == 200
    out = clerk.post("/logout", {})
    assert (out.status_code, out.location, out.headers["Clear-Site-Data"]) == (302, "/login", '"cache"')
    again = thief.get("/inbox")
    assert (again.status_code, again.location) == (302, LOGIN)
    assert county.count(UserSession) == 2, "those of the two clerks who built the county"


def test_a_session_ends_after_half_an_hour_of_rest_and_after_half_a_day_of_work(county: County) -> None:
    clerk, wall = county.as_("jyj.wang"), clock.wall_now()
    soon = timedelta(seconds=30)
    age(county, "jyj.wang", seen_at=wall - sessions.IDLE + soon)
    assert clerk.get("/inbox").status_code == 200
    with county.look() as session:
        seen = session.scalars(
            select(UserSession.seen_at).where(UserSession.person_id == county.people["jyj.wang"])
        ).all()
    assert max(seen) >= wall, "using it has begun the half hour anew"
    age(county, "jyj.wang", seen_at=wall - sessions.IDLE)
    assert clerk.get("/inbox").location == LOGIN
    age(county, "jyj.wang", seen_at=wall, created_at=wall - sessions.ABSOLUTE + soon)
    assert clerk.get("/inbox").status_code == 200
    age(county, "jyj.wang", seen_at=wall, created_at=wall - sessions.ABSOLUTE)
    assert clerk.get("/inbox").location == LOGIN


def test_a_script_without_a_session_is_told_so_in_json(site: County) -> None:
    answer = site.browser().get("/inbox", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()) == (
        401,
        {"message": "登录已过期，请重新登录，所填内容不会丢。", "url": LOGIN},
    )


def test_logging_in_leaves_nothing_of_the_session_before(county: County) -> None:
    clerk = county.browser()
    before, token = clerk.cookie, clerk.token()
    planted = clerk.cookie
    assert before == ""
    assert clerk.enter("jyj.wang").location == "/inbox"
    assert clerk.cookie != planted
    assert replayed(county, planted).get("/inbox").location == LOGIN
    stale = clerk.http.post("/notices/read", headers={"X-CSRFToken": token})
    assert stale.status_code == 400


def test_who_is_logged_in_already_goes_on_and_only_within_the_site(site: County) -> None:
    clerk = site.as_("jyj.wang")
    places = {"/projects?year=2027": "/projects?year=2027", "//evil.example": "/inbox", "/\\evil.example": "/inbox",
              "https://evil.example": "/inbox", "/a\nb": "/inbox"}  # fmt: skip
    assert {place: clerk.get("/login", query_string={"next": place}).location for place in places} == places
    fresh = site.browser()
    answer = fresh.post("/login?next=//evil.example", {"username": "jyj.zhao", "password": PASSWORD})
    assert answer.location == "/inbox"


def test_disabling_a_person_ends_her_sessions_and_enabling_lets_her_in_again(county: County) -> None:
    clerk, admin = county.as_("jyj.wang"), county.as_("dsj.zhen")
    page = f"/people/{county.people['jyj.wang']}"
    assert admin.post(f"{page}/active", {"active": "0"}).location == page
    assert clerk.get("/inbox").location == LOGIN
    assert county.browser().enter("jyj.wang").status_code == 401
    assert admin.post(f"{page}/active", {"active": "1"}).location == page
    assert county.browser().enter("jyj.wang").location == "/inbox"


def test_a_change_of_roles_ends_the_sessions(county: County) -> None:
    clerk, admin = county.as_("jyj.zhao"), county.as_("dsj.zhen")
    page = f"/people/{county.people['jyj.zhao']}"
    assert admin.post(page, {"roles": ["unit_lead"]}).location == page
    assert clerk.get("/inbox").location == LOGIN


def test_the_administrator_neither_disables_herself_nor_goes_as_the_last(county: County) -> None:
    admin, page = county.as_("dsj.zhen"), f"/people/{county.people['dsj.zhen']}"
    assert admin.post(f"{page}/active", {"active": "0"}).status_code == 403
    assert admin.post(page, {"roles": []}).status_code == 403
    assert admin.get("/people").status_code == 200


# -- throttling --------------------------------------------------------------------------------------------------------


def test_the_fifth_failure_locks_a_name_for_the_right_password_too(county: County) -> None:
    stranger = county.browser()
    tries = [
        stranger.enter("jyj.wang", "falsch", headers={"X-Forwarded-For": f"10.0.0.{number}"}) for number in range(6)
    ]
    assert [answer.status_code for answer in tries] == [401, 401, 401, 401, 429, 429]
    assert "还可以再试 1 次" in tries[3].get_data(as_text=True)
    assert "请在 15 分钟后再试" in tries[4].get_data(as_text=True)
    assert county.browser().enter("jyj.wang").status_code == 429
    assert county.browser().enter("JYJ.Wang ").status_code == 429, "counted as the same name"
    assert county.browser().enter("jyj.zhao").status_code == 302
    with county.look() as session:
        addresses = session.scalars(select(LoginAttempt.address)).all()
    assert addresses == ["127.0.0.1"] * throttling.MOST_FAILURES, "nobody chooses her address by a header"


def test_the_lock_opens_after_a_quarter_of_an_hour(county: County) -> None:
    stranger = county.browser()
    assert [stranger.enter("jyj.wang", "falsch").status_code for _ in range(5)][-1] == 429
    with county.change() as session:
        session.execute(update(LoginAttempt).values(at=clock.wall_now() - throttling.WINDOW))
    assert county.browser().enter("jyj.wang").status_code == 302
    assert county.count(LoginAttempt) == 0


def test_an_unknown_name_is_told_and_counted_like_a_wrong_password(county: County) -> None:
    known, unknown = county.browser(), county.browser()
    answers = [one.enter(name, "falsch") for one, name in ((known, "jyj.wang"), (unknown, "niemand"))]
    assert [answer.status_code for answer in answers] == [401, 401]
    told = [re.findall(r"用户名或密码不对[^<]*", answer.get_data(as_text=True))[0] for answer in answers]
    assert told == ["用户名或密码不对，还可以再试 4 次。"] * 2
    assert [unknown.enter("niemand", "falsch").status_code for _ in range(4)] == [401, 401, 401, 429]


@pytest.mark.parametrize(("hops", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")])
def test_a_forwarded_address_counts_only_behind_proxies_that_are_trusted(site: County, hops: int, address: str) -> None:
    app = site.app_with(trusted_proxies=hops)
    stranger = Browser(app)
    stranger.enter("jyj.wang", "falsch", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    with site.look() as session:
        assert session.scalars(select(LoginAttempt.address)).all() == [address]


# -- passwords ---------------------------------------------------------------------------------------------------------


def change(browser: Browser, current: str, new: str, again: str | None = None) -> tuple[int, str]:
    answer = browser.post("/password", {"current": current, "new": new, "again": new if again is None else again})
    return answer.status_code, answer.location or ""


def test_a_new_password_ends_the_other_sessions_and_a_refused_one_changes_nothing(county: County) -> None:
    here, elsewhere = county.as_("jyj.wang"), county.browser()
    elsewhere.enter("jyj.wang")
    refused = [("falsch", OTHER, None), (PASSWORD, OTHER, "x"), (PASSWORD, PASSWORD, None), (PASSWORD, "kurz", None),
               (PASSWORD, "王芳jyj.wang2026!", None)]  # fmt: skip
    assert [change(here, old, new, again)[0] for old, new, again in refused] == [422] * len(refused)
    assert elsewhere.get("/inbox").status_code == 200
    assert change(here, PASSWORD, OTHER) == (302, "/inbox")
    assert elsewhere.get("/inbox").location == LOGIN
    assert here.get("/inbox").status_code == 200
    assert county.browser().enter("jyj.wang").status_code == 401
    assert county.browser().enter("jyj.wang", OTHER).status_code == 302


def test_a_password_that_was_given_has_to_be_changed_before_anything_else(county: County) -> None:
    admin, clerk = county.as_("dsj.zhen"), county.as_("jyj.wang")
    shown = admin.post(f"/people/{county.people['jyj.wang']}/reset", {}).get_data(as_text=True)
    once = re.findall(r"\b(?:[a-zA-Z2-9]{4}-){4}[a-zA-Z2-9]{4}\b", shown)[0]
    assert clerk.get("/inbox").location == LOGIN
    fresh = county.browser()
    assert fresh.enter("jyj.wang", once).location == "/inbox"
    for page in ("/inbox", "/projects", f"/tasks/{county['own.task']}", "/search?q=x", "/nowhere"):
        answer = fresh.get(page)
        wanted = (404, None) if page == "/nowhere" else (302, "/password")
        assert (page, answer.status_code, answer.location) == (page, *wanted)
    assert fresh.post("/start/p01u_unit_plan", {}).location == "/password"
    assert change(fresh, once, OTHER) == (302, "/inbox")
    assert fresh.get("/inbox").status_code == 200
    assert once not in admin.get(f"/people/{county.people['jyj.wang']}").get_data(as_text=True)


# -- language ----------------------------------------------------------------------------------------------------------


def test_an_unknown_language_is_not_there(site: County) -> None:
    visitor = site.browser()
    pages = {"/login": ["zh-CN"], "/login?lang=en": ["en"], "/login?lang=": ["zh-CN"]}
    assert {page: languages(visitor.get(page).get_data(as_text=True)) for page in pages} == pages
    for answer in (visitor.get("/login?lang=xx"), visitor.post("/language", {"language": "xx", "back": "/login"})):
        text = answer.get_data(as_text=True)
        assert (answer.status_code, languages(text)) == (404, ["zh-CN"])
        assert "没有找到这一页" in text
        assert "政务信息化项目管理" in text, "the site's own face"
    assert languages(visitor.get("/login").get_data(as_text=True)) == ["zh-CN"]


def test_the_chosen_language_stays_with_the_browser_and_with_the_person(site: County) -> None:
    clerk = site.as_("jyj.wang")
    assert clerk.post("/language", {"language": "en", "back": "/projects"}).location == "/projects"
    assert languages(clerk.get("/projects").get_data(as_text=True)) == ["en"]
    assert languages(clerk.get("/nowhere").get_data(as_text=True)) == ["en"]
    other = site.browser()
    other.enter("jyj.wang")
    assert languages(other.get("/inbox").get_data(as_text=True)) == ["en"]
    assert clerk.post("/language", {"language": "zh", "back": "//evil.example"}).location == "/inbox"


# -- headers and cookies -----------------------------------------------------------------------------------------------


def test_every_kind_of_answer_carries_the_security_headers(site: County) -> None:
    clerk = site.as_("jyj.wang")
    answers = {
        200: clerk.get("/inbox"),
        302: clerk.get("/"),
        400: clerk.http.post("/notices/read"),
        404: clerk.get("/nowhere"),
        405: clerk.get("/notices/read"),
        422: clerk.post(f"/tasks/{site['own.task']}/complete", {}),
    }
    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    for status, answer in answers.items():
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, status
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy == POLICY, status
        assert "Strict-Transport-Security" not in answer.headers
        assert "Server" not in answer.headers
    pages = [answer.get_data(as_text=True) for status, answer in answers.items() if status != 302]
    for page in pages:
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", page) == []
        assert re.findall(r"\son[a-z]+=|\sstyle=|<style", page) == []


def test_a_visitor_and_a_script_get_them_too(site: County) -> None:
    visitor = site.browser()
    for answer in (visitor.get("/login"), visitor.get("/healthz"), visitor.get("/readyz"), visitor.enter("x", "y")):
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_the_session_cookie_is_for_this_site_and_no_script(site: County) -> None:
    clerk = site.browser()
    cookies = clerk.enter("jyj.wang").headers.getlist("Set-Cookie")
    assert [re.sub(r"=[^;]+", "=…", one, count=1) for one in cookies] == ["xiuwu=…; HttpOnly; Path=/; SameSite=Lax"]


def test_over_https_cookies_are_secure_and_the_browser_is_told_to_stay(site: County) -> None:
    app = site.app_with(https=True)
    clerk = app.test_client()
    safe = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/login"}}
    page = clerk.get("/login", **safe).get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    form = {"username": "jyj.wang", "password": PASSWORD, "csrf_token": token}
    entered = clerk.post("/login", data=form, **safe)
    assert entered.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert [re.sub(r"=[^;]+", "=…", one, count=1) for one in entered.headers.getlist("Set-Cookie")] == [
        "__Host-xiuwu=…; Secure; HttpOnly; Path=/; SameSite=Lax"
    ]
    assert clerk.get("/nowhere", **safe).headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    page = clerk.get("/password", **safe).get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    switched = clerk.post("/language", data={"language": "en", "csrf_token": token}, base_url="https://localhost",
                          headers={"Referer": "https://localhost/inbox"})  # fmt: skip
    flags = [one.split("; ", 3)[3] for one in switched.headers.getlist("Set-Cookie")]
    assert flags == ["Secure; HttpOnly; Path=/; SameSite=Lax"], "after name, end and age"
