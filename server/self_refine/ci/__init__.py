"""`check`: the same criteria over many files, as CI needs it.

May import `runs`, `models`, `criteria`, `checks`, `loop` and `text`; knows no editor and prints
nothing.
"""
