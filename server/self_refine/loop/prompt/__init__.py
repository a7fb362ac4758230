"""What all requests of a run share: roles, criteria, data. May import `loop` and `text`."""
