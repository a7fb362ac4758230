"""A hostile endpoint cannot fill the memory: every reply is cut at its cap, in a sentence."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from self_refine.loop.requests import FailureKind
from self_refine.models.openai.endpoint import Caps
from support.asking import QUICK, ask, check_failed

HOSTILE = {
    "200 MB of one line": {"megabytes": 200},
    "a gzip bomb of 300 MB": {"gzip_bomb": 300},
    "a million chunks": {"chunks": 1_000_000},
    "200,000 deep": {"deep": 200_000},
    "a header of 30 MB": {"headers_of": 30_000_000},
}


@pytest.mark.parametrize("entry", HOSTILE.values(), ids=HOSTILE)
def test_s19_f13_memory_stays_bounded(server, entry):
    """Less than 100 MB more, and a failure in words, whatever is sent."""
    served = server({**entry, "times": 3})
    script = Path(__file__).with_name("memory_of_a_call.py")
    done = subprocess.run(
        [sys.executable, str(script), served.url],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    kind, grown = done.stdout.split()[:2]
    assert kind == "Failed"
    assert int(grown) < 100


SMALL = Caps(body=5_000, line=2_000, chunks=20, error=100)
OVER = {
    "bytes": ({"text": "x" * 9_000, "pieces": ["x" * 900] * 10}, "5,000 bytes"),
    "a line": ({"text": "x", "pieces": ["x" * 3_000]}, "2,000 bytes"),
    "chunks": ({"chunks": 30}, "20 chunks"),
    "a length": ({"raw": "x" * 6_000}, "5,000 bytes"),
}


@pytest.mark.parametrize(("entry", "limit"), OVER.values(), ids=OVER)
async def test_s19_each_cap_has_its_sentence(server, entry, limit):
    """Bytes, line and chunks: which one was passed is said; nothing is asked again."""
    served = server(entry)
    answer, _ = await ask(served, caps=replace(SMALL, body=5_000))

    check_failed(answer, FailureKind.BAD_ANSWER, limit, "was stopped")
    assert len(served.asked) == 1


async def test_a_long_refusal_is_read_in_part(server):
    """Of an error body only the beginning is read."""
    served = server({"status": 400, "body": "no " * 100_000})
    answer, _ = await ask(served, caps=SMALL, timing=QUICK)

    check_failed(answer, FailureKind.OTHER, "HTTP 400")


async def test_a_compressed_reply_is_refused_before_it_is_read(server):
    """Plain was asked for; what comes packed is not unpacked."""
    served = server({"gzip_bomb": 1, "times": 2})
    answer, _ = await ask(served)

    check_failed(answer, FailureKind.BAD_ANSWER, "compressed")
