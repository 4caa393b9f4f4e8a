"""The bureau changes 验收 without a developer: drawn, mended, rehearsed, released by another, followed, put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.models.process import ProcessInstance
from tests.browser.desk import BrowserDesk, told_in
from tests.browser.drawing import DrawingHand
from tests.browser.hand import Hand
from tests.browser.pictures import pictured
from tests.browser.visits import NUMBER
from tests.browser.windows import Window
from tests.browser.workshop import OWNER, SECOND, Editor
from tests.county import LOADING
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.server import Running

pytestmark = pytest.mark.timeout(LOADING)

P09, FORM, STEP = "p09_acceptance", "f40", "现场踏勘"
OTHER = "XWXX-2026-T-002"
"""A project that is still being built; the other one, `NUMBER`, is in acceptance already."""
CLERK, SECTION = "yjj.he", "dsj.qi"


def test_a_step_with_a_new_form_from_the_first_stroke_to_its_end(browser: Browser, county: Running) -> None:
    with told_in(browser, county, NUMBER) as (tale, desk):
        other = Tale.of(tale.site, OTHER)
        other.desk = desk
        owner, second = desk.window(OWNER), desk.window(SECOND)
        _makes_a_form(owner)
        _has_it_released(owner, second, "form", FORM, "现场踏勘要留记录")
        _draws_the_step(owner)
        _mends_three_mistakes(owner)
        _rehearses(owner)
        _has_it_released(owner, second, "process", P09, "验收前先到现场看一看", question="为什么由股室负责人踏勘？")
        other.does("hsjl.lei", "p07_construction.certify")
        other.does("nyj.xu", "p07_construction.confirm_date")
        assert other.open_keys() == ["p09_acceptance.apply"]
        newer, older = desk.window("nyj.xu"), desk.window(CLERK)
        assert _version_of(other, newer) == 2
        assert newer.page.locator("main tr", has=newer.page.get_by_text(STEP, exact=True)).count() == 1
        assert _version_of(tale, older) == 1
        assert older.page.locator("main tr", has=older.page.get_by_text(STEP, exact=True)).count() == 0
        _migrates_one(owner)
        assert _version_of(tale, older) == 2
        _takes_the_new_step(tale, desk)
        _puts_the_former_version_back(owner, second)
        assert (_version_of(tale, older), _version_of(other, newer)) == (2, 2)


def _makes_a_form(owner: Window) -> None:
    page = owner.go("/processes").page
    page.get_by_role("link", name="流程工坊").click()
    made = page.locator('form[action$="/workshop/new"]')
    made.locator('[name="kind"]').select_option("form")
    made.locator('[name="key"]').fill(FORM)
    made.locator('[name="name"]').fill("现场踏勘记录")
    made.get_by_role("button", name="新建").click()
    page.locator('[data-workshop][data-ready="1"]').wait_for()
    editor = Editor(owner, "form", FORM)
    assert owner.text("h1") == "现场踏勘记录"
    for kind, entry, label, key in (
        ("datetime", "date-label", "踏勘日期", "visited_on"),
        ("checkbox", "label", "具备验收条件", "passed"),
    ):
        page.locator(f'.fjs-palette-field[data-field-type="{kind}"]').press("Enter")
        added = page.locator(f".fjs-element[data-id]:has(.fjs-form-field-{kind})").last
        added.wait_for()
        page.wait_for_timeout(300)  # form-js selects nothing while it is still drawing
        added.click(position={"x": 6, "y": 6})
        page.locator(f'[data-entry-id="{entry}"]').wait_for(state="attached")
        editor.unfold()
        page.locator(f'[data-entry-id="{entry}"] :is(.bio-properties-panel-input, .cm-content)').first.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(label)
        page.locator('[data-entry-id="key"] input').fill(key)
        page.locator(".fjs-form-editor", has_text=label).first.wait_for()
    page.wait_for_timeout(1200)
    editor.saved()


def _has_it_released(owner: Window, second: Window, kind: str, key: str, why: str, *, question: str = "") -> None:
    """Ask in the editor; the second person finds it in her notices, asks back if she likes, and releases it."""
    page = Editor(owner, kind, key).open().page
    page.locator('[data-act="release"]').click()
    page.locator("#release-reason").fill(why)
    page.locator("[data-ask] [type=submit]").click()
    page.wait_for_url("**/releases/*")
    second.go("/notices").page.get_by_role("link", name=why).first.click()
    second.page.wait_for_url("**/releases/*")
    second.page.locator("[data-difference][data-compared]").wait_for()
    if question:
        _asks_and_is_answered(owner, second, question)
    second.page.get_by_role("button", name="放行", exact=True).click()
    second.page.locator(".msgs", has_text="即时施行").wait_for()
    assert "已施行" in second.text(".head")


def _asks_and_is_answered(owner: Window, second: Window, question: str) -> None:
    """The second person has difference, findings, rehearsal and numbers on one page, and asks about the new step."""
    page, main = second.page, second.text()
    assert f"任务「{STEP}」" in main
    assert "件，其中 6 件在被替换的版本上" in main
    page.locator("#rehearsal", has_text="多一步").wait_for()
    pictured(second, "release")
    picked = page.locator(".ws-half").nth(1).locator("g.djs-element", has_text=STEP)
    picked.locator("> .djs-hit").first.dispatch_event("click")
    page.locator(".ws-ask-here").click()
    assert page.locator("#element option:checked").inner_text() == STEP
    page.locator("#words").fill(question)
    page.get_by_role("button", name="写上").click()
    page.locator("#talk tr", has_text=question).wait_for()

    owner.go("/notices").page.get_by_role("link", name=question).first.click()
    owner.page.locator("#talk tr", has_text=question).get_by_role("link", name="在同一处回答").click()
    assert owner.page.locator("#element option:checked").inner_text() == STEP
    owner.page.locator("#words").fill("股室熟悉建设内容。")
    owner.page.get_by_role("button", name="写上").click()
    Editor(owner, "process", P09).open().page.locator(".ws-talk", has_text="？2").wait_for()

    second.go("/notices").page.get_by_role("link", name="股室熟悉建设内容。").first.click()
    page.locator("#talk tr", has_text="股室熟悉建设内容。").wait_for()


def _draws_the_step(owner: Window) -> None:
    """Between 申请验收 and 核验接入和目录: a survey; what is not ready goes back; a reminder for who forgets it."""
    hand = DrawingHand(Editor(owner, "process", P09).open())
    before = set(hand.flows())
    step = hand.puts("task", hand.on_flow("f_apply_verify_access", 0.7), name=STEP)
    hand.becomes("user-task")
    hand.chooses("candidateRoles-0", "bur_section")
    hand.chooses("countyForm", FORM)
    (onward,) = set(hand.flows()) - before
    hand.puts("exclusive-gateway", hand.on_flow(onward, 0.5))
    back = hand.connects("apply")
    hand.editor.select(back)
    hand.editor.unfold()
    hand.says("conditionExpression", "passed = false")
    hand.puts("intermediate-event", hand.lower_right(step))
    hand.becomes("non-interrupting-timer-boundary")
    hand.appends("append-task", name="催办踏勘")
    hand.becomes("user-task")
    hand.chooses("candidateRoles-0", "bur_insp")
    hand.chooses("countyForm", "f00c")


def _mends_three_mistakes(owner: Window) -> None:
    hand = DrawingHand(Editor(owner, "process", P09))
    assert sorted(hand.errors()) == ["flow-without-condition", "timer-without-definition", "user-task-without-outgoing"]
    pictured(owner, "mistakes")
    owner.page.locator('[data-act="release"]').click()
    owner.page.locator("#release-reason").fill("还没有改好")
    owner.page.locator("[data-ask] [type=submit]").click()
    owner.page.locator("[data-ask] [data-answer]", has_text="有 3 处错误").wait_for()
    owner.page.keyboard.press("Escape")
    owner.is_quiet(422)
    for code in ("flow-without-condition", "timer-without-definition", "user-task-without-outgoing"):
        hand.mends(code)
    assert hand.errors() == []
    hand.editor.saved()


def _rehearses(owner: Window) -> None:
    page = owner.page
    page.locator(".ws-acts").get_by_role("link", name="推演").click()
    page.locator("#year").select_option("2025")
    page.locator("#cases-h").wait_for()
    rows = page.locator("tr", has_text=f"多一步“{STEP}”，等股室负责人")
    assert rows.count() >= 1
    assert page.locator("tr", has_text="会离开").count() == 0


def _version_of(tale: Tale, window: Window) -> int:
    """Return the version on which a project's acceptance runs, as its page says; the window shows it."""
    with tale.site.look() as session:
        instance = session.scalar(
            select(ProcessInstance.id).where(
                ProcessInstance.process_key == P09, ProcessInstance.project_id == tale.project.id
            )
        )
    said = window.go(f"/instances/{instance}").text(".head")
    return int(said.split("第 ")[1].split(" 版")[0])


