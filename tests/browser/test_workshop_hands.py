"""What hands do in the diagram editor: keys, copies, search, completion, downloads, leaving in a hurry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.every_element import NAMESPACES
from tests.browser.test_pages import WIDTHS
from tests.browser.test_workshop import drawn_xml, new_task
from tests.browser.windows import opened
from tests.browser.workshop import OWNER, Editor

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

BRANCHES = 13


def wide(process_id: str) -> str:
    """Return a diagram with so many parallel branches that nobody can walk through all their orders."""
    nodes = ['<bpmn:startEvent id="s" />', '<bpmn:parallelGateway id="fork" />', '<bpmn:parallelGateway id="join" />']
    nodes.append('<bpmn:endEvent id="e" />')
    flows = [("s", "fork"), ("join", "e")]
    shapes = [("s", 100, 100, 36), ("fork", 200, 93, 50), ("join", 700, 93, 50), ("e", 800, 100, 36)]
    for number in range(BRANCHES):
        for step in range(2):
            nodes.append(
                f'<bpmn:userTask id="t{number}_{step}" name="办理 {number} {step}"><bpmn:extensionElements>'
                '<zeebe:assignmentDefinition candidateGroups="bur_clerk" /><zeebe:formDefinition formId="f00c" />'
                "</bpmn:extensionElements></bpmn:userTask>"
            )
            shapes.append((f"t{number}_{step}", 300 + 180 * step, 40 + 100 * number, 80))
        flows += [("fork", f"t{number}_0"), (f"t{number}_0", f"t{number}_1"), (f"t{number}_1", "join")]
    lines = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}" />'
        for number, (source, target) in enumerate(flows)
    )
    boxes = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{x}" y="{y}" width="{size}" '
        f'height="{size}" /></bpmndi:BPMNShape>'
        for name, x, y, size in shapes
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions {NAMESPACES} id="d" targetNamespace="urn:a">'
        f'<bpmn:process id="{process_id}" name="路太多" isExecutable="true">{"".join(nodes)}{lines}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="pl" bpmnElement="{process_id}">{boxes}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>\n"
    )


def test_what_the_lint_could_not_decide_is_said_so(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p15_inspection").open()
        editor.puts(wide("p15_inspection"))
        assert "未能判定" in window.text("[data-count]")
        assert "未能判定" in window.text("[data-list]")


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


def test_keys_copy_search_and_the_sheet_of_keys(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p19_decommission").open()
        page = window.page
        before = page.locator("g.djs-shape").count()
        new_task(editor, "量一量")
        page.keyboard.press("ControlOrMeta+c")
        page.locator('[data-act="paste"]').click()
        page.locator("g.djs-element text", has_text="量一量").nth(1).wait_for()
        page.keyboard.press("ControlOrMeta+z")
        page.keyboard.press("ControlOrMeta+z")
        page.locator("g.djs-element text", has_text="量一量").first.wait_for()
        page.locator('[data-act="find"]').click()
        page.locator(".djs-search-input input").fill("量一量")
        page.locator(".djs-search-result", has_text="量一量").first.wait_for()
        page.keyboard.press("Enter")
        assert page.locator(".djs-search-result").count() == 0
        page.locator('[data-act="delete"]').click()
        page.locator("g.djs-element text", has_text="量一量").first.wait_for(state="detached")
        assert page.locator("g.djs-shape").count() == before
        page.locator('[data-act="minimap"]').click()
        assert page.locator(".djs-minimap.open").count() == 1
        page.locator("[data-canvas]").press("?")
        page.locator("dialog[data-keys][open]").wait_for()
        assert "撤销" in window.text("dialog[data-keys]")
        page.keyboard.press("Escape")
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
            editor.saved()
        assert window.page.locator("g.djs-element text", has_text="走得急").count() == 1
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
