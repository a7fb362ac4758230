"""The words by which bullets of rules files are told apart: orders, tools, sections, blanks."""

import re


def _any(words: str) -> str:
    """A pattern for any of the words, which `|` or line ends part."""
    return "|".join(line.strip() for line in words.strip().splitlines())


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(words)})\b", re.IGNORECASE)


STRONG = _words(r"""
    must|shall|should|never|always|avoid|prefer|don't|do not|cannot|not allowed|only
    instead of|rather than|no longer|required|forbidden|mustn't|shouldn't
    """)
"""What makes a rule of whatever stands beside it."""

ORDER = _words(r"""
    must|shall|should|never|always|avoid\w*|prefer\w*|ensure|make sure|require[sd]?|needs? to
    (?:do|does|is|are|may|can|should|must|shall|will|would) not
    don't|doesn't|isn't|aren't|can't|cannot|mustn't|shouldn't|no longer
    forbidden|prohibited|not allowed|only|instead of|rather than
    use|keep|write|follow|include|add|remove|put|place|name|check|verify|limit|document
    describe|explain|test|validate|handle|define|declare|wrap|import|export|update|delete
    create|store|return|mark|replace|format|sort|group|split|separate
    """)
"""What tells that something is asked of whoever reads; verbs that are nouns too among them."""

POINTER = _words(r"""
    see also|see|read|refer to|docs?|documentation|guide|source|reference|more|link|website
    repo(?:sitory)?|also|the|our|for more|details|and|or|in|at|on
    """)
"""What stands beside a link and says no more than that it leads somewhere."""

TOOLS = frozenset(
    [
        *("apt", "apt-get", "bash", "bazel", "black", "brew", "bun", "bundle", "bunx", "cargo"),
        *("cd", "cmake", "composer", "conda", "cp", "ctest", "curl", "dart", "deno", "docker"),
        *("docker-compose", "dotnet", "eslint", "flake8", "flutter", "fnm", "gh", "git", "go"),
        *("gradle", "gradlew", "helm", "hatch", "husky", "isort", "java", "jest", "just"),
        *("kubectl", "ls", "make", "mix", "mkdir", "mvn", "mvnw", "mypy", "nix", "node", "npm"),
        *("npx", "nvm", "nx", "perl", "php", "phpunit", "pip", "pip3", "pipenv", "pipx"),
        *("playwright", "pnpm", "poetry", "pre-commit", "prettier", "psql", "pytest", "python"),
        *("python3", "rails", "rake", "redis-cli", "rspec", "rubocop", "ruby", "ruff", "rustup"),
        *("sbt", "sh", "ssh", "sudo", "swift", "task", "terraform", "tox", "tsc", "turbo", "uv"),
        *("uvx", "vite", "vitest", "wget", "xcodebuild", "yarn", "zig"),
    ]
)
"""What a command that people type begins with."""
LONE_TOOLS = frozenset({"make", "pytest", "tox", "rake", "just"})
"""Those that are a command by themselves."""

RUN = re.compile(
    r"\A(?:\*\*)?(?:please |then |always |just |to \w+(?: \w+){0,4},? )?"
    r"(?:re-?run|run|execute|type|start|launch|invoke|install|build|deploy|clone|enter)\b",
    re.IGNORECASE,
)
"""How a bullet that tells to run something begins."""

FACTS = re.compile(
    _any(r"""
    (?:tech(?:nolog(?:y|ies))?|our)?[ -]*stack|technolog(?:y|ies)|tools?(?: used)?|dependencies
    prerequisites
    (?:project|repo(?:sitory)?|directory|folder|file|code(?:base)?)(?:'s)? structure
    (?:project|repo(?:sitory)?|directory|folder|file|code(?:base)?)(?:'s)? (?:layout|tree|map)
    (?:project|repo(?:sitory)?|code(?:base)?) (?:overview|background)
    (?:key |important )?(?:files|directories|folders)
    (?:build|test|dev(?:elopment)?|useful|common|essential|key|quick)?[ ]*commands?(?: reference)?
    build|scripts|installation|install|set-?up|getting started|quick ?start
    running (?:locally|tests)|references?|resources?|links|see also|further reading|related
    read more|bibliography|(?:table of )?contents|toc|changelog|history|licen[cs]e|authors
    contributors|contacts?|acknowledge?ments
    """),
    re.IGNORECASE,
)
"""Sections whose bullets tell what is there, and ask nothing of a text."""

CHOICES = re.compile(
    r"(?:what |which )?(?:type|kind|nature|category)s? of (?:change|pr|pull request|issue|update)"
    r"|change type|(?:select|choose|tick|check|mark) (?:one|all|the|any|what|which|an?)\b",
    re.IGNORECASE,
)
"""What stands above boxes of which one is ticked."""

_CLOSES = r"(?:fixe?s|closes?|resolves?|relate[sd] to|issue|ticket|jira)"
BLANK = re.compile(
    r"[.\u2026_-]*|tbd|tba|todo|n/?a|none"
    rf"|{_CLOSES}\s*:?\s*#?\W*(?:\(?issue\)?|\d*|[A-Z]+-\w*)\W*"
    r"|[\[<{]+[^\[\]<>{}()]{2,160}[\]>}]+[.:]?",
    re.IGNORECASE,
)
"""What a template leaves to be filled in."""
FIELD = re.compile(
    r"(?:\*\*|__)?[\w /&'-]{2,60}(?:\*\*|__)?:(?:\*\*|__)?\s*"
    r"(?:[\[<{][^\[\]<>{}]*[\]>}]|_+|\.{3}|\u2026)?"
)
"""A name, and nothing or a blank behind its colon."""
