"""One module per report format, and the places that reports name. May import `tools`, `text`."""
