"""Drives a loop: answers its requests, keeps the time, writes the trace. Knows no editor."""
