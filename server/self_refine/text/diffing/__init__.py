"""What differs between two texts, as edits and as unified diffs. May import `text` and rapidfuzz."""
