"""Owns the command as a user runs it: a process, a home and a folder of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAIL = "Hello Ann,\n\nIn order to ship on time, we utilise the old plan.\n\nBest,\nBo\n"
CRITERIA = """\
---
criteria: 1
title: Team mail
applies: {paths: ["**/*.md"]}
checks:
  - {kind: words, id: plain, severity: warning, swap: {in order to: to}}
---

## Criteria

- **long-word** (error): Does a word have a shorter one that says the same?
"""


@dataclass(frozen=True)
class Ran:
    code: int
    raw: bytes
    err: str

    @property
    def out(self):
        return self.raw.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.raw)


class Session:
    """A workspace with a mail and the team's criteria; `run` is the command line in it."""

    def __init__(self, folder, home):
        self.folder, self.home = folder, home
        (folder / ".git").mkdir()
        self.put("mail.md", MAIL)
        self.put("criteria/mail.criteria.md", CRITERIA)

    def put(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, name="mail.md"):
        return (self.folder / name).read_bytes()

    def environment(self, **variables):
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("OPENAI", "SELF_REFINE"))}
        kept.pop("NO_COLOR", None)
        folders = {"HOME": self.home, "USERPROFILE": self.home, "APPDATA": self.home,
                   "LOCALAPPDATA": self.home, "XDG_CONFIG_HOME": self.home / "config",
                   "XDG_STATE_HOME": self.home / "state",
                   "XDG_CACHE_HOME": self.home / "cache"}  # fmt: skip
        return kept | {n: str(v) for n, v in folders.items()} | variables

    def run(self, *arguments, cwd=None, stdin=b"", command="refine", **variables):
        done = subprocess.run(
            self.command(command, *arguments),
            cwd=cwd or self.folder,
            env=self.environment(**variables),
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr.decode("utf-8"))

    def run_into(self, full, *arguments, command="refine"):
        """The command with a file for standard output, such as `/dev/full`: code and errors."""
        with Path(full).open("wb") as out:
            done = subprocess.run(
                self.command(command, *arguments),
                cwd=self.folder,
                env=self.environment(),
                stdout=out,
                stderr=subprocess.PIPE,
                check=False,
            )
        return Ran(done.returncode, b"", done.stderr.decode())

    @staticmethod
    def command(*arguments):
        return [sys.executable, "-P", "-m", "self_refine", *map(str, arguments)]
