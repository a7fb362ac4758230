"""The commands `self-refine packs …`, the only place that fetches criteria.

May import `cli` and below.
"""
