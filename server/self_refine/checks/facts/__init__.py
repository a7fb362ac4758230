"""Facts of a text that must stand in its source: numbers, names, addresses, quotations.

The source is read generously, the candidate sparingly: each finding is an accusation, and an item
that is overlooked is only silence. May import `text`.
"""
