"""How the time of a function grows with its input: linear or worse, on a busy machine too.

CPU time of the thread alone is counted, the least of several runs; and only what takes long *and*
has grown far more than its input counts as worse than linear.
"""

import time

LENGTHS = (24, 400, 5_000)
PATIENCE = 0.02
"""Seconds of CPU time: what is linear takes a fiftieth of it for a text of 5,000 characters."""
STEEP = 5
"""Times the growth of the input. Quadratic growth is 12 times it."""


def cpu_seconds(work, *given):
    """The least CPU time of three calls."""
    times = []
    for _ in range(3):
        began = time.thread_time()
        work(*given)
        times.append(time.thread_time() - began)
        if times[-1] < PATIENCE:
            break
    return min(times)


def grows_too_fast(work, text_of):
    """Whether a function takes more than linear time.

    Args:
        work: takes a text.
        text_of: makes a text of about so many characters.
    """
    before, taken, last = 1, 1e-6, ""
    for length in LENGTHS:
        text = text_of(length)
        now = cpu_seconds(work, text)
        # The first length that takes long says it: what is exponential never reaches the next.
        if now >= PATIENCE:
            # A second look, since other programs slow the processor down too.
            again = min(now, cpu_seconds(work, text)) / max(taken, cpu_seconds(work, last))
            return again > STEEP * len(text) / before
        before, taken, last = max(1, len(text)), max(now, 1e-6), text
    return False


def repeats(pieces):
    """Texts of any length from pieces: repeats of one, of two in turn, after a third, then a break.

    Yields:
        (what it is, a function from a length to a text).
    """
    for piece in pieces:
        for head in ("", *pieces):
            yield f"{head!r} + {piece!r} * n", _repeat(head, piece, "")
        yield f"{piece!r} * n + NUL", _repeat("", piece, "\0")
        yield f"line + {piece!r} * n", _repeat("x\n", piece, "\0\n")
    for first in pieces:
        for second in pieces:
            if first != second:
                yield f"({first + second!r}) * n", _repeat("", first + second, "")
                yield f"{first!r} * n + {second!r} * n", _two(first, second)


def _repeat(head, piece, tail):
    return lambda length: head + piece * (length // max(1, len(piece))) + tail


def _two(first, second):
    def made(length):
        return first * (length // 2 // len(first)) + second * (length // 2 // len(second))

    return made
