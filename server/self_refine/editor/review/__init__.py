"""What a user reviews of a run's result: its changes, their places, their states. Pure.

May import `text`, `loop` (its values) and `editor/diagnostics/tracked_range`; knows no protocol.
"""
