"""A model behind an OpenAI-compatible endpoint. May import `models` and below."""
