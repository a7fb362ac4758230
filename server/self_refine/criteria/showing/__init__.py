"""Says what criteria files came to, and which apply to a text and why. Plain values and lines.

May import `criteria` and below.
"""
