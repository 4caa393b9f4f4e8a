"""Passwords: hashing with argon2id, and the policy that a new one has to meet."""

from __future__ import annotations

import re
import threading
import unicodedata
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from app.errors import Refused

SHORTEST = 12
SHORTEST_OF_ADMINISTRATORS = 15
LONGEST = 128
FEWEST_DISTINCT = 4
KINDS_OF_CHARACTERS = 3
LONGEST_AGE = timedelta(days=90)
"""Under 等保 (`djbh`) a password is changed after this; under ASVS never without a reason."""

COMMON = (
    "1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "administrator", "password", "passw0rd", "p@ssw0rd",
    "p@ssword", "zhengwufuwu", "xinxihua", "dashuju", "jiaozuo", "xiangmu", "zhengfu", "xiuwu", "henan", "admin",
    "iloveyou", "woaini", "welcome", "huanying", "changeme", "letmein", "dragon", "monkey", "football", "sunshine",
    "princess", "superman", "qwerty", "qazwsx", "1qaz2wsx", "1q2w3e4r", "zxcvbnm", "abc123", "aa123456", "a123456",
    "88888888", "66666666", "123456789", "12345678", "123456", "12345", "654321", "112233", "520131", "1314",
    "test", "demo", "user", "root", "guest", "login", "secret", "master", "hello", "shadow", "abcdef", "abcd",
    "2023", "2024", "2025", "2026", "2027", "2028", "1234", "4321", "888", "666", "123", "321", "abc", "qaz", "wsx",
)  # fmt: skip
"""Words that everybody tries first, and those of this place; longest first where one contains another."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_at_once = threading.Semaphore(2)
"""Two at a time: more only share the same cores and hold 19 MiB each."""

_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash that no password has; it costs an unknown name the same time as a wrong password."""

_policy = "djbh"


def configure(policy: str) -> None:
    """Set the policy of this installation: `djbh` (等保: composition and age) or `asvs` (length and list alone)."""
    global _policy  # noqa: PLW0603 -- one installation, one policy
    _policy = policy


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _at_once:
        return _hasher.hash(_normal(password))


def fits(password: str, password_hash: str) -> bool:
    """Say whether the password has this hash; an empty hash takes as long and never fits."""
    if len(password) > LONGEST:
        password, password_hash = "", ""
    with _at_once:
        try:
            return _hasher.verify(password_hash or _NOBODY, _normal(password))
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False


def outdated(password_hash: str) -> bool:
    """Say whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def expired(set_at: datetime | None, *, wall: datetime) -> bool:
    """Say whether a password set at `set_at` (aware) has to be changed by the policy."""
    return _policy == "djbh" and set_at is not None and wall - set_at > LONGEST_AGE


def check(password: str, *, username: str, name: str, administrator: bool) -> None:
    """Raise Refused, with the one sentence that helps, unless `password` meets the policy.

    At least 12 characters, 15 for administrators; more than common words, years, one's own name; under `djbh` also
    three kinds of characters (等保 8.1.4.1 a).
    """
    text = _normal(password)
    shortest = SHORTEST_OF_ADMINISTRATORS if administrator else SHORTEST
    if len(text) < shortest:
        raise Refused("密码至少要 %(shortest)s 位。", shortest=shortest)
    if len(text) > LONGEST:
        raise Refused("密码最多 %(longest)s 位。", longest=LONGEST)
    if _policy == "djbh" and _kinds(text) < KINDS_OF_CHARACTERS:
        raise Refused("密码要含大写字母、小写字母、数字、其他符号中的至少三类。")
    own = [part for part in re.split(r"[.\W]", username.casefold()) if len(part) > 1] + [name.casefold()]
    rest = text.casefold()
    for word in (*own, *COMMON):
        rest = rest.replace(word, "")
    if len(set(rest)) < FEWEST_DISTINCT:
        raise Refused("这个密码太容易猜：不要用姓名、用户名、年份、地名和常见的词或数字拼成。")


def _kinds(text: str) -> int:
    lower, upper, digit = any(c.islower() for c in text), any(c.isupper() for c in text), any(c.isdigit() for c in text)
    return lower + upper + digit + any(not (c.islower() or c.isupper() or c.isdigit()) for c in text)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
