"""The kept corpora of the fuzzers, and changed copies of them: a short form of `make fuzz`."""

import random
from pathlib import Path

import pytest

from support.fuzz_targets import MOST, TARGETS

CORPUS = Path(__file__).with_name("corpus")
COPIES = 300
"""Changed inputs of each target; `make fuzz` tries hundreds of thousands."""


def inputs(name):
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def changed(rng, data, others, words):
    """Some bytes are others, gone, twice, from another input, or a word of the dictionary."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randint(0, len(data))
        end = min(len(data), at + rng.choice([0, 1, 1, 4, 16, 64]))
        match rng.randrange(4):
            case 0:
                data[at:end] = rng.randbytes(end - at)
            case 1:
                data[at:at] = data[at:end] * rng.choice([1, 2, 8])
            case 2:
                other = rng.choice(others)
                start = rng.randint(0, len(other))
                data[at:end] = other[start : start + rng.choice([1, 8, 64])]
            case _:
                data[at:end] = rng.choice(words)
    return bytes(data[:MOST])


def dictionary(name):
    """The words that the fuzzer may put in, as libFuzzer reads them."""
    lines = CORPUS.with_name(f"{name}.dict").read_text(encoding="ascii").splitlines()
    words = [line.strip()[1:-1] for line in lines if line.strip()]
    return [word.encode("ascii").decode("unicode_escape").encode("latin-1") for word in words]


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_breaks_nothing(name):
    """What was found by fuzzing, and the seeds."""
    kept = inputs(name)
    for data in kept:
        TARGETS[name](data)
    assert kept


@pytest.mark.parametrize("name", TARGETS)
def test_changed_copies_break_nothing(name):
    """Always the same copies: a failure names its input."""
    rng, kept, words = random.Random(name), inputs(name), dictionary(name)
    for _ in range(COPIES):
        data = changed(rng, rng.choice(kept), kept, words)
        try:
            TARGETS[name](data)
        except Exception as error:
            error.add_note(f"input: {data!r}")
            raise
