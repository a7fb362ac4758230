"""Owns which language a file's name suggests, by the ids that editors use."""

from pathlib import Path

_LANGUAGES = {
    ".bash": "shellscript",
    ".c": "c",
    ".cpp": "cpp",
    ".cs": "csharp",
    ".css": "css",
    ".eml": "mail",
    ".go": "go",
    ".h": "c",
    ".htm": "html",
    ".html": "html",
    ".java": "java",
    ".js": "javascript",
    ".json": "json",
    ".jsx": "javascriptreact",
    ".kt": "kotlin",
    ".lua": "lua",
    ".markdown": "markdown",
    ".md": "markdown",
    ".php": "php",
    ".py": "python",
    ".pyi": "python",
    ".rb": "ruby",
    ".rs": "rust",
    ".rst": "restructuredtext",
    ".sh": "shellscript",
    ".sql": "sql",
    ".swift": "swift",
    ".tex": "latex",
    ".toml": "toml",
    ".ts": "typescript",
    ".tsx": "typescriptreact",
    ".xml": "xml",
    ".yaml": "yaml",
    ".yml": "yaml",
}


def language_of(path: Path | None) -> str:
    """The language id; `plaintext` for names that say nothing, and for standard input."""
    return "plaintext" if path is None else _LANGUAGES.get(path.suffix.lower(), "plaintext")
