"""Measures how well a model refines texts, arm against arm. May import `runs` and what is below."""
