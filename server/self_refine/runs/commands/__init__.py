"""The commands of a run: which are allowed, and running them for the driver.

May import `runs`, `tools` and what lies below them.
"""
