"""Owns what languages are called: one id for all the names that editors and people give one."""

_NAMES = {
    "bat": "batch dosbatch",
    "c": "",
    "clojure": "clj",
    "cpp": "c++",
    "csharp": "c# cs",
    "css": "",
    "dart": "",
    "diff": "patch",
    "dockerfile": "docker",
    "elixir": "",
    "erlang": "",
    "fsharp": "f# fs",
    "git-commit": "gitcommit commit",
    "go": "golang",
    "graphql": "",
    "groovy": "",
    "haskell": "hs",
    "html": "htm",
    "ini": "dosini",
    "java": "",
    "javascript": "js node",
    "javascriptreact": "jsx",
    "json": "",
    "jsonc": "",
    "julia": "jl",
    "kotlin": "kt",
    "latex": "tex plaintex",
    "lua": "",
    "mail": "email eml e-mail",
    "makefile": "make",
    "markdown": "md mkd pandoc",
    "mdx": "",
    "objective-c": "objc",
    "perl": "",
    "php": "",
    "plaintext": "text txt plain",
    "powershell": "ps1",
    "python": "py python3",
    "r": "",
    "restructuredtext": "rst",
    "ruby": "rb",
    "rust": "rs",
    "scala": "",
    "scss": "",
    "shellscript": "sh bash shell zsh",
    "sql": "",
    "svelte": "",
    "swift": "",
    "terraform": "tf",
    "toml": "",
    "typescript": "ts",
    "typescriptreact": "tsx",
    "vue": "",
    "xml": "",
    "yaml": "yml",
    "zig": "",
}
_IDS = {name: id_ for id_, names in _NAMES.items() for name in (id_, *names.split())}


def canonical(language: str) -> str:
    """The id that stands for all names of a language; one that nobody here knows is its own.

    VS Code says `plaintext`, Neovim `text`, and people write `md`. Case does not count.
    """
    folded = language.lower()
    return _IDS.get(folded, folded)


def doubt(language: str) -> str:
    """Why no editor may ever call a language so; "" where one may.

    Anybody's extension may name a new one, so only what looks like a slip is doubted.
    """
    if canonical(language) in _NAMES:
        return ""
    bare = canonical(language.strip().lstrip("*").lstrip("."))
    if bare in _NAMES:
        return f"{language!r} is the end of a file's name, or has blanks: write {bare!r}."
    if len(language.split()) > 1 or "," in language:
        return f"{language!r} is no language id; an entry is one, such as markdown or python."
    from difflib import get_close_matches  # noqa: PLC0415 - the first code action does without

    close = get_close_matches(language.lower()[:60], _IDS, n=1, cutoff=0.8)
    return (
        f"No editor is known to call a language {language!r}. Did you mean {_IDS[close[0]]!r}?"
        if close
        else ""
    )
