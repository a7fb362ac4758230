"""Criteria files: from `*.criteria.md` to criteria, checks and problems; which apply to a text."""
