"""Rules on user tasks: who may hold one, which form it shows, and by when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.durations import is_moment, read_period
from app.engine.lint.nearest import nearest, nearest_hint
from app.engine.lint.rules import ERROR, INFO, WARNING, Hits, at, rule
from app.engine.lint.tasks import is_expression, listed, setting
from app.engine.lint.vocabulary import Named
from app.engine.xml import BPMN, text_of

if TYPE_CHECKING:
    from app.engine.lint.diagram import Diagram

_HIGHEST_PRIORITY: Final = 100


_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@rule(
    "no-holder",
    ERROR,
    zh="用户任务“%(name)s”没有写明由谁办理，没有人会看到它。",
    en="The user task “%(name)s” does not say who works on it; nobody would see it.",
    hint="请填写候选组（角色代码，例如 unit_clerk）、候选人或办理人。",
    hint_en="Give candidate groups (role codes such as unit_clerk), candidate users or an assignee.",
)
def no_holder(diagram: Diagram) -> Hits:
    """Yield each user task that nobody could hold."""
    wanted = ("candidateGroups", "candidateUsers", "assignee")
    for node in diagram.nodes_of("userTask"):
        if not any(setting(node, "assignmentDefinition", name).strip("= ,") for name in wanted):
            yield at(node.id, name=node.label)


@rule(
    "unknown-role",
    ERROR,
    zh="用户任务“%(name)s”的候选组“%(role)s”不是登记的角色。",
    en="The candidate group “%(role)s” of the user task “%(name)s” is not a known role.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_role(diagram: Diagram) -> Hits:
    """Yield each fixed candidate group that is no role."""
    roles = diagram.vocabulary.roles
    if roles is None:
        return
    for node in diagram.nodes_of("userTask"):
        groups = setting(node, "assignmentDefinition", "candidateGroups")
        for role in [] if is_expression(groups) else listed(groups):
            if role not in roles:
                yield at(node.id, name=node.label, role=role, nearest=_role_hint(diagram, role))


@rule(
    "unknown-form",
    ERROR,
    zh="%(type)s“%(name)s”用的表单“%(form)s”没有登记。",
    en="The form “%(form)s” of the %(type)s “%(name)s” does not exist.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_form(diagram: Diagram) -> Hits:
    """Yield each task and start event whose form is not there."""
    forms = diagram.vocabulary.forms
    if forms is None:
        return
    for node in diagram.nodes_of("userTask", "startEvent"):
        form = setting(node, "formDefinition", "formId")
        if form and form not in forms:
            hint = nearest_hint(diagram, form, forms)
            yield at(node.id, type=node.type_name, name=node.label, form=form, nearest=hint)


@rule(
    "form-id-not-plain",
    ERROR,
    zh="表单编号“%(form)s”不是普通名称，表达式会把它读成减法或取属性。",
    en="The form id “%(form)s” is no plain name; an expression would read a subtraction or a property.",
    hint="请改成小写字母和数字，例如 f03。",
    hint_en="Use lower-case letters and digits, such as f03.",
)
def form_id_not_plain(diagram: Diagram) -> Hits:
    """Yield each form id that FEEL could not read as a name."""
    for node in diagram.nodes_of("userTask", "startEvent"):
        form = setting(node, "formDefinition", "formId")
        if form and not _PLAIN.fullmatch(form):
            yield at(node.id, form=form)


@rule(
    "form-not-linked",
    ERROR,
    zh="“%(name)s”用的是内嵌表单或外部表单，系统不读。",
    en="“%(name)s” uses an embedded or external form, which is not read.",
    hint="请把表单存为 .form 文件发布，任务里选“关联表单”并填表单编号。",
    hint_en="Publish the form as a .form file and link it by its form id.",
)
def form_not_linked(diagram: Diagram) -> Hits:
    """Yield each task that names its form in another way than by form id."""
    for node in diagram.nodes_of("userTask", "startEvent"):
        found = xml.extension(node.element, "formDefinition")
        if found is not None and (found.get("formKey") or found.get("externalReference")):
            yield at(node.id, name=node.label)


@rule(
    "user-task-without-form",
    WARNING,
    zh="用户任务“%(name)s”没有表单，办理的人只能点“完成”。",
    en="The user task “%(name)s” has no form; all one can do is complete it.",
    hint="请选择一张表单，例如 f00c（确认）或 f00s（签批）。",
    hint_en="Choose a form, such as f00c (confirm) or f00s (sign).",
)
def user_task_without_form(diagram: Diagram) -> Hits:
    """Yield each user task without a form."""
    for node in diagram.nodes_of("userTask"):
        if xml.extension(node.element, "formDefinition") is None:
            yield at(node.id, name=node.label)


@rule(
    "schedule-invalid",
    ERROR,
    zh="用户任务“%(name)s”的到期或提醒时间“%(text)s”不是日期，也不是时长。",
    en="The due or follow-up date “%(text)s” of the user task “%(name)s” is neither a date nor a period.",
    hint="请写 =deadline.acceptance.due 这样的表达式、2026-10-01 这样的日期，或 P5WD（五个工作日）。",
    hint_en="Write an expression such as =deadline.acceptance.due, a date such as 2026-10-01, or P5WD (working days).",
)
def schedule_invalid(diagram: Diagram) -> Hits:
    """Yield each due or follow-up date that is neither an expression nor a date."""
    for node in diagram.nodes_of("userTask"):
        for attribute in ("dueDate", "followUpDate"):
            text = setting(node, "taskSchedule", attribute)
            if text and not is_expression(text) and not is_moment(text) and read_period(text) is None:
                yield at(node.id, name=node.label, text=text)


@rule(
    "priority-invalid",
    ERROR,
    zh="用户任务“%(name)s”的优先级“%(text)s”不是 0 到 100 的整数。",
    en="The priority “%(text)s” of the user task “%(name)s” is no whole number from 0 to 100.",
    hint="通常是 50，急件 80。",
    hint_en="50 is usual, 80 is urgent.",
)
def priority_invalid(diagram: Diagram) -> Hits:
    """Yield each fixed priority that is no number from 0 to 100."""
    for node in diagram.nodes_of("userTask"):
        text = setting(node, "priorityDefinition", "priority")
        if text and not is_expression(text) and not (text.isascii() and text.isdigit() and _in_range(text)):
            yield at(node.id, name=node.label, text=text)


@rule(
    "nobody-does-it",
    ERROR,
    zh="%(type)s“%(name)s”没有人办理：流程会一直等，待办里却看不到它。",
    en="Nobody works on the %(type)s “%(name)s”: the process would wait and no inbox would show it.",
    hint="请改为用户任务并写明角色，或删去。",
    hint_en="Turn it into a user task with a role, or remove it.",
)
def nobody_does_it(diagram: Diagram) -> Hits:
    """Yield each undefined and each manual task."""
    for node in diagram.nodes_of("task", "manualTask"):
        yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "user-task-without-documentation",
    INFO,
    zh="用户任务“%(name)s”没有办理说明。",
    en="The user task “%(name)s” has no documentation.",
    hint="请在“文档”里写几句办理要点，办理页会显示。",
    hint_en="Write what to look at in its documentation; the task page shows it.",
)
def user_task_without_documentation(diagram: Diagram) -> Hits:
    """Yield each user task without documentation."""
    for node in diagram.nodes_of("userTask"):
        if not text_of(xml.child(node.element, BPMN, "documentation")):
            yield at(node.id, name=node.label)


def _role_hint(diagram: Diagram, wanted: str) -> Named:
    roles = diagram.vocabulary.roles or {}
    by_name = {name.zh: code for code, name in roles.items()}
    best = by_name.get(wanted) or nearest(diagram, wanted, roles)
    if best not in roles:
        return nearest_hint(diagram, wanted, roles)
    name = roles[best]
    return Named(f"是不是“{best}”（{name.zh}）？", f"Did you mean “{best}” ({name.en or name.zh})?")


def _in_range(text: str) -> bool:
    return len(text) <= len(str(_HIGHEST_PRIORITY)) and int(text) <= _HIGHEST_PRIORITY
