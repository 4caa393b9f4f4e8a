"""How commands speak: a mistake of the user is a sentence and an exit status, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from app.errors import DiagramNotExecutable, Refused
from app.settings import SettingRefused

P = ParamSpec("P")
T = TypeVar("T")


def plain(function: Callable[P, T]) -> Callable[P, T]:
    """Let a command end with exit status 1 and the refusal's own sentence."""

    @wraps(function)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except DiagramNotExecutable as refused:
            for finding in refused.findings:
                click.echo(f"{finding.severity}: {finding.element_id or '—'}: {finding.message}", err=True)
            sys.exit(1)
        except Refused as refused:
            click.echo(sentence(refused), err=True)
            sys.exit(1)
        except SettingRefused as refused:
            click.echo(str(refused), err=True)
            sys.exit(1)

    return speaking


def sentence(refused: Refused) -> str:
    """Return the refusal's Chinese sentence with its values filled in."""
    return refused.message % refused.values if refused.values else refused.message
