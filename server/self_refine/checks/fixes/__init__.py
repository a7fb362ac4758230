"""How words are replaced without damage, and which changes are safe.

May import `checks.markup` and `text`.
"""
