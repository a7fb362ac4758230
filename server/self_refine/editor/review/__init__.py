"""What a user reviews of a run's result: its changes, their places, their states.

All but `decide` is pure and knows no protocol.
May import `loop`, `text`, and `diagnostics`, `runs` and the session of `editor`.
"""
