"""Plans: their steps and what each needs, as a graph. May import `text` and `checks.search`."""
