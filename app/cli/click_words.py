"""What click itself says on help pages and of mistakes, in the language of the console."""

from __future__ import annotations

import gettext
from collections.abc import Callable

import click
import flask.cli

from app.services.wording import ENGLISH

CHINESE = {
    "Usage:": "用法:",
    "Options": "选项",
    "Positional arguments": "参数",
    "Arguments": "参数",
    "Commands": "命令",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "Show this message and exit.": "显示这段说明。",
    "Show the Flask version.": "显示 Flask 的版本。",
    "Set debug mode.": "调试状态。",
    "default: {default}": "默认：{default}",
    "(dynamic)": "（随环境）",
    "required": "必填",
    "env var: {var}": "环境变量：{var}",
    "Aborted!": "已中断。",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "说明见“{command} {option}”。",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing {param_type}": "缺少 {param_type}",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing command.": "缺少命令。",
    "No such option {name!r}.": "没有选项 {name!r}。",
    "No such command {name!r}.": "没有命令 {name!r}。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是其中之一：{possibilities}？）",
    "Got unexpected extra argument ({args})": "多出了参数（{args}）",
    "Got unexpected extra arguments ({args})": "多出了参数（{args}）",
    "Option {name!r} requires an argument.": "选项 {name!r} 后面要写值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name!r} 后面要写 {nargs} 个值。",
    "Option {name!r} does not take a value.": "选项 {name!r} 后面不写值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name!r} 要写 {nargs} 个值。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{value!r} is not {choice}.": "{value!r} 不是 {choice}。",
    "{value!r} is not one of {choices}.": "{value!r} 不在 {choices} 之中。",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是整数。",
    "{value} is not in the range {range}.": "{value} 不在 {range} 的范围内。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} 不是是或否。可写：{states}",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
    "{name} {filename!r} is a file.": "{name} {filename!r} 是文件。",
    "{name} {filename!r} is a directory.": "{name} {filename!r} 是文件夹。",
    "{name} {filename!r} is not readable.": "{name} {filename!r} 读不了。",
    "{name} {filename!r} is not writable.": "{name} {filename!r} 写不了。",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename!r}：{message}",
    "unknown error": "原因不明",
    "Repeat for confirmation": "再输一遍",
    "Error: The two entered values do not match.": "两次输入不同，请重输。",
    "Error: invalid input": "输入不对。",
}
WHOLE = "修武县政务信息化项目管理的命令行。"
WHOLE_ENGLISH = "The command line of the county's government IT projects."
TOP = {
    "app": ("程序所在的模块，一般不用写。", "The module of the application; normally not given."),
    "env_file": ("从这个文件读环境变量。", "Read environment variables from this file."),
}
"""Options of `flask` itself that Flask explains for programmers."""
SPEAKING = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
"""The modules of click that have taken `gettext` in when they were imported."""


def install(language: str) -> None:
    """Let click and the page of `flask` itself speak the language of the console."""
    english = language == ENGLISH

    def one(text: str) -> str:
        return text if english else CHINESE.get(text, gettext.gettext(text))

    def counted(singular: str, plural: str, number: int) -> str:
        return one(singular if number == 1 else plural)

    for name in SPEAKING:
        module = getattr(click, name)
        for taken, ours in (("_", one), ("gettext", one), ("ngettext", counted)):
            if hasattr(module, taken):
                setattr(module, taken, ours)
    _whole(flask.cli.cli, one, english=english)


def outline(command: click.Command, language: str) -> None:
    """Word the first line of a command's page and of all below it, which click does not translate."""
    words = {} if language == ENGLISH else CHINESE
    command.options_metavar = words.get(command.options_metavar or "", command.options_metavar)
    if isinstance(command, click.Group):
        command.subcommand_metavar = words.get(command.subcommand_metavar, command.subcommand_metavar)
        for below in command.commands.values():
            outline(below, language)


def _whole(group: click.Group, one: Callable[[str], str], *, english: bool) -> None:
    """Word the page of `flask` itself; Flask's own commands are for programmers and stay off it."""
    group.help = WHOLE_ENGLISH if english else WHOLE
    group.options_metavar, group.subcommand_metavar = one("[OPTIONS]"), one("COMMAND [ARGS]...")
    context = click.get_current_context(silent=True)
    asking = group.get_help_option(context) if context is not None and context.command is group else None
    if asking is not None:
        asking.help = one("Show this message and exit.")
    for parameter in group.params:
        if isinstance(parameter, click.Option) and parameter.name in TOP:
            parameter.help = TOP[parameter.name][english]
        elif isinstance(parameter, click.Option) and parameter.help:
            parameter.help = one(parameter.help)
    for command in group.commands.values():
        command.hidden = True
