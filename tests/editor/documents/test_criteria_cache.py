"""Criteria files at hand: read again where one of them has changed, left alone where none has."""

import asyncio
import os
import time

import pytest

from self_refine.criteria.finding import file_stamps
from self_refine.criteria.finding.discover import discover
from self_refine.criteria.silenced import Dismissal
from self_refine.editor.background_tasks import BackgroundTasks
from self_refine.editor.diagnostics.suppressions import write_dismissal
from self_refine.editor.documents import criteria_cache
from self_refine.editor.documents.criteria_cache import CriteriaCache
from self_refine.editor.documents.workspace_scan import read_folder

HOUSE = """\
---
criteria: 1
checks:
  - {id: jargon, kind: words, file: jargon.txt}
---
## Criteria

- **plain**: Is it plain?
"""
posix = pytest.mark.skipif(os.name != "posix", reason="links and ctime are those of POSIX")


class Team:
    """A workspace, and what was read of it."""

    def __init__(self, root):
        self.root = root / "team"
        self.memo = self.root / "memo.md"
        self.write("criteria/house.criteria.md", HOUSE)
        self.write("criteria/jargon.txt", "utilise\n")
        self.read = asyncio.Queue()
        self.criteria_cache = CriteriaCache(
            lambda: (self.root,),
            self.read.put_nowait,
            BackgroundTasks(),
            lambda root, last, texts: read_folder(root, discover, last, texts),
        )

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    async def refreshed(self):
        """What the next look at the files gives, behind an answer."""
        assert self.criteria_cache.peek_and_refresh(self.memo) is not None
        return await asyncio.wait_for(self.read.get(), 10)

    async def first(self):
        """What the first look gives."""
        await self.criteria_cache.get(self.memo)
        return await self.read.get()


@pytest.fixture
def team(tmp_path, monkeypatch):
    """Each look is due, and files that were just written count as settled."""
    monkeypatch.setattr(criteria_cache, "STALE_SECONDS", -1.0)
    monkeypatch.setattr(file_stamps, "SETTLED_NS", -(10**9))
    return Team(tmp_path)


async def test_what_has_not_changed_is_not_read_again(team):
    """The very same library, at hand for another while."""
    first = await team.first()
    second = await team.refreshed()

    assert len(first.team.files) == 1
    assert second.team is first.team
    assert second.read_at > first.read_at


def edited(team):
    team.write("criteria/house.criteria.md", HOUSE.replace("plain?", "plane?"))


def given_a_list(team):
    team.write("criteria/jargon.txt", "leverage\n")


def without_its_list(team):
    (team.root / "criteria/jargon.txt").unlink()


def joined(team):
    team.write("criteria/second.criteria.md", "- Is it short?\n")


def gone(team):
    (team.root / "criteria/house.criteria.md").unlink()


def dismissed(team):
    write_dismissal(team.root, Dismissal("house/plain", "a", "b", "c"), "", "")


@pytest.mark.parametrize(
    "change", [edited, given_a_list, without_its_list, joined, gone, dismissed]
)
async def test_any_change_is_seen(team, change):
    """Of a file, of a word list, of which there are, of what was dismissed."""
    first = await team.first()
    change(team)
    second = await team.refreshed()

    before, after = ((s.team.files, s.team.problems, s.dismissed) for s in (first, second))
    assert before != after
    assert second.team is not first.team


async def test_a_list_that_comes_is_seen(team):
    """A file that names what is not there yet is read again once it is."""
    without_its_list(team)
    first = await team.first()
    assert first.team.problems
    given_a_list(team)

    assert (await team.refreshed()).team.problems == ()


@posix
async def test_another_text_of_the_same_size_and_date_is_seen(team):
    """What sets the date back changes the file's number or the time of its last change."""
    path = team.root / "criteria/house.criteria.md"
    first = await team.first()
    before = path.stat()
    edited(team)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    second = await team.refreshed()

    assert path.stat().st_size == before.st_size
    assert second.team.files != first.team.files


@posix
@pytest.mark.parametrize("inside", [True, False])
async def test_a_link_in_the_place_of_a_file_is_read_with_every_care(team, tmp_path, inside):
    """Inside the workspace it is another file, outside it is refused; whatever was read before."""
    path = team.root / "criteria/house.criteria.md"
    await team.first()
    elsewhere = (team.root if inside else tmp_path) / "elsewhere.md"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    elsewhere.write_text(HOUSE.replace("plain?", "plane?"), encoding="utf-8")
    second = await team.refreshed()

    if inside:
        assert second.team.files[0].criteria[-1].question == "Is it plane?"
    else:
        assert second.team.files == ()
        assert "outside the workspace" in second.team.problems[0].message


async def test_what_was_just_written_is_read_again(team, monkeypatch):
    """Within one tick of a file system's clock a second text of the same size looks the same."""
    monkeypatch.setattr(file_stamps, "SETTLED_NS", 2 * 10**9)
    first = await team.first()
    second = await team.refreshed()

    assert second.team is not first.team
    assert second.team.files == first.team.files


async def test_a_run_and_a_client_that_says_so_read_anew(team):
    """What judges a text is what stands on the disk, whatever its date."""
    first = await team.first()
    fresh = await team.criteria_cache.reload(team.memo)
    assert fresh.team is not first.team
    await team.read.get()
    team.criteria_cache.invalidate()

    assert (await team.read.get()).team is not fresh.team


async def test_a_change_while_files_are_read_is_read_too(team, monkeypatch):
    """The look that has begun may have seen what was there before: another one follows."""
    await team.first()
    team.criteria_cache.peek_and_refresh(team.memo)
    edited(team)
    team.criteria_cache.invalidate()
    team.criteria_cache.invalidate()
    await team.read.get()
    second = await asyncio.wait_for(team.read.get(), 10)

    assert second.team.files[0].criteria[-1].question == "Is it plane?"
    assert team.read.empty()


def test_marks_of_what_was_written_later_are_not_settled(tmp_path):
    """Nor are those of a file whose clock is ahead."""
    path = tmp_path / "a"
    path.write_text("a", encoding="utf-8")
    seen = file_stamps.marks([path, tmp_path / "gone"])
    second = 10**9

    assert not file_stamps.settled(seen, time.time_ns() - 60 * second)
    assert not file_stamps.settled(seen, time.time_ns())
    assert file_stamps.settled(seen, time.time_ns() + 60 * second)
    assert file_stamps.settled({tmp_path / "gone": None}, 0)


async def test_folders_on_the_way_to_a_document_are_looked_into(team):
    """Criteria of a folder are there for its documents, and for those alone."""
    team.write("pkg/a/criteria/own.criteria.md", "- **own**: Is it?\n")
    await team.first()
    near = await team.criteria_cache.get(team.root / "pkg/a/memo.md")
    far = await team.criteria_cache.get(team.memo)

    def ids(snapshot, path):
        return snapshot.offered(team.root / path, "markdown", whole=True)[0].ids

    assert ("house", "own") == ids(near, "pkg/a/memo.md")
    assert ("house",) == ids(far, "memo.md")


async def test_a_new_file_in_a_folder_is_seen(team):
    """Once a document of the folder is known, its files are watched as the others are."""
    await team.criteria_cache.get(team.root / "pkg/memo.md")
    await team.read.get()
    team.write("pkg/criteria/own.criteria.md", "- **own**: Is it?\n")
    snapshot = await team.refreshed()

    assert ["house", "own"] == sorted(file.id for file in snapshot.team.files)
