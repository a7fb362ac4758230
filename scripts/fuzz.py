"""Look for bytes that break a target, guided by coverage: `fuzz.py TARGET [SECONDS]`.

Inputs that reach new code are kept in build/fuzz/TARGET; `--keep` copies the smallest of them to
tests/fuzz/corpus/TARGET, which the tests try in every run. What breaks a target is written to
build/fuzz as crash-…; put it into the corpus with the change that mends it.
"""

import shutil
import sys
from pathlib import Path

import atheris

MOST_KEPT = 100
"""Inputs that are copied: all of them would make every run of the tests longer."""
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

with atheris.instrument_imports(include=["self_refine"]):
    from support.fuzz_targets import MOST, TARGETS


def main() -> None:
    """Run libFuzzer on one target."""
    name, *rest = sys.argv[1:]
    seconds = next((word for word in rest if word.isdigit()), "600")
    kept = ROOT / "tests" / "fuzz" / "corpus" / name
    found = ROOT / "build" / "fuzz" / name
    found.mkdir(parents=True, exist_ok=True)
    kept.mkdir(parents=True, exist_ok=True)
    if "--keep" in rest:
        for path in sorted(found.iterdir(), key=lambda p: (p.stat().st_size, p.name))[:MOST_KEPT]:
            shutil.copyfile(path, kept / path.name)
        return
    words = ROOT / "tests" / "fuzz" / f"{name}.dict"
    options = [
        f"-max_len={MOST}",
        f"-artifact_prefix={found.parent}/{name}-",
        # Seconds for one input; the slowest of the corpora takes a tenth of one.
        "-timeout=5",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        f"-dict={words}",
        f"-max_total_time={seconds}",
    ]
    for seed in sorted(kept.iterdir())[:3]:
        # What is made once is made before the clock of an input runs.
        TARGETS[name](seed.read_bytes())
    atheris.Setup([sys.argv[0], *options, str(found), str(kept)], TARGETS[name])
    atheris.Fuzz()


main()
