"""Who answers: an OpenAI-compatible endpoint, the editor's own model, or nobody."""
