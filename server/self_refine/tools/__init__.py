"""Runs a team's own tests, linters and formatters on a candidate, and reads what they report.

May import `checks`, `loop`, `text`, `settings`, `errors` and what writes files. Nothing here runs
before a user has allowed exactly that command (`trust/`).
"""
