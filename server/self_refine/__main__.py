"""Run as `self-refine`, or as `python -I -m self_refine`."""

import sys

from self_refine.import_path import clean

clean()

from self_refine.cli.main import entry  # noqa: E402 - nothing is imported before

__all__ = ["entry"]

if __name__ == "__main__":
    sys.exit(entry())
