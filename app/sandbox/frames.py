"""What goes between a process and its child: byte strings one after another, each behind its length."""

from __future__ import annotations

import struct
from typing import IO, Final

LENGTH: Final = struct.Struct(">I")


def packed(*parts: bytes) -> bytes:
    """Return byte strings as frames."""
    return b"".join(LENGTH.pack(len(part)) + part for part in parts)


def read(stream: IO[bytes]) -> bytes | None:
    """Return the next frame of a blocking stream; None at its end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def first(buffer: bytes | bytearray) -> bytes | None:
    """Return the first frame of what has come in so far; None while it is not whole."""
    if len(buffer) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack_from(buffer)
    body = bytes(buffer[LENGTH.size : LENGTH.size + length])
    return body if len(body) == length else None
