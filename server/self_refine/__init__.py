"""Self-Refine: generate, judge against explicit criteria, refine, until nothing is left to fix."""

__version__ = "0.1.0"
