"""Where quoted words stand in a text, exactly or nearly. May import `text` and rapidfuzz."""
