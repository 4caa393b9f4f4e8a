"""Message ids worded in a person's language where no page is: mails and the console."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations

from app.errors import Sentence

FOLDER = Path(__file__).resolve().parent.parent / "translations"
ENGLISH = "en"


def worded(message: str, values: Mapping[str, object] | None = None, *, language: str = "zh") -> str:
    """Return a Chinese message id in `language` (zh or en), filled in; a value with a name in both stands there twice.

    As on pages (app/web/filters.fill): values that are message ids themselves are translated too, and for readers of
    English `task_en` takes the place of `task`.
    """
    speak = _catalogue(language).gettext
    if not values:
        return speak(message)
    chosen = dict(values)
    if language == ENGLISH:
        chosen |= {name: values[f"{name}_en"] for name in values if values.get(f"{name}_en")}
    return speak(message) % {
        name: worded(value.message, value.values, language=language)
        if isinstance(value, Sentence)
        else speak(value)
        if isinstance(value, str) and value
        else value
        for name, value in chosen.items()
    }


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(FOLDER, [language]) if language == ENGLISH else NullTranslations()
