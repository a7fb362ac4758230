"""The one gate for all that is sent: secrets, key files, files that are not for others.

May import criteria, loop, text, settings, and of `runs` the job alone; reads ignore files.
"""
