"""Run as `python -P -m self_refine`."""

import sys

from self_refine.cli.main import entry

if __name__ == "__main__":
    sys.exit(entry())
