"""What hands do in the diagram editor: keys, copies, search, completion, downloads, leaving in a hurry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.test_pages import WIDTHS
from tests.browser.test_workshop import drawn_xml, new_task
from tests.browser.windows import opened
from tests.browser.workshop import OWNER, Editor

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


def test_expressions_offer_the_facts_and_variables(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p09_acceptance").open()
        page = window.page
        editor.select("apply")
        editor.unfold()
        field = page.locator('[data-entry-id="taskScheduleFollowUpDate"]')
        if not field.locator(".cm-content").count():
            field.locator(".bio-properties-panel-feel-icon").click()
        field.locator(".cm-content").click()
        page.keyboard.type("deadline.")
        page.locator(".cm-tooltip-autocomplete", has_text="acceptance").wait_for()
        page.keyboard.type("acceptance.")
        page.locator(".cm-tooltip-autocomplete", has_text="fires_at").wait_for()
        offered = window.text(".cm-tooltip-autocomplete")
        assert "due" in offered
        assert "reminders" in offered
        page.keyboard.press("Escape")


def feel_field(editor: Editor, entry: str) -> None:
    """Put the cursor into an empty field for FEEL."""
    field = editor.page.locator(f'[data-entry-id="{entry}"]')
    if not field.locator(".cm-content").count():
        field.locator(".bio-properties-panel-feel-icon").click()
    field.locator(".cm-content").click()
    editor.page.keyboard.press("ControlOrMeta+a")
    editor.page.keyboard.press("Delete")


def restored(editor: Editor) -> None:
    """Undo everything that was done since the editor was opened."""
    while editor.page.locator('[data-act="undo"]').is_enabled():
        editor.page.locator('[data-act="undo"]').click()
    editor.page.wait_for_timeout(1200)
    editor.saved()


def offered(editor: Editor, typed: str, *, ask: bool = False) -> list[str]:
    """Type into the field with the cursor; return what is offered, in order."""
    editor.page.keyboard.type(typed, delay=30)
    if ask:
        editor.page.keyboard.press("Control+Space")
    editor.page.locator(".cm-tooltip-autocomplete li").first.wait_for()
    return [str(one) for one in editor.page.locator(".cm-tooltip-autocomplete .cm-completionLabel").all_inner_texts()]


def test_a_condition_is_offered_what_earlier_steps_give(browser: Browser, office: str) -> None:
    """Outputs of operations, answers of forms, results of decisions; nothing that only a later step gives."""
    with opened(browser, office) as window:
        window.enter(OWNER)
        for key, flow, typed, given, later in (
            ("p06_procurement", "f_may_start_plan_packages", "gate_", "gate_ok", "outcome"),
            ("p10_extension", "f_is_signed_register", "sign_", "sign_result", "register_result"),
            ("p08_change", "f_is_major_file_minor", "change_", "change_class", "reopen"),
        ):
            editor = Editor(window, "process", key).open()
            editor.select(flow)
            editor.unfold()
            feel_field(editor, "conditionExpression")
            found = offered(editor, typed)
            assert given in found, (key, found)
            feel_field(editor, "conditionExpression")
            assert later not in offered(editor, later[:3]), key
            window.page.keyboard.press("Escape")
            restored(editor)


def test_behind_a_comparison_the_options_of_the_choice_are_offered(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p10_extension").open()
        editor.select("f_is_complete_judge_limits")
        editor.unfold()
        feel_field(editor, "conditionExpression")
        assert offered(editor, "register_result = ", ask=True)[0] == '"属实"'
        assert offered(editor, '"')[0] == '"属实"'
        window.page.wait_for_timeout(200)  # a list that has just come up takes no key yet
        window.page.keyboard.press("Enter")
        written = window.page.locator('[data-entry-id="conditionExpression"] .cm-content')
        assert written.inner_text().strip() == 'register_result = "属实"'
        window.page.keyboard.type(' and submission.f00s.result = "', delay=30)
        window.page.locator(".cm-completionLabel", has_text='"不同意"').first.wait_for()
        editor.select("f_is_signed_register")
        editor.unfold()
        feel_field(editor, "conditionExpression")
        assert offered(editor, "sign_result != ", ask=True)[0] == '"同意"'
        restored(editor)


def test_search_finds_also_while_something_hangs_on_the_mouse(browser: Browser, office: str) -> None:
    """A paste that was put nowhere, or nothing to paste at all, does not stand in the way."""
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p18_not_started").open()
        page = window.page
        before = page.locator("g.djs-element").count()
        search, found = page.locator(".djs-search-container.open"), page.locator(".djs-search-result")
        for prepare in ("nothing", "paste of nothing", "paste", "paste beyond the edge"):
            if prepare == "paste of nothing":
                page.locator('[data-act="paste"]').click()
            elif prepare != "nothing":
                if not page.locator("g.djs-element.selected").count():  # the one that was found is selected
                    editor.select("explain")
                page.locator('[data-act="copy"]').click()
                page.locator('[data-act="paste"]').click()
                page.mouse.move(560, 440, steps=4)
                page.locator(".djs-drag-group").wait_for(state="attached")
                if prepare != "paste":
                    page.mouse.move(5, 500, steps=4)
            page.locator('[data-act="find"]').click()
            search.wait_for()
            assert page.locator(".djs-drag-group").count() == 0, prepare
            page.keyboard.insert_text("说明未开工理由")
            found.first.wait_for()
            page.keyboard.press("Enter")
            search.wait_for(state="detached")
            assert page.locator('g.djs-element.selected[data-element-id="explain"]').count() == 1, prepare
            page.locator(".djs-container > svg").first.focus()
            page.keyboard.press("ControlOrMeta+f")
            search.wait_for()
            page.keyboard.press("Escape")
            search.wait_for(state="detached")
        assert page.locator("g.djs-element").count() == before
        assert page.locator('[data-act="undo"]').is_disabled()


def test_keys_copies_and_the_sheet_of_keys(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p18_not_started").open()
        page = window.page
        named = page.locator("g.djs-element text", has_text="量一量")
        new_task(editor, "量一量")
        named.first.wait_for()
        page.keyboard.press("ControlOrMeta+c")
        page.locator('[data-act="paste"]').click()
        page.mouse.move(560, 440, steps=8)
        page.mouse.click(600, 500)
        named.nth(1).wait_for()
        page.locator('[data-act="undo"]').click()
        named.nth(1).wait_for(state="detached")
        assert named.count() == 1
        page.locator('[data-act="minimap"]').click()
        assert page.locator(".djs-minimap.open").count() == 1
        page.locator('[data-act="keys"]').click()
        page.locator("dialog[data-keys][open]").wait_for()
        assert "撤销" in window.text("dialog[data-keys]")
        page.keyboard.press("Escape")
        while page.locator('[data-act="undo"]').is_enabled():
            page.locator('[data-act="undo"]').click()
        named.first.wait_for(state="detached")
        page.wait_for_timeout(1200)
        editor.saved()


def test_the_file_and_its_picture_can_be_downloaded(browser: Browser, office: str, tmp_path: Path) -> None:
    with opened(browser, office, dark=True) as window:
        Editor(window.enter(OWNER), "process", "p20_hold").open()
        found = {}
        for act in ("save-svg", "save-file"):
            with window.page.expect_download() as download:
                window.page.locator(f'[data-act="{act}"]').click()
            download.value.save_as(tmp_path / download.value.suggested_filename)
            found[act] = (tmp_path / download.value.suggested_filename).read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p20_hold.bpmn", "p20_hold.svg"]
    assert "var(--" not in found["save-svg"]
    assert "#1b232d" in found["save-svg"]
    assert 'modeler:executionPlatform="Camunda Cloud"' in found["save-file"]


def test_who_leaves_at_once_loses_nothing(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p18_not_started").open()
        new_task(editor, "走得急")
        window.page.locator('[data-save-state][data-state="changed"]').wait_for()
        window.page.once("dialog", lambda dialog: dialog.accept())
        window.go("/inbox")
        window.page.wait_for_timeout(400)
        editor.open()
        restore = window.page.locator("[data-left] [data-restore]")
        if restore.is_visible():  # a large file is kept on the machine, a small one has been sent
            restore.click()
        window.page.locator("g.djs-element text", has_text="走得急").wait_for()
        editor.saved()
        window.page.wait_for_timeout(1200)
        editor.saved()
        assert "走得急" in drawn_xml(editor)


def test_no_editor_is_wider_than_its_window(browser: Browser, office: str) -> None:
    wrong = []
    with opened(browser, office) as window:
        window.enter(OWNER)
        for kind, key in (("process", "p10_extension"), ("form", "f16a"), ("decision", "review_route")):
            Editor(window, kind, key).open()
            for width in WIDTHS:
                window.page.set_viewport_size({"width": width, "height": 900})
                if window.width() > width:
                    wrong.append(f"{kind}: {width} wants {window.width()}")
            window.page.set_viewport_size({"width": 1440, "height": 900})
    assert wrong == []


def test_she_asks_for_the_release_and_the_second_person_sees_both_drawings(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p04_budget").open()
        page = window.page
        whole = editor.config["content"]
        editor.puts(whole.replace('name="', 'name="新 ', 2))
        page.locator('[data-act="release"]').click()
        page.locator("#release-reason").fill("名称要改")
        page.locator("[data-ask] [type=submit]").click()
        page.wait_for_url("**/releases/*")
        page.locator("[data-difference][data-compared] .ws-half .djs-element").first.wait_for()
        assert page.locator(".ws-half").count() == 2
        assert page.locator(".ws-sign").count() + page.locator(".differs-changed").count() >= 1
