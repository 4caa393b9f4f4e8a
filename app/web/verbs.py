"""What the button of a task says: a verb and its object, never just “OK”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

WIDEST = 20
"""How wide a form's title may be to fit on a button, in Latin letters; a Chinese character is as wide as two."""

OF_FORMS: Final[Mapping[str, LazyString]] = {
    "f00c": _l("确认"),
    "f01": _l("提交"),
    "f04": _l("提交受理意见"),
    "f04s": _l("提交审查意见"),
    "f05": _l("提交专家组名单"),
    "f05z": _l("指派专家"),
    "f08a": _l("提交论证意见"),
    "f09": _l("提交预算安排"),
    "f09r": _l("提交审核意见"),
    "f10": _l("提交两个方案"),
    "f11": _l("提交核准意见"),
    "f13": _l("登记合同"),
    "f13s": _l("登记监理合同"),
    "f16a": _l("提交申请"),
    "f16m": _l("登记会议"),
    "f16o": _l("登记投入运行"),
    "f16p": _l("提交初步验收结果"),
    "f16s": _l("提交核验结果"),
    "f17": _l("提交整改情况"),
    "f21s": _l("提交核定得分"),
    "f26s": _l("提交陈述申辩"),
    "f17c": _l("提交复查意见"),
    "f18p": _l("登记支付"),
    "f22": _l("登记系统"),
    "f23": _l("登记资源"),
    "f33": _l("登记迁云并网"),
    "f34": _l("报告安全事件"),
    "f35": _l("提交更正"),
}
"""Forms whose title does not read well after “提交”."""

SIGNING = "f00s"
WITHIN_THE_UNIT = frozenset({"unit_head", "unit_lead"})
"""Who passes a paper on to another body; everybody else who signs issues it."""


def submit(form_id: str, title: str, role: str) -> str:
    """Return what the button says for a form, by its number, its title and the role that acts."""
    if form_id == SIGNING:
        return _("签报") if role in WITHIN_THE_UNIT else _("签发")
    if form_id in OF_FORMS:
        return str(OF_FORMS[form_id])
    wide = sum(2 if letter > "\u2e7f" else 1 for letter in title)
    return _("提交%(what)s", what=title) if 0 < wide <= WIDEST else _("提交")


def by_answer(form_id: str) -> Mapping[str, object]:
    """Return what the button says once a field is answered: {"field": its key, "labels": {answer: label}}."""
    if form_id == SIGNING:
        return {"field": "result", "labels": {"退回": _("退回"), "不同意": _("提交不同意意见")}}
    if form_id == "f00c":
        return {"field": "result", "labels": {"补正": _("退回补正")}}
    return {}
