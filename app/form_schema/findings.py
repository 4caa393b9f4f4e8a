"""What may be wrong with a form, in words: severity, sentence and hint, in Chinese and in English."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.errors import Finding


class Sentence(NamedTuple):
    """A finding in words; %(name)s stands for one of its values."""

    severity: str
    zh: str
    en: str
    hint: str = ""
    hint_en: str = ""


SENTENCES: Final[dict[str, Sentence]] = {
    "form-too-large": Sentence("error", "表单文件超过 %(limit)s。", "The form file is larger than %(limit)s."),
    "form-not-utf8": Sentence("error", "表单文件不是 UTF-8 文字。", "The form file is not UTF-8 text."),
    "form-not-json": Sentence(
        "error",
        "表单文件不是有效的 JSON：第 %(line)s 行第 %(column)s 字处。",
        "The form file is not valid JSON at line %(line)s, column %(column)s.",
    ),
    "form-not-schema": Sentence(
        "error",
        '这不是 form-js 表单：最外层须有 "type": "default" 和 components。',
        'This is no form-js schema: the outermost level needs "type": "default" and components.',
    ),
    "form-too-deep": Sentence(
        "error",
        "表单嵌套超过 %(limit)s 层。",
        "The form is nested deeper than %(limit)s levels.",
    ),
    "form-too-many": Sentence(
        "error",
        "表单有 %(count)s 个组件，最多 %(limit)s 个。",
        "The form has %(count)s components; %(limit)s are allowed.",
    ),
    "form-newer": Sentence(
        "warning",
        "表单的 schemaVersion 是 %(version)s，本系统认识到 %(known)s 为止。",
        "The form's schemaVersion is %(version)s; this system knows up to %(known)s.",
    ),
    "form-platform": Sentence(
        "warning",
        "表单的执行平台是“%(platform)s”，本系统按 Camunda Cloud 解释。",
        "The form's execution platform is “%(platform)s”; this system reads it as Camunda Cloud.",
    ),
    "form-id": Sentence(
        "error",
        "表单标识“%(id)s”不是 FEEL 名称。",
        "The form's id “%(id)s” is no plain FEEL name.",
        "只用小写字母、数字和下划线，以字母开头，例如 f03；f-03 会被读作减法。",
        "Use lower-case letters, digits and underscores, beginning with a letter: f03. f-03 reads as a subtraction.",
    ),
    "component-malformed": Sentence(
        "error",
        "组件不是 JSON 对象，或没有 type。",
        "A component is no JSON object or has no type.",
    ),
    "component-type": Sentence("error", "不认识的组件类型“%(type)s”。", "Unknown component type “%(type)s”."),
    "component-refused": Sentence(
        "error",
        "不能使用“%(type)s”组件：它会把外来的内容或程序带进页面。",
        "The component “%(type)s” is not allowed: it brings foreign content or code into the page.",
        "请改用文本、表格或附件。",
        "Use text, a table or an attachment instead.",
    ),
    "outside-image": Sentence(
        "error",
        "图片不能来自外部地址：%(source)s。",
        "An image may not come from outside: %(source)s.",
        "请用 data: 图片或本站 /static/ 下的图片。",
        "Use a data: image or one under /static/.",
    ),
    "id-missing": Sentence("error", "组件没有标识（id）。", "A component has no id."),
    "id-duplicate": Sentence("error", "组件标识“%(id)s”重复。", "The component id “%(id)s” is used twice."),
    "key-missing": Sentence("error", "组件没有字段名（key）。", "The component has no key."),
    "path-missing": Sentence("error", "动态列表没有路径（path）。", "The dynamic list has no path."),
    "key-not-a-name": Sentence(
        "error",
        "字段名“%(key)s”不是 FEEL 名称。",
        "The key “%(key)s” is no plain FEEL name.",
        "只用字母、数字和下划线，以字母开头。",
        "Use letters, digits and underscores, beginning with a letter.",
    ),
    "key-reserved": Sentence(
        "error",
        "字段名“%(key)s”在 FEEL 中另有含义。",
        "The key “%(key)s” already means something else in FEEL.",
        "它会遮住同名的函数、事实或关键字，请换一个名称。",
        "It would hide the function, fact or keyword of that name; choose another.",
    ),
    "key-duplicate": Sentence(
        "error",
        "字段名“%(key)s”在同一层重复。",
        "The key “%(key)s” is used twice on one level.",
    ),
    "feel": Sentence(
        "error",
        "%(property)s 的 FEEL 不成立：%(reason)s",
        "The FEEL in %(property)s does not hold: %(reason)s",
    ),
    "feel-doubtful": Sentence(
        "warning",
        "%(property)s 的 FEEL 可疑：%(reason)s",
        "The FEEL in %(property)s is doubtful: %(reason)s",
    ),
    "feel-no-equals": Sentence(
        "error",
        "%(property)s 应是以等号开头的 FEEL 表达式。",
        "%(property)s should be a FEEL expression beginning with an equals sign.",
    ),
    "feel-underscored": Sentence(
        "error",
        "%(property)s 用到了“%(name)s”。",
        "%(property)s reads “%(name)s”.",
        "请写成 %(plain)s。",
        "Write %(plain)s.",
    ),
    "rule-type": Sentence(
        "error",
        "规则 %(property)s 的值“%(value)s”不成立。",
        "The rule %(property)s cannot be “%(value)s”.",
    ),
    "phone-validation": Sentence(
        "error",
        "不能用 form-js 的电话校验：它只认国际号码。",
        "form-js' phone validation is not allowed: it only knows international numbers.",
        r"请改用正则 ^1[3-9]\d{9}$ 并写明出错提示。",
        r"Use the pattern ^1[3-9]\d{9}$ with an error message.",
    ),
    "pattern": Sentence(
        "error",
        "正则表达式“%(pattern)s”不成立。",
        "The regular expression “%(pattern)s” does not compile.",
        "须能在 JavaScript 的 u 模式下编译。",
        "It has to compile in JavaScript with the u flag.",
    ),
    "options-missing": Sentence(
        "error",
        "选项须有且只有一个来源：values、valuesKey 或 valuesExpression。",
        "Options need exactly one source: values, valuesKey or valuesExpression.",
    ),
    "option-malformed": Sentence(
        "error", "第 %(number)s 个选项须有 label 和 value。", "Option %(number)s needs a label and a value."
    ),
    "option-duplicate": Sentence("error", "选项的值“%(value)s”重复。", "The option value “%(value)s” is used twice."),
    "property-malformed": Sentence(
        "error", "自定义属性“%(property)s”的值须是文字。", "The custom property “%(property)s” has to be text."
    ),
    "money-misplaced": Sentence(
        "error",
        "金额须用 number（小数不超过 6 位）或 expression 组件。",
        "Money needs a number component with at most 6 decimals, or an expression.",
    ),
    "english-missing": Sentence(
        "warning",
        "缺少英文：%(property)s。",
        "English is missing: %(property)s.",
        "请在自定义属性里补上。",
        "Add it to the custom properties.",
    ),
}  # fmt: skip


def finding(code: str, element_id: str, **values: object) -> Finding:
    """Return the finding `code` about a component, with its sentences filled."""
    sentence = SENTENCES[code]
    english = {**values, **{key.removesuffix("_en"): value for key, value in values.items() if key.endswith("_en")}}
    return Finding(
        code=code,
        element_id=element_id,
        severity=sentence.severity,
        message=sentence.zh % values,
        message_en=sentence.en % english,
        hint=_filled(sentence.hint, values),
        hint_en=_filled(sentence.hint_en, english),
        values=values,
    )


def _filled(hint: str, values: dict[str, object]) -> str:
    return hint % values if "%(" in hint else hint
