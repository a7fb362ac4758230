"""The one table of languages: what each is called, which files it has, what kind of text it is.

Editors, the prompt and people name one language differently (VS Code says `plaintext`, Neovim
`text`, people `md`). Everything else in the program compares the id of this table.
"""

from collections.abc import Iterable
from enum import StrEnum


class Family(StrEnum):
    """How the prose of a language is told from the rest of it."""

    MARKDOWN = "markdown"
    MDX = "mdx"
    PLAIN = "plain"
    MAIL = "mail"
    COMMIT = "commit"
    HTML = "html"
    LATEX = "latex"
    RST = "rst"
    OTHER_PROSE = "other prose"
    """Prose in a markup that nothing here reads."""
    CODE = "code"
    DATA = "data"


_MARKED_UP = {
    # id: (other names, suffixes and whole names of files)
    Family.MARKDOWN: {
        "markdown": (
            "md mkd gfm commonmark pandoc ghmarkdown github-markdown multimarkdown mmd",
            ".md .markdown .mdown .mkd .mkdn .mdwn .mdtxt .mdtext .mmd",
        ),
        "quarto": ("qmd", ".qmd"),
        "rmd": ("rmarkdown", ".rmd .rmarkdown"),
        "prompt": ("copilot-prompt instructions chatagent chatmode skill", ".mdc"),
    },
    Family.MDX: {"mdx": ("markdown.mdx", ".mdx"), "mdsvex": ("svx", ".svx")},
    Family.PLAIN: {"plaintext": ("text txt plain", ".txt .text")},
    Family.MAIL: {"mail": ("email eml e-mail mutt neomutt", ".eml .mail .mbox")},
    Family.COMMIT: {
        "git-commit": (
            "gitcommit commit git_commit jjdescription hgcommit svn",
            "COMMIT_EDITMSG MERGE_MSG TAG_EDITMSG SQUASH_MSG PULLREQ_EDITMSG .jjdescription",
        )
    },
    Family.HTML: {
        "html": ("htm xhtml", ".html .htm .xhtml"),
        "vue": ("", ".vue"),
        "svelte": ("", ".svelte"),
    },
    Family.LATEX: {"latex": ("tex plaintex", ".tex .ltx .latex")},
    Family.RST: {"restructuredtext": ("rst rest", ".rst .rest")},
    Family.OTHER_PROSE: {
        "asciidoc": ("adoc asciidoctor", ".adoc .asciidoc .asc"),
        "bibtex": ("bib", ".bib"),
        "norg": ("neorg", ".norg"),
        "org": ("org-mode orgmode", ".org"),
        "pod": ("", ".pod"),
        "rtf": ("", ".rtf"),
        "textile": ("", ".textile"),
        "typst": ("typst-markup typ", ".typ"),
        "vimwiki": ("", ""),
        "wikitext": ("mediawiki", ".wiki .mediawiki .wikitext"),
    },
    Family.DATA: {
        "csv": ("", ".csv"),
        "diff": ("patch", ".diff .patch"),
        "dotenv": ("env", ".env"),
        "ignore": ("gitignore", ".gitignore .dockerignore"),
        "ini": ("dosini", ".ini .cfg"),
        "json": ("", ".json"),
        "jsonc": ("json5", ".jsonc .json5"),
        "jsonl": ("ndjson", ".jsonl .ndjson"),
        "properties": ("java-properties", ".properties"),
        "svg": ("", ".svg"),
        "toml": ("", ".toml"),
        "tsv": ("", ".tsv"),
        "xml": ("", ".xml .xsd .xsl"),
        "yaml": ("yml dockercompose", ".yaml .yml"),
    },
    Family.CODE: {
        "astro": ("", ".astro"),
        "bat": ("batch dosbatch", ".bat .cmd"),
        "c": ("", ".c .h"),
        "clojure": ("clj", ".clj .cljs .cljc .edn"),
        "cmake": ("", ".cmake CMakeLists.txt"),
        "cpp": ("c++", ".cpp .cc .cxx .hpp .hh .hxx"),
        "csharp": ("c# cs", ".cs"),
        "css": ("", ".css"),
        "cuda-cpp": ("cuda", ".cu .cuh"),
        "dart": ("", ".dart"),
        "dockerfile": ("docker", "Dockerfile Containerfile .dockerfile"),
        "elixir": ("", ".ex .exs"),
        "elm": ("", ".elm"),
        "erlang": ("", ".erl .hrl"),
        "fish": ("", ".fish"),
        "fsharp": ("f# fs", ".fs .fsx"),
        "go": ("golang", ".go"),
        "graphql": ("gql", ".graphql .gql"),
        "groovy": ("", ".groovy .gradle Jenkinsfile"),
        "handlebars": ("hbs", ".hbs .handlebars"),
        "haskell": ("hs", ".hs"),
        "java": ("", ".java"),
        "javascript": ("js node", ".js .mjs .cjs"),
        "javascriptreact": ("jsx", ".jsx"),
        "julia": ("jl", ".jl"),
        "just": ("", "justfile Justfile .just"),
        "kotlin": ("kt", ".kt .kts"),
        "less": ("", ".less"),
        "lisp": ("commonlisp elisp emacs-lisp", ".lisp .el"),
        "lua": ("", ".lua"),
        "makefile": ("make", "Makefile makefile GNUmakefile .mk .mak"),
        "matlab": ("octave", ".m"),
        "nix": ("", ".nix"),
        "objective-c": ("objc", ".mm"),
        "ocaml": ("ml", ".ml .mli"),
        "perl": ("", ".pl .pm"),
        "php": ("", ".php"),
        "powershell": ("ps1", ".ps1 .psm1"),
        "proto": ("protobuf proto3", ".proto"),
        "python": ("py python3", ".py .pyi .pyw"),
        "r": ("", ".r"),
        "razor": ("cshtml", ".razor .cshtml"),
        "ruby": ("rb", ".rb Rakefile Gemfile Vagrantfile"),
        "rust": ("rs", ".rs"),
        "scala": ("", ".scala .sc"),
        "scheme": ("", ".scm"),
        "scss": ("sass", ".scss .sass"),
        "shellscript": ("sh bash shell zsh ksh", ".sh .bash .zsh .ksh .bats"),
        "solidity": ("", ".sol"),
        "sql": ("mysql postgres plsql tsql", ".sql"),
        "swift": ("", ".swift"),
        "terraform": ("tf hcl", ".tf .tfvars .hcl"),
        "typescript": ("ts", ".ts .mts .cts"),
        "typescriptreact": ("tsx", ".tsx"),
        "verilog": ("systemverilog", ".v .sv"),
        "vim": ("viml", ".vim"),
        "zig": ("", ".zig"),
    },
}

