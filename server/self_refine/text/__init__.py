"""Knows texts and nothing else: no editor, file or model. Offsets are code points."""
