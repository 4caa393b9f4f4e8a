"""What each finding in a DMN file is called, in Chinese and in English."""

from __future__ import annotations

from typing import NamedTuple


class Sentence(NamedTuple):
    """A finding in words; %(name)s stands for one of its values."""

    severity: str
    zh: str
    en: str
    hint: str = ""
    hint_en: str = ""


SENTENCES = {
    "dmn-rules-meet": Sentence(
        "warning",
        "决策“%(decision)s”的第 %(rule)s 条与第 %(other)s 条会同时命中，例如 %(case)s；"
        "这张表只许一条命中，届时会出错。",
        "Rules %(rule)s and %(other)s of “%(decision)s” hit together, for example when %(case_en)s; "
        "only one may, so that case fails.",
        "请把其中一条的条件收窄，或把命中规则改为 FIRST。",
        "Narrow one of them, or make the hit policy FIRST.",
    ),
    "dmn-gap": Sentence(
        "warning",
        "决策“%(decision)s”没有规则管到：%(case)s；届时得出空值。",
        "No rule of “%(decision)s” covers: %(case_en)s; the result would be null.",
        "请补一条规则，或给输出列写默认值。",
        "Add a rule, or give the outputs a default.",
    ),
    "dmn-not-dmn": Sentence(
        "error",
        "这不是 DMN 决策文件。",
        "This is no DMN file.",
        "请用决策表编辑器保存为 .dmn 文件。",
        "Save it from the decision editor as a .dmn file.",
    ),
    "dmn-no-decision": Sentence("error", "文件中没有决策。", "The file holds no decision."),
    "dmn-decision-without-id": Sentence(
        "error", "决策“%(decision)s”没有编号（id）。", "The decision “%(decision)s” has no id."
    ),
    "dmn-duplicate-id": Sentence(
        "error", "编号 %(id)s 用了 %(number)s 次。", "The id %(id)s is used %(number)s times."
    ),
    "dmn-language": Sentence(
        "error",
        "不能使用表达式语言 %(language)s。",
        "The expression language %(language)s is not available.",
        "决策只用 FEEL。",
        "Decisions are written in FEEL.",
    ),
    "dmn-no-logic": Sentence("error", "决策“%(decision)s”没有内容。", "The decision “%(decision)s” has no logic."),
    "dmn-unsupported": Sentence(
        "error",
        "决策“%(decision)s”用了不能执行的形式（%(kind)s）。",
        "The decision “%(decision)s” uses a form that is not executed here (%(kind)s).",
        "请改用决策表或文字表达式。",
        "Use a decision table or a literal expression.",
    ),
    "dmn-requirement-unknown": Sentence(
        "error",
        "决策“%(decision)s”依赖的决策 %(wanted)s 不在文件中。",
        "The decision “%(decision)s” requires %(wanted)s, which is not in the file.",
    ),
    "dmn-requirement-cycle": Sentence(
        "error", "决策“%(decision)s”绕了一圈又依赖自己。", "The decision “%(decision)s” requires itself in a circle."
    ),
    "dmn-hit-policy": Sentence(
        "error",
        "决策表“%(decision)s”的命中策略 %(policy)s 不存在。",
        "The hit policy %(policy)s of the table “%(decision)s” does not exist.",
    ),
    "dmn-aggregation": Sentence(
        "error",
        "决策表“%(decision)s”的汇总方式 %(aggregation)s 不存在。",
        "The aggregation %(aggregation)s of the table “%(decision)s” does not exist.",
        "可用 SUM、MIN、MAX、COUNT。",
        "Known are SUM, MIN, MAX, COUNT.",
    ),
    "dmn-aggregation-policy": Sentence(
        "error",
        "决策表“%(decision)s”写了汇总方式，但命中策略是 %(policy)s。",
        "The table “%(decision)s” has an aggregation, but its hit policy is %(policy)s.",
        "只有 COLLECT 才能汇总。",
        "Only COLLECT aggregates.",
    ),
    "dmn-aggregation-outputs": Sentence(
        "error",
        "决策表“%(decision)s”要汇总，就只能有一个结果列。",
        "The table “%(decision)s” aggregates, so it can have only one output.",
    ),
    "dmn-priority-values": Sentence(
        "error",
        "决策表“%(decision)s”按优先级取结果（%(policy)s），但结果列没有取值清单。",
        "The table “%(decision)s” goes by priority (%(policy)s), but no output lists its values.",
        "请在结果列填写取值清单，优先的写在前面。",
        "List the output's values, the most important first.",
    ),
    "dmn-no-input": Sentence("error", "决策表“%(decision)s”没有条件列。", "The table “%(decision)s” has no input."),
    "dmn-no-output": Sentence("error", "决策表“%(decision)s”没有结果列。", "The table “%(decision)s” has no output."),
    "dmn-input-empty": Sentence(
        "error",
        "决策表“%(decision)s”有一个条件列没有写表达式。",
        "An input of the table “%(decision)s” has no expression.",
    ),
    "dmn-output-name": Sentence(
        "error",
        "决策表“%(decision)s”有几个结果列，每列要有不同的名称。",
        "The table “%(decision)s” has several outputs; each needs a name of its own.",
    ),
    "dmn-no-rules": Sentence("warning", "决策表“%(decision)s”没有规则。", "The table “%(decision)s” has no rules."),
    "dmn-rule-width": Sentence(
        "error",
        "决策表“%(decision)s”第 %(rule)s 条规则的格数与列数不符。",
        "Rule %(rule)s of the table “%(decision)s” has not as many cells as there are columns.",
    ),
    "dmn-unlisted": Sentence(
        "warning",
        "决策表“%(decision)s”第 %(rule)s 条的结果 %(text)s 不在取值清单中。",
        "The result %(text)s of rule %(rule)s in the table “%(decision)s” is not among the listed values.",
    ),
    "dmn-unlisted-priority": Sentence(
        "error",
        "决策表“%(decision)s”第 %(rule)s 条的结果 %(text)s 不在取值清单中，无法排优先级。",
        "The result %(text)s of rule %(rule)s in “%(decision)s” is not listed, so it has no priority.",
    ),
    "dmn-rule-repeated": Sentence(
        "error",
        "决策表“%(decision)s”第 %(rule)s 条与第 %(other)s 条条件相同，会同时命中（UNIQUE）。",
        "Rules %(rule)s and %(other)s of the table “%(decision)s” have the same conditions and both hit (UNIQUE).",
    ),
    "dmn-rule-overlaps": Sentence(
        "warning",
        "决策表“%(decision)s”第 %(rule)s 条总会命中，与其他规则冲突（UNIQUE）。",
        "Rule %(rule)s of the table “%(decision)s” always hits, against the others (UNIQUE).",
        "如要“其余情况”，请把命中策略改为 FIRST。",
        "For “everything else”, change the hit policy to FIRST.",
    ),
    "dmn-rule-unreachable": Sentence(
        "warning",
        "决策表“%(decision)s”第 %(rule)s 条永远轮不到：第 %(other)s 条已在它之前命中。",
        "Rule %(rule)s of the table “%(decision)s” is never reached: rule %(other)s hits before it.",
    ),
}
