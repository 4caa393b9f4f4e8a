"""What each problem of an expression is called: severity, sentence and hint, in Chinese and in English."""

from __future__ import annotations

from typing import NamedTuple


class Sentence(NamedTuple):
    """A problem in words; %(name)s stands for one of its values."""

    severity: str
    zh: str
    en: str
    hint: str = ""
    hint_en: str = ""


SENTENCES = {
    "empty": Sentence("error", "表达式是空的。", "The expression is empty."),
    "too-long": Sentence(
        "error", "表达式超过 %(limit)s 个字符。", "The expression has more than %(limit)s characters."
    ),
    "too-complex": Sentence("error", "表达式太复杂，无法读取。", "The expression is too complex to be read."),
    "syntax": Sentence(
        "error",
        "表达式有语法错误：第 %(line)s 行第 %(column)s 字处。",
        "The expression has a syntax error at line %(line)s, column %(column)s.",
        "请检查括号、引号和运算符是否成对、完整。",
        "Check that brackets, quotes and operators are complete.",
    ),
    "bare-function": Sentence(
        "error",
        "“%(name)s”是函数，后面要写括号。",
        "“%(name)s” is a function and needs brackets.",
        "请写成 %(name)s(…)，例如 today()。",
        "Write %(name)s(…), for instance today().",
    ),
    "unknown-function": Sentence("error", "没有名为“%(name)s”的函数。", "There is no function “%(name)s”."),
    "not-implemented": Sentence(
        "error", "函数“%(name)s”在这里不能使用。", "The function “%(name)s” is not available here."
    ),
    "external-function": Sentence("error", "不能使用外部函数。", "External functions are not available."),
    "hyphenated-id": Sentence(
        "warning",
        "“%(text)s”会被读作减法。",
        "“%(text)s” is read as a subtraction.",
        "名称中不能有连字符，例如 F-03 应写作 f03；确为减法时，请在减号两边加空格。",
        "Names have no hyphens: F-03 is written f03. If it is a subtraction, put spaces around the minus sign.",
    ),
    "iso-string-comparison": Sentence(
        "error",
        "日期不能与文字 %(text)s 比较，结果总是“否”。",
        "A date cannot be compared with the text %(text)s; the answer is always false.",
        "请写成 date(%(text)s)。",
        "Write date(%(text)s).",
    ),
    "numeric-text-comparison": Sentence(
        "error",
        "%(text)s 是文字，不能与数字比较大小。",
        "%(text)s is a text and cannot be compared with a number.",
        "请去掉引号。",
        "Remove the quotation marks.",
    ),
    "number-exponent": Sentence(
        "error",
        "数字 %(number)s 不能用科学计数法，e 之后的部分会被丢掉。",
        "The number %(number)s is written with an exponent, which would be dropped.",
        "请写出全部数位。",
        "Write all digits.",
    ),
    "date-datetime-comparison": Sentence(
        "error",
        "日期与时刻不能直接比较，结果总是空（null）。",
        "A date and a date-time cannot be compared; the answer is always null.",
        "请用 date(…) 取时刻的日期，再比较。",
        "Take the day with date(…) first.",
    ),
    "type-comparison": Sentence(
        "error",
        "两边类型不同（%(left)s 与 %(right)s），比较没有意义。",
        "The two sides differ in type (%(left)s and %(right)s), so the comparison means nothing.",
    ),
    "compare-null": Sentence(
        "error",
        "不能与 null 比较大小，结果总是空（null）。",
        "Nothing is greater or less than null; the answer is always null.",
        "判断是否为空请用 = null 或 != null。",
        "To ask whether something is missing, use = null or != null.",
    ),
    "division-by-zero": Sentence("error", "除数为零，结果为空（null）。", "Division by zero gives null."),
    "type-arithmetic": Sentence(
        "error",
        "%(left)s 与 %(right)s 不能做“%(operator)s”运算，结果为空（null）。",
        "%(left)s and %(right)s cannot be combined by “%(operator)s”; the result is null.",
    ),
    "date-plus-time": Sentence(
        "warning",
        "日期加减时分秒会得到世界时（UTC）的时刻，比北京时间晚 8 小时。",
        "A date plus hours or minutes becomes a moment in UTC, eight hours off Chinese time.",
        '请先写明时刻，例如 date and time(今天, time("09:00:00+08:00"))，或只加整天。',
        'Begin with a moment, for instance date and time(day, time("09:00:00+08:00")), or add whole days.',
    ),
    "working-days-duration": Sentence(
        "error",
        "%(text)s 不能计算：FEEL 不认识工作日（WD）。",
        "%(text)s cannot be computed: FEEL knows no working days (WD).",
        "工作日请在定时事件的时长中写 P10WD，或使用时限台账中的日期（deadline）。",
        "Write P10WD as the duration of a timer event, or use the dates of the deadline ledger (deadline).",
    ),
    "invalid-literal": Sentence(
        "error",
        "%(text)s 不是有效的日期、时间或时长。",
        "%(text)s is no valid date, time or duration.",
        '日期写作 date("2026-11-24")，时刻写作 date and time("2026-11-24T09:00:00+08:00")，时长写作 duration("P6M")。',
        'Write date("2026-11-24"), date and time("2026-11-24T09:00:00+08:00") or duration("P6M").',
    ),
    "datetime-without-zone": Sentence(
        "warning",
        "%(text)s 没有写明时区，与系统的时刻比较会差 8 小时。",
        "%(text)s names no time zone; compared with moments of the system it is eight hours off.",
        "请在末尾加上 +08:00。",
        "Add +08:00 at the end.",
    ),
    "min-max-of-dates": Sentence(
        "error",
        "“%(name)s”不能用于日期，结果为空（null）。",
        "“%(name)s” does not work on dates; the result is null.",
        "请用 if … then … else … 比较两个日期。",
        "Compare two dates with if … then … else ….",
    ),
    "if-not-boolean": Sentence(
        "error",
        "if 后面不是条件（实为 %(type)s），会总是走 then 一边。",
        "What follows “if” is no condition (it is a %(type)s), so the then-branch is always taken.",
    ),
    "operand-not-boolean": Sentence(
        "error",
        "and、or 的一边不是条件（实为 %(type)s）。",
        "One side of “and” or “or” is no condition (it is a %(type)s).",
    ),
    "number-too-large": Sentence(
        "error",
        "数字 %(number)s 超过了能精确计算的范围（±2^53）。",
        "The number %(number)s is beyond what is computed exactly (±2^53).",
    ),
}
