"""Tells what words of a team's own rules file were meant as. Pure.

May import `criteria` and below.
"""
