"""The technique: a generator that yields what it needs and is sent what came back. Pure."""
