"""Pages in Markdown: explanations and traces. May import `diagnostics` and `runs`."""
