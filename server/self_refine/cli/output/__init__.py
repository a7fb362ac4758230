"""What the prompt prints: reports, diffs, progress, JSON. May import `runs` and below."""
