"""Owns noticing what had better not be sent to a model: keys in the text, files that hold them."""

import re
from pathlib import Path

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # Each begins with its letters, and looks at what is before them only then: a search for
        # letters goes through a long text in a hundredth of the time, and holds up no thread.
        ("a private key", r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----"),
        ("an API key (sk-…)", r"sk-(?<![A-Za-z0-9]sk-)[A-Za-z0-9_-]{16,200}"),
        ("an AWS access key", r"AKIA(?<![A-Z0-9]AKIA)[A-Z0-9]{16}(?![A-Z0-9])"),
        ("an AWS access key", r"ASIA(?<![A-Z0-9]ASIA)[A-Z0-9]{16}(?![A-Z0-9])"),
        ("a GitHub token", r"gh[pousr]_(?<![A-Za-z0-9]gh._)[A-Za-z0-9]{30,255}"),
        ("a GitHub token", r"github_pat_(?<![A-Za-z0-9]github_pat_)\w{30,255}"),
        ("a Slack token", r"xox[abposr]-(?<![A-Za-z0-9]xox.-)[A-Za-z0-9-]{10,200}"),
        ("a Google API key", r"AIza(?<![A-Za-z0-9]AIza)[A-Za-z0-9_-]{35}"),
    )
)

_FILES = re.compile(
    r"\.env(\..*)?|.*\.(pem|key|p12|pfx|keystore|jks|kdbx|asc|gpg)|id_(rsa|dsa|ecdsa|ed25519)"
    r"|\.netrc|\.pgpass|\.npmrc|\.pypirc|credentials(\.json)?",
    re.IGNORECASE,
)


def kinds_of_secrets(text: str) -> tuple[str, ...]:
    """What kinds of secrets a text seems to hold; never the secrets themselves."""
    return tuple(dict.fromkeys(kind for kind, pattern in _KINDS if pattern.search(text)))


def holds_secrets(path: Path | None) -> bool:
    """Whether a file is of a kind that is there to hold secrets, by its name."""
    return path is not None and _FILES.fullmatch(path.name) is not None
