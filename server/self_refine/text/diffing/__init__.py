"""What differs between two texts, as edits and unified diffs. May import `text` and rapidfuzz."""
