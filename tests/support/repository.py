"""Owns a git repository in a temporary folder, with criteria and texts, and `check` run in it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HOUSE = """\
---
criteria: 1
title: House
applies: {paths: ["**/*.md"]}
checks:
  - {kind: words, id: plain, severity: error, swap: {in order to: to}}
  - {kind: words, id: very, severity: info, forbid: [very]}
---

## Criteria

- **dates** (warning): Is there a deadline without a date?
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def lines(self):
        return self.out.splitlines()


class Repository:
    """A work tree; `git` and `check` run in it with a home of their own."""

    def __init__(self, folder, home):
        self.folder, self.home = Path(folder), Path(home)
        self.folder.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main")
        self.put("criteria/house.criteria.md", HOUSE)
        self.commit("criteria")

    def environment(self, **variables):
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OPENAI", "SELF_REFINE", "GIT_", "XDG")) and name != "CI"
        }
        names = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
        who = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER")
               for what in ("NAME", "EMAIL")}  # fmt: skip
        return kept | dict.fromkeys(names, str(self.home)) | who | variables

    def git(self, *arguments, cwd=None):
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=cwd or self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def put(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def commit(self, message="change"):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def run(self, command, *arguments, cwd=None, **variables):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "self_refine", command, *arguments],
            cwd=cwd or self.folder,
            env=self.environment(**variables),
            capture_output=True,
            check=False,
            timeout=120,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def check(self, *arguments, **options):
        return self.run("check", *arguments, **options)
