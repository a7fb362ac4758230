"""The trace: one private file for each run, pruned, and never in the way."""

import os
import stat
from pathlib import Path

import pytest

from self_refine.loop.types import Cost
from self_refine.runs.trace import KEPT_BYTES, FileTrace, NoTrace, open_trace, prune, read_trace


def test_a_trace_reads_back_in_order(tmp_path):
    """Each line is an event with its time and plain values, whatever the text holds."""
    trace = open_trace(tmp_path, "abc")
    trace.write("began", text="naïve\u2028 \ud800")
    trace.write("reply", cost=Cost(calls=1, input_tokens=7))
    trace.close()

    first, second = read_trace(tmp_path, "abc")

    assert (first["event"], first["text"]) == ("began", "naïve\u2028 \ud800")
    assert second["cost"]["input_tokens"] == 7
    assert first["ms"] <= second["ms"]


@pytest.mark.skipif(os.name == "nt", reason="modes are a matter of POSIX")
def test_only_the_user_can_read_it(tmp_path):
    """The file has mode 0600 and its folder 0700."""
    trace = open_trace(tmp_path, "abc")
    assert isinstance(trace, FileTrace)
    trace.close()

    assert stat.S_IMODE(trace.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(trace.path.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_leaves_the_run_alone(tmp_path, caplog):
    """Without a place for it there is no trace, one warning, and no exception."""
    blocked = tmp_path / "state"
    blocked.write_text("a file where the folder should be", encoding="utf-8")

    trace = open_trace(blocked, "abc")
    trace.write("began")

    assert isinstance(trace, NoTrace)
    assert "leaves no trace" in caplog.text


def test_old_traces_go_first(tmp_path):
    """After 30 days a trace goes; over 100 MB the oldest go until the rest fits."""
    now = 10_000_000.0
    for name, age_days, size in (("old", 31, 1), ("big", 3, KEPT_BYTES), ("new", 1, 10)):
        path = tmp_path / f"{name}.jsonl"
        path.touch()
        os.truncate(path, size)
        os.utime(path, (now - age_days * 86_400,) * 2)

    prune(tmp_path, now=now)

    assert sorted(p.name for p in tmp_path.iterdir()) == ["new.jsonl"]


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full here")
def test_a_full_disk_ends_the_trace_and_not_the_run(tmp_path, caplog):
    """One warning, then silence; nothing is raised."""
    trace = FileTrace(tmp_path / "a.jsonl")
    os.close(trace._descriptor)
    trace._descriptor = os.open(FULL, os.O_WRONLY)
    for _ in range(5):
        trace.write("began", text="words")
    trace.close()

    assert caplog.text.count("ends here") == 1
    assert "words" not in caplog.text


def test_what_json_cannot_hold_is_written_as_text(tmp_path):
    """Whatever a value is made of, a line comes of it."""
    trace = open_trace(tmp_path, "abc")
    trace.write("odd", path=tmp_path, names=frozenset("a"), nested=(Cost(), [Cost()]))
    trace.close()

    (line,) = read_trace(tmp_path, "abc")
    assert line["path"] == str(tmp_path)
    assert line["nested"][1][0]["calls"] == 0


def test_a_run_without_a_trace_has_nothing_to_read(tmp_path):
    """Neither folder nor file."""
    assert list(read_trace(tmp_path, "abc")) == []


def test_a_line_that_was_cut_off_is_left_out(tmp_path):
    """A full disk or a kill ends a trace in the middle of a line; what stands before is read."""
    trace = open_trace(tmp_path, "abc")
    trace.write("began")
    trace.close()
    with trace.path.open("a", encoding="utf-8") as file:
        file.write('{"event": "rep')

    assert [line["event"] for line in read_trace(tmp_path, "abc")] == ["began"]
