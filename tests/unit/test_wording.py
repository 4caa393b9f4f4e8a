"""Mails and the console speak the language of whoever reads them."""

from __future__ import annotations

import pytest

from app.cli import speech
from app.errors import NotFound
from app.services import mail
from app.services.wording import worded

HELD = "%(unit)s“%(project)s”的%(deadline)s期限已于 %(due)s 届满，资金自即日起冻结。"
VALUES = {"unit": "县教体局", "project": "教育云平台二期", "deadline": "竣工验收", "due": "2026-05-14"}


def test_chinese_is_the_message_itself() -> None:
    assert worded(HELD, VALUES) == "县教体局“教育云平台二期”的竣工验收期限已于 2026-05-14 届满，资金自即日起冻结。"
    assert worded("未达共享要求") == "未达共享要求"


def test_english_translates_the_sentence_and_what_it_names() -> None:
    said = worded(HELD, VALUES, language="en")
    assert "教育云平台二期" in said
    assert "2026-05-14" in said
    assert "届满" not in said
    assert worded("“%(task)s”已搁置 %(days)s 个工作日，请办理。", {"task": "申请验收", "task_en": "Apply", "days": 5},
                  language="en").count("Apply") == 1  # fmt: skip


def test_the_console_is_chinese_unless_it_is_asked_for_english(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = NotFound("没有这一页，或它不属于你的范围。")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("XIUWU_LANG", raising=False)
    assert speech.sentence(refused) == "没有这一页，或它不属于你的范围。"
    monkeypatch.setenv("XIUWU_LANG", "en")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in speech.sentence(refused))


def test_a_mail_goes_to_its_readers_and_another_channel_to_its_own() -> None:
    written = mail._addressed("mailtos://x:y@smtp.example/?from=a@b.cn", ["c@d.cn", "e@f.cn"], "hold:1:H-ACC")
    assert written == "mailtos://x:y@smtp.example/?from=a@b.cn&+X-Outbox-Key=hold%3A1%3AH-ACC&to=c@d.cn,e@f.cn"
    assert mail._addressed("json://hook.example/in", ["c@d.cn"], "k") == "json://hook.example/in?+X-Outbox-Key=k"
