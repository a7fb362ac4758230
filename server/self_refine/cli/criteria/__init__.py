"""The commands `self-refine criteria …`. May import `cli` and below."""
