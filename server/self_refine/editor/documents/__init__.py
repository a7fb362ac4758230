"""What the editor holds: texts, positions, settings, criteria. May import `rpc`."""
