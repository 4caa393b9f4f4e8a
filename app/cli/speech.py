"""How commands speak: in Chinese or English, and a mistake of the user is a sentence and an exit status."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import DBAPIError

from app.errors import DiagramNotExecutable, Refused
from app.services.wording import ENGLISH, worded
from app.settings import SettingRefused

P = ParamSpec("P")
T = TypeVar("T")
NO_TABLE = re.compile(r"no such table|no such column|relation .* does not exist|column .* does not exist")


def plain(function: Callable[P, T]) -> Callable[P, T]:
    """Let a command end with exit status 1 and the refusal's own sentence."""

    @wraps(function)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except DiagramNotExecutable as refused:
            for finding in refused.findings:
                said = finding.message_en if language() == ENGLISH else finding.message
                click.echo(f"{finding.severity}: {finding.element_id or '—'}: {said}", err=True)
            sys.exit(1)
        except Refused as refused:
            click.echo(sentence(refused), err=True)
            sys.exit(1)
        except SettingRefused as refused:
            complain(refused.message, **refused.values)
            sys.exit(1)
        except DBAPIError as error:
            reason = str(error.orig).splitlines()[0]
            if NO_TABLE.search(reason):
                complain("数据库不是程序的版本，请先执行 flask db upgrade。")
                sys.exit(1)
            complain("数据库现在不能用（%(reason)s）。请检查数据库服务和 DATABASE_URL。", reason=reason)
            sys.exit(1)
        except OSError as error:
            complain("%(path)s：读写不了（%(why)s）。", path=error.filename or "—", why=error.strerror or str(error))
            sys.exit(1)

    return speaking


def sentence(refused: Refused) -> str:
    """Return the refusal's sentence with its values filled in, in the language of the console."""
    return worded(refused.message, refused.values, language=language())


def say(message: str, /, **values: object) -> None:
    """Print a message id, filled in, in the language of the console."""
    click.echo(worded(message, values, language=language()))


def complain(message: str, /, **values: object) -> None:
    """Print a message id as `say` does, to the standard error."""
    click.echo(worded(message, values, language=language()), err=True)


def translated(text: str) -> str:
    """Return a Chinese message id in the language of the console."""
    return worded(text, language=language())


def help_in_our_language(command: click.Command) -> None:
    """Put what a command and all below it say of themselves, and what they ask, into the language of the console."""
    command.help = translated(command.help) if command.help else None
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameter.help = translated(parameter.help) if parameter.help else None
            parameter.prompt = translated(parameter.prompt) if parameter.prompt else None
            if isinstance(parameter.confirmation_prompt, str):
                parameter.confirmation_prompt = translated(parameter.confirmation_prompt)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            help_in_our_language(below)


def language() -> str:
    """Return the language of the console: Chinese, unless `XIUWU_LANG=en` asks for English.

    `LANG` decides nothing: servers here have en_US more often than not, and Chinese operators.
    """
    return ENGLISH if os.environ.get("XIUWU_LANG", "").startswith(ENGLISH) else "zh"


LANGUAGE = click.option(
    "--lang",
    type=click.Choice(["zh", ENGLISH]),
    default=language,
    help="用中文还是英文说明；不写则随环境变量 XIUWU_LANG。",
)
"""The option of commands whose findings somebody may want in the other language than the console's."""
