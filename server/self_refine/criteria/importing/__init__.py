"""Makes proposals of criteria files out of the rules that teams keep for other tools.

A proposal is text for people to read; nothing here is used by a run. May import `criteria` and
below.
"""
