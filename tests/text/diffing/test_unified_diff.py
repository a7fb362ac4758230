"""Unified diffs, as the real `patch` takes them."""

import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings

from self_refine.text.diffing.edits import unified
from support.texts import VERSIONS

PATCH = shutil.which("patch")
needs_patch = pytest.mark.skipif(PATCH is None, reason="no `patch` is installed")


def patched(folder, name, old, new):
    """What `patch -p0` makes of the old file."""
    file = folder / name
    file.write_bytes(old.encode())
    subprocess.run(
        [PATCH, "-p0", "--quiet", "--force", "--no-backup-if-mismatch", "--fuzz=0"],
        input=unified(old, new, name).encode(), cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return file.read_bytes().decode() if file.exists() else ""


def test_the_shape_is_that_of_diff():
    """Header, hunk, context of three lines, and a word where the last line has no end."""
    old = "".join(f"{n}\n" for n in range(1, 11))
    expected = (
        "--- a.md\n+++ a.md\n@@ -7,4 +7,4 @@\n 7\n 8\n 9\n-10\n+ten\n\\ No newline at end of file\n"
    )

    assert expected == unified(old, old[:-3] + "ten", "a.md")


def test_nothing_changed_is_nothing():
    """No header without a hunk."""
    assert "" == unified("same", "same", "a")


def test_far_changes_are_hunks_of_their_own():
    """More than six equal lines part two hunks."""
    lines = [f"{n}\n" for n in range(30)]
    new = [line if n not in (3, 11, 24) else "new\n" for n, line in enumerate(lines)]
    headers = [x for x in unified("".join(lines), "".join(new), "a").split("\n") if x[:2] == "@@"]

    assert ["@@ -1,7 +1,7 @@", "@@ -9,7 +9,7 @@", "@@ -22,7 +22,7 @@"] == headers


@needs_patch
@pytest.mark.parametrize(
    "name", ["a.md", "my notes.md", "tab\there.md", 'quo"te.md', "\u00e9t\u00e9.md"]
)
def test_patch_finds_the_file_by_its_name(tmp_path, name):
    """Also one with blanks, tabs, quotation marks or letters beyond ASCII."""
    assert "one\nnew\n" == patched(tmp_path, name, "one\ntwo\n", "one\nnew\n")


@needs_patch
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
        ("a\nb", "a\nb\n"),
        ("a\nb\n", "a\nb"),
        ("a\nb", "a\nc"),
        ("x", "x\ny"),
        ("", "new\n"),
        ("a\rb\nc\x0bd\u2028e\n", "a\rB\nc\x0bd\u2028E\n"),
        ("-- a\n++ b\n@@ c\n", "-- A\n++ b\n@@ C\n"),
        ("\n" * 30 + "a\n" + "\n" * 30, "\n" * 29 + "a\n" + "\n" * 31),
    ],
)
def test_patch_makes_the_new_file_byte_for_byte(tmp_path, old, new):
    """Line ends, lacking last ones, and lines that look like a diff's own."""
    assert new == patched(tmp_path, "a.md", old, new)


@needs_patch
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(VERSIONS)
def test_patch_takes_any_difference(tmp_path, versions):
    """Any two texts that UTF-8 can write."""
    old, new = (text.encode("utf-8", "replace").decode() for text in versions)
    if old != new:
        assert new == patched(tmp_path, "a.md", old, new)
