"""Which files are there to hold keys: nothing of them is sent, whatever the user says."""

from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import PurePath

_NAMES = (
    ".env*",
    "*.env",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.p8",
    "*.ppk",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.gpg",
    "*.ovpn",
    "*.tfstate",
    "*.tfstate.*",
    "*.tfvars",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".my.cnf",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".htpasswd",
    ".dockercfg",
    ".vault-token",
    ".s3cfg",
    "kubeconfig",
    "kubeconfig.y*ml",
    "rclone.conf",
    "wp-config.php",
    "credentials",
    "credentials.json",
    "credentials.toml",
    "client_secret*.json",
    "service-account*.json",
    "secrets.json",
    "secrets.toml",
    "secrets.y*ml",
)
"""In small letters, as their names are compared."""
_PLACES = (".kube/config", ".docker/config.json", ".gem/credentials", "gh/hosts.yml")
_FOLDERS = frozenset({".ssh", ".gnupg", ".aws", ".password-store"})


@lru_cache(maxsize=512)
def holds_keys(path: PurePath | None) -> bool:
    """Whether a file is there to hold keys, by its name and its place; touches no disk."""
    folders = [part.lower() for part in path.parts] if path is not None else []
    name = folders.pop() if folders else ""
    if name.endswith(".pub"):
        return False
    return (
        any(fnmatchcase(name, known) for known in _NAMES)
        or "/".join((*folders[-1:], name)) in _PLACES
        or not _FOLDERS.isdisjoint(folders)
    )