_FAMILIES = {id_: family for family, ids in _MARKED_UP.items() for id_ in ids}
_IDS = {
    name: id_
    for ids in _MARKED_UP.values()
    for id_, (names, _) in ids.items()
    for name in (id_, *names.split())
}
_FILES = {
    name.lower(): id_
    for ids in _MARKED_UP.values()
    for id_, (_, files) in ids.items()
    for name in files.split()
}
_PROSE_FAMILIES = frozenset({
    Family.MARKDOWN, Family.MDX, Family.PLAIN, Family.MAIL, Family.COMMIT, Family.LATEX, Family.RST,
    Family.OTHER_PROSE,
})  # fmt: skip


def every_id() -> tuple[str, ...]:
    """The ids of all languages that are known here, in the order of the alphabet."""
    return tuple(sorted(_FAMILIES))


def canonical(language: str) -> str:
    """The id that stands for all names of a language; one that nobody here knows is its own.

    VS Code says `plaintext`, Neovim `text`, and people write `md`. Case does not count.
    """
    folded = language.lower()
    return _IDS.get(folded, folded)


def language_of(name: str) -> str:
    """The id that a file's name, without folders, suggests; `plaintext` where it says nothing."""
    name = name.lower()
    stem, dot, suffix = name.rpartition(".")
    for known in (name, f"{dot}{suffix}", stem.partition(".")[0]):
        if known in _FILES:
            return _FILES[known]
    return "plaintext"


def family(language: str) -> Family:
    """What kind of text a language is; one that nobody here knows is code."""
    if not language:
        return Family.PLAIN
    return _FAMILIES.get(canonical(language), Family.CODE)


def is_prose(language: str) -> bool:
    """Whether an editor's language id names prose; one that nobody knows is code."""
    return family(language) in _PROSE_FAMILIES


def is_markdown(language: str) -> bool:
    """Whether an editor's language id names a kind of Markdown."""
    return family(language) in (Family.MARKDOWN, Family.MDX)


def covers(wanted: str, language: str) -> bool:
    """Whether a text in `language` is meant where somebody wrote `wanted`.

    Markdown stands for its kinds (Quarto, R Markdown, MDX); each of them for itself alone.
    """
    wanted = canonical(wanted)
    return wanted == canonical(language) or (wanted == "markdown" and is_markdown(language))


def names_code(languages: Iterable[str]) -> bool:
    """Whether these are languages, and code or data all of them."""
    families = [family(language) for language in languages]
    return bool(families) and all(each in (Family.CODE, Family.DATA) for each in families)


def doubt(language: str) -> str:
    """Why no editor may ever call a language so; "" where one may.

    Anybody's extension may name a new one, so only what looks like a slip is doubted.
    """
    if canonical(language) in _FAMILIES:
        return ""
    bare = canonical(language.strip().lstrip("*").lstrip("."))
    if bare in _FAMILIES:
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
