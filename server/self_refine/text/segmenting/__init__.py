"""How a text falls into parts: blocks, sentences, numbered segments. May import `text`."""
