"""What `make run EMPTY=1` asks at a terminal, and what it says before anything long is begun."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.settings import ROOT

ON_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
PATIENCE = 60.0
"""Seconds until an answer must have come."""
PASSWORD = "Hongshi.Xia-2026"


class Terminal:
    """`make run EMPTY=1` at a terminal: type, and read what it says."""

    def __init__(self, folder: Path, *arguments: str, **settings: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self.process = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-c", ON_A_TERMINAL, sys.executable, "-m", "app.first_run", *arguments],
            cwd=ROOT,
            env={**environment, "XIUWU_INSTANCE": str(folder), "XIUWU_PORT": str(port), **settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
        )
        self.said = b""

    def until(self, words: str) -> None:
        """Read until these words have been said, and forget them."""
        assert self.process.stdout is not None
        wanted, end = words.encode(), time.monotonic() + PATIENCE
        while wanted not in self.said:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, end - time.monotonic()))
            more = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            assert more, f"{words} was not said, but: {self.said.decode()}"
            self.said += more
        self.said = self.said.split(wanted, 1)[1]

    def answers(self, question: str, reply: str) -> None:
        """Type a reply once the question stands there."""
        assert self.process.stdin is not None
        self.until(question)
        time.sleep(0.2)  # getpass throws away what was typed before it listens
        self.process.stdin.write(reply.encode())

    def ends(self, *, pressing: str = "") -> tuple[int, str]:
        """Return the exit status and what was said last; press a key again and again, as people do, until it ends."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        out, end, rest = self.process.stdout, time.monotonic() + PATIENCE, self.said
        while time.monotonic() < end:
            if select.select([out], [], [], 3.0)[0]:
                more = os.read(out.fileno(), 4096)
                if not more:
                    break
                rest += more
            elif pressing:
                self.process.stdin.write(pressing.encode())
        else:
            self.process.kill()
            raise AssertionError(f"it did not end, but said: {rest.decode()}")
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(PATIENCE), rest.decode()


def test_the_first_administrator_is_asked_until_the_answers_are_right(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--empty")
    for username, password, again, refusal in (
        ("Zhen", PASSWORD, "Hongshi.Xia-2027", "两次输入不同，请重输。"),
        (None, "short", "short", "密码"),
    ):
        if username is not None:
            terminal.answers("用户名", f"{username}\n")
            terminal.answers("姓名", "甄管理\n")
        terminal.answers("密码（至少十五位）：", f"{password}\n")
        terminal.answers("再输一遍：", f"{again}\n")
        terminal.until(refusal)
    terminal.answers("用户名", "dsj.zhen\n")
    terminal.answers("姓名", "甄管理\n")
    terminal.answers("密码（至少十五位）：", f"{PASSWORD}\n")
    terminal.answers("再输一遍：", f"{PASSWORD}\n")
    terminal.until("已设立系统管理员 dsj.zhen")
    terminal.answers("已就绪：http://127.0.0.1:", "\x03")
    status, rest = terminal.ends(pressing="\x03")
    assert (status, "Traceback" in rest, PASSWORD in rest) == (0, False, False)


def test_who_leaves_at_a_question_is_told_how_to_go_on(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--empty")
    terminal.answers("用户名", "\x03")
    status, rest = terminal.ends(pressing="\x03")
    assert status == 130
    assert rest.strip().endswith("已中断。没有做完的不会留下，再执行一次 make run 就接着来。")


@pytest.mark.parametrize("arguments", [(), ("--empty",)])
def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, rest = Terminal(tmp_path, *arguments, XIUWU_PORT=port, XIUWU_LANG="en").ends()
    assert status == 1
    assert rest.startswith(f"Cannot start at 127.0.0.1:{port} (Address already in use).")
    assert {file.name for file in tmp_path.iterdir()} <= {"secret_key"}


def test_without_a_terminal_nobody_is_asked(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.first_run", "--empty"],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
            "XIUWU_INSTANCE": str(tmp_path),
            "XIUWU_PORT": "5987",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "还没有管理员。请在终端执行 make run EMPTY=1，或用 flask user create-admin 建立。"
