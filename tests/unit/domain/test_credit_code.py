"""Check digit of the unified social credit code (GB 32100-2015)."""

from __future__ import annotations

import pytest

from app.domain.credit_code import ALPHABET, check_digit, checked
from app.domain.invalid_value import InvalidValue


def test_the_example_of_the_standard() -> None:
    assert checked("91350100M000100Y43") == "91350100M000100Y43"
    assert checked(" 91350100m000100y43 ") == "91350100M000100Y43"
    assert check_digit("91350100M000100Y4") == "3"


def test_one_wrong_character_is_found() -> None:
    code = "91350100M000100Y43"
    for place, char in enumerate(code):
        for other in ALPHABET if place in {0, 1} or place > 7 else "0123456789":
            if other != char:
                with pytest.raises(InvalidValue):
                    checked(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("9135", "统一社会信用代码应为18位，现为 4 位。"),
        ("9135010IM000100Y43", "统一社会信用代码 9135010IM000100Y4 的前17位不对。"),
        ("91350100M000100Y44", "统一社会信用代码 91350100M000100Y44 的校验位不对，请核对。"),
    ],
)
def test_each_mistake_has_its_sentence(code: str, sentence: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        checked(code)
    assert str(refusal.value) == sentence
