"""judge_eval.py FOLDER: whether a small model did harm; 1 where it did.

Of the arm `ours`: no run may lose what must be kept or end without a reason, and at most one of 40
may fail a verifier that its draft passed. What it was is printed.
"""

import json
import sys
from pathlib import Path

ALLOWED = 40
"""Items, one of which may be made worse."""


def main(folder: Path) -> int:
    """Print what was wrong, and the sum."""
    items = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["items"]
    ours = [item for item in items if item["arm"] == "ours"]
    lost = [item for item in ours if item["lost"]]
    worse = [item for item in ours if item["worse"]]
    endless = [item for item in ours if not item["stop"]]
    for item in lost:
        print(f"{item['item']} lost {', '.join(item['lost'])}")
    for item in worse:
        print(f"{item['item']} made worse: {', '.join(item['worse'])}")
    for item in endless:
        print(f"{item['item']} ended without a reason")
    most = -(-len(ours) // ALLOWED)
    bad = bool(lost or endless or len(worse) > most or not ours)
    print(
        f"eval-local: {'FAILED' if bad else 'passed'}: {len(ours)} items, {len(lost)} lost a fact "
        f"(0 allowed), {len(worse)} made worse ({most} allowed)"
    )
    return int(bad)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
