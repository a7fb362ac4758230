"""One module per output format; each turns a report into text. May import `ci`, `loop`, `text`."""
