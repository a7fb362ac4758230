"""What a server remembers of its runs, so that the next one can go on.

A small file for each document says where its runs stand; what they found is in their traces.
May import `runs`, `criteria`, `loop`, `text`, and the rooms of `editor` below `requests`.
"""
