"""The sentences of the scripts: rendered into the page for readers of another language than Chinese."""

from __future__ import annotations

from typing import Final

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l

SENTENCES: Final = (
    _l("正在拨钟，先办完这几天的提醒和时限"),
    _l("没有拨成，请再试一次"),
    _l("连不上服务器，请检查网络后再试"),
    _l("快捷键"),
    _l("已选 %(count)s 件"),
    _l("%(name)s 超过 100 MB，请分卷或压缩后再传。"),
    _l("文件太大，单个不超过 100 MB。"),
    _l("没有传上去，请再试一次。"),
    _l("%(name)s 没有传上去：连不上服务器。"),
    _l("去掉 %(name)s"),
    _l("去掉"),
    _l("正在上传 %(name)s"),
    _l("替换"),
    _l("替换 %(name)s"),
    _l("再加一份"),
    _l("选择文件"),
    _l("有 %(count)s 处需要改正"),
    _l("%(list)s 第 %(number)s 项 %(label)s"),
    _l("并排看两份"),
    _l("登录已过期，内容暂存在本机，登录后会回到这里"),
    _l("草稿已存 %(time)s"),
    _l("草稿没有存到服务器，已暂存在本机，稍后再试"),
    _l("正在提交"),
    _l("连不上服务器，所填内容还在这里，请稍后再提交。"),
    _l("还差 %(count)s 项"),
    _l("没有提交成功，所填内容还在这里。"),
    _l("已恢复暂存在本机的内容"),
    _l("表单没有打开，请刷新；还不行请告知流程管理员。"),
    _l("%(count)s 件在这里"),
    _l("流程图没有画出来，请看下面的步骤表。"),
    _l("已复制"),
    _l("已选中，请按 Ctrl+C"),
)


def catalogue() -> dict[str, str]:
    """Return Chinese → the reader's language; nothing for readers of Chinese."""
    locale = get_locale()
    if locale is None or locale.language == "zh":
        return {}
    return {sentence._args[0]: gettext(sentence._args[0]) for sentence in SENTENCES}  # noqa: SLF001 -- the untranslated id
