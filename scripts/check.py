"""`make check`: lint, format, types, templates, system checks and pending migrations, side by side."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def commands() -> dict[str, list[str]]:
    """The checks, by name."""
    templates = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "templates").rglob("*.html"))]
    manage = [sys.executable, "manage.py"]
    return {
        "lint (ruff check)": [str(BIN / "ruff"), "check", "--no-cache", "."],
        "format (ruff format)": [str(BIN / "ruff"), "format", "--no-cache", "--check", "."],
        # What mypy keeps of models names modules that have moved since: red for no reason, or green for none.
        "types (mypy)": [str(BIN / "mypy"), "--cache-dir", os.devnull],
        "templates (djade)": [str(BIN / "djade"), "--target-version", "5.2", "--check", *templates],
        "system checks": [*manage, "check", "--fail-level", "WARNING"],
        "pending migrations": [*manage, "makemigrations", "--check", "--dry-run"],
    }


def main() -> int:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": "sqlite://:memory:",
    }
    start = time.monotonic()
    running = {
        name: subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for name, command in commands().items()
    }
    failed = 0
    for name, process in running.items():
        output, _ = process.communicate()
        print(f"{'ok    ' if process.returncode == 0 else 'FAILED'} {name}")
        if process.returncode:
            failed += 1
            print(output)
    print(f"check: {failed or 'nothing'} failed, {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
