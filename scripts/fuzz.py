"""Look for bytes that break a target, guided by coverage: `fuzz.py TARGET [SECONDS]`.

New inputs that reach new code are kept in build/fuzz/TARGET; `--keep` adds the smallest set of them
that reaches as much to tests/fuzz/corpus/TARGET, which the tests try in every run. What breaks a
target is written to build/fuzz as crash-…; put it into the corpus with the change that mends it.
"""

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

with atheris.instrument_imports(include=["self_refine"]):
    from support.fuzz_targets import MOST, TARGETS


def main() -> None:
    """Run libFuzzer on one target."""
    name, *rest = sys.argv[1:]
    keep = "--keep" in rest
    seconds = next((word for word in rest if word.isdigit()), "600")
    kept = ROOT / "tests" / "fuzz" / "corpus" / name
    found = ROOT / "build" / "fuzz" / name
    found.mkdir(parents=True, exist_ok=True)
    kept.mkdir(parents=True, exist_ok=True)
    folders = [str(kept), str(found)] if keep else [str(found), str(kept)]
    words = ROOT / "tests" / "fuzz" / f"{name}.dict"
    options = [
        f"-max_len={MOST}",
        f"-artifact_prefix={found.parent}/{name}-",
        # Seconds for one input; the slowest of the corpora takes a tenth of one.
        "-timeout=5",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        f"-dict={words}",
        "-merge=1" if keep else f"-max_total_time={seconds}",
    ]
    for seed in sorted(kept.iterdir())[:3]:
        # What is made once is made before the clock of an input runs.
        TARGETS[name](seed.read_bytes())
    atheris.Setup([sys.argv[0], *options, *folders], TARGETS[name])
    atheris.Fuzz()


main()
