"""Bytes to messages and back; everything that works round pygls. May import no feature."""
