"""Decodes a picture in a process of its own, which ends when its time is up, whatever the file does to the decoder.

A quarter of a megabyte can keep a decoder busy for minutes (a JPEG of two thousand passes), and a thread cannot be stopped.
`renditions` starts this module as a program, hands it the file, and reads what comes back.
"""

from __future__ import annotations

import io
import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from clinic.foundation import images, limits
from clinic.foundation.images import Rejected, Rendition

_ROOT = Path(__file__).resolve().parents[2]
_BROKEN = Rejected("broken", "This picture cannot be read. Save it again and try once more.")
_TOO_SLOW = Rejected(
    "too_slow", "This picture takes too long to read. Save it again as a plain JPEG, and try once more."
)


def renditions(file: BinaryIO, size: int) -> list[Rendition]:
    """What `images.renditions` returns and raises; or Rejected after limits.pictures.PICTURE_PROCESSOR_SECONDS of work."""
    if size > limits.pictures.PICTURE_BYTES:
        raise images.too_large()
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=file.read(limits.pictures.PICTURE_BYTES + 1),
            capture_output=True,
            cwd=_ROOT,
            env={},  # a hijacked decoder finds no keys here
            timeout=limits.pictures.PICTURE_WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _TOO_SLOW from error
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _TOO_SLOW
    if done.returncode:  # the decoder itself crashed
        raise _BROKEN
    return _read(done.stdout)


def _read(answer: bytes) -> list[Rendition]:
    """What `_main` wrote."""
    head, _, rest = answer.partition(b"\n")
    told = json.loads(head)
    if "code" in told:
        raise Rejected(told["code"], told["text"])
    found, at = [], 0
    for width, height, length in told["sizes"]:
        found.append(Rendition(width, height, rest[at : at + length]))
        at += length
    return found


def _main() -> None:
    spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    limit = round(spent) + limits.pictures.PICTURE_PROCESSOR_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    content = sys.stdin.buffer.read()
    sys.stdout.buffer.write(b"\n".join(_answer(content)))


def _answer(content: bytes) -> tuple[bytes, bytes]:
    """One line of JSON (the sizes, or why not), and the bytes of all sizes, one after another."""
    try:
        made = images.renditions(io.BytesIO(content), len(content))
    except Rejected as error:
        return json.dumps({"code": error.code, "text": str(error)}).encode(), b""
    sizes = [(one.width, one.height, len(one.content)) for one in made]
    return json.dumps({"sizes": sizes}).encode(), b"".join(one.content for one in made)


if __name__ == "__main__":
    _main()