def _migrates_one(owner: Window) -> None:
    """Every running acceptance is tried on a copy; one is ticked, and moved in the background."""
    page = owner.go(f"/workshop/process/{P09}/versions").page
    page.get_by_role("link", name="迁移在办实例").click()
    rows = page.locator('tr:has(input[name="instance"])')
    assert rows.count() >= 2
    for row in rows.all():
        row.locator("input").set_checked(NUMBER in row.inner_text())
    page.locator("#reason").fill("先在应急指挥平台上试")
    pictured(owner, "migration")
    page.get_by_role("button", name="迁移勾选的").click()
    page.wait_for_url("**/migrations/*")
    page.locator("tr", has_text=NUMBER).locator(".tag", has_text="已迁移").wait_for(timeout=60_000)
    assert page.locator("main tbody tr").count() == 1


def _takes_the_new_step(tale: Tale, desk: BrowserDesk) -> None:
    for index in range(2):
        task = tale.starts(CLERK, "p12b_resources")
        tale.notes.setdefault("resource_of", {})[str(task.instance_id)] = index
        tale.hands_in(task, CLERK)
        tale.does("dsj.hou", "p12b_resources.check")
        tale.does("dsj.hou", "p12b_resources.assign_number")
    tale.does(CLERK, "p09_acceptance.apply")
    window = desk.window(SECTION).go("/inbox")
    window.page.locator("tr[data-task]", has_text=STEP).filter(has_text="应急指挥").locator(".what a").click()
    Hand(window).fills_in({"visited_on": "2026-11-23"})
    window.form().get_by_label("具备验收条件").check()
    window.submits()
    window.page.wait_for_url("**/inbox*")
    assert tale.open_keys() == ["p09_acceptance.verify_access"]


def _puts_the_former_version_back(owner: Window, second: Window) -> None:
    page = owner.go(f"/workshop/process/{P09}/versions").page
    former = page.locator("tr", has=page.locator("th", has_text="第 1 版"))
    former.locator("summary").click()
    former.get_by_label("为什么恢复").fill("踏勘先停一停")
    former.get_by_role("button", name="提请放行").click()
    page.wait_for_url("**/releases/*")
    second.go("/notices").page.get_by_role("link", name="踏勘先停一停").first.click()
    second.page.get_by_role("button", name="放行", exact=True).click()
    second.page.locator(".msgs", has_text="即时施行").wait_for()
    page.goto(f"{owner.address}/workshop/process/{P09}/versions")
    row = page.locator("tr", has=page.locator("th", has_text="第 3 版")).inner_text()
    assert "恢复第 1 版" in row
    assert "现行" in row
    page.locator("#from").select_option("1")
    page.locator("#to").select_option("3")
    page.get_by_role("button", name="看差异").click()
    assert "0 处不同" in owner.text(".head")
