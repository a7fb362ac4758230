"""Owns every setting: its name, its default, who may give it. `sources.py` reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path, user_config_path, user_state_path

APP = "self-refine"


@dataclass(frozen=True, slots=True)
class KeySource:
    """Who gave the key, which decides where it may go."""

    given_by: Literal["environment", "editor", "settings"]
    """`settings`: `keyFrom` or `keyCommand`, which name where the key is kept."""
    url: str | None
    """The endpoint that it was given for: in the environment its `OPENAI_BASE_URL`, from an editor
    what the key was stored for, in settings the one that the same source names. `provider:NAME`
    is that of a preset."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a user can set. Fields are the keys of `KEYS`, in snake case."""

    base_url: str | None = None
    """The endpoint; None means OpenAI's, "" that the environment's variable is empty."""
    model: str | None = None
    """None: the only model that the server lists."""
    critic_model: str | None = None
    """None: the same as `model`."""
    provider: str | None = None
    """A preset of `models/presets.py`."""
    critic_base_url: str | None = None
    """None: the same endpoint as the writer's; a preset's name stands for its endpoint."""
    key_from: str | None = None
    """Where the key is kept: `env:NAME` or `keyring:NAME`."""
    critic_key_from: str | None = None
    key_command: tuple[str, ...] = field(default=(), repr=False)
    """A program and its arguments that print the key."""
    extra_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    extra_query: Mapping[str, str] = field(default_factory=dict, repr=False)
    extras_for: str | None = None
    """The endpoint that the source of `extraHeaders` and `extraQuery` names, as `KeySource.url`;
    None: whoever calls us gives them for the endpoint that is set."""
    proxy: str | None = field(default=None, repr=False)
    """A URL, a reference to one, or "env"; None: none is used."""
    no_proxy: tuple[str, ...] = ()
    ca_file: str | None = None
    ca_system: bool = True
    client_certificate: tuple[str, ...] = ()
    """A PEM file with certificate and key, or one file for each."""
    allow_http: tuple[str, ...] = ()
    """Hosts with their ports that may be asked without TLS."""
    api_key: str | None = field(default=None, repr=False)
    """From the environment or the editor's secret storage, never from a file."""
    key_source: KeySource | None = None
    """None: endpoint and key are given by one hand, such as a program that calls us."""
    review: Literal["apply", "hold"] = "apply"
    mode: Literal["normal", "thorough"] = "normal"
    passes: int = 3
    max_calls: int = 20
    max_tokens: int = 100_000
    max_seconds: float = 300.0
    first_byte_seconds: float | None = None
    """None: 60, or 120 on loopback, where a server may have to load its model first."""
    idle_seconds: float = 60.0
    max_output_tokens: int | None = None
    """None: what the question needs, and more where a reply was cut."""
    reasoning_effort: Literal["minimal", "low", "medium", "high"] = "low"
    max_selection_tokens: int = 8_000
    live_checks: bool = True
    secrets: Literal["block", "ask", "off"] = "ask"
    never_send: tuple[str, ...] = ()
    """Patterns as in `.gitignore`, beside the key files that are never sent."""
    trace: bool = True
    cache: bool = True
    log_level: Literal["error", "warning", "info", "debug"] = "warning"
    server_path: str | None = None
    """Read by the VS Code extension alone."""
    interpreter: str | None = None
    """Read by the VS Code extension alone."""


@dataclass(frozen=True, slots=True)
class Key:
    """One setting as people write it."""

    name: str
    """In camel case."""
    kind: Literal["text", "choice", "count", "seconds", "flag", "list", "table"]
    scope: Literal["user", "any"]
    """`user`: ignored where a repository could have written it."""
    meaning: str
    choices: tuple[str, ...] = ()
    variable: str | None = None
    """The environment variable that sets it."""
    secret: bool = False
    """Whether a value may hold a secret: problems do not repeat it."""
    tightest: str | bool | None = None
    """Of scope `any`: the one value that a workspace may ask for; None: a lower number."""

    @property
    def field(self) -> str:
        """The attribute of `Settings`."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in self.name)


KEYS: tuple[Key, ...] = (
    Key(
        "baseUrl",
        "text",
        "user",
        "URL of an OpenAI-compatible endpoint",
        variable="OPENAI_BASE_URL",
    ),
    Key("model", "text", "user", "model that writes and judges", variable="OPENAI_MODEL"),
    Key("criticModel", "text", "user", "another model that judges"),
    Key(
        "provider",
        "choice",
        "user",
        "preset of an endpoint, in the place of `baseUrl`",
        (
            "openai",
            "azure",
            "anthropic",
            "gemini",
            "mistral",
            "openrouter",
            "groq",
            "ollama",
            "lmstudio",
            "llamacpp",
            "vllm",
            "litellm",
        ),
    ),
    Key("criticBaseUrl", "text", "user", "endpoint of `criticModel`"),
    Key("keyFrom", "text", "user", "where the key is kept"),
    Key("criticKeyFrom", "text", "user", "where the key of `criticBaseUrl` is kept"),
    Key("keyCommand", "list", "user", "program and arguments that print the key", secret=True),
    Key("extraHeaders", "table", "user", "headers for the endpoint", secret=True),
    Key("extraQuery", "table", "user", "query parameters for the endpoint", secret=True),
    Key("proxy", "text", "user", "proxy for endpoints with https", secret=True),
    Key("noProxy", "list", "user", "hosts that are asked without the proxy"),
    Key("caFile", "text", "user", "certificates of authorities to trust as well"),
    Key("caSystem", "flag", "user", "trust the authorities of the operating system"),
    Key("clientCertificate", "list", "user", "certificate that this machine shows"),
    Key("allowHttp", "list", "user", "hosts that may be asked without encryption"),
    Key(
        "review",
        "choice",
        "any",
        "land at once, or wait until you accept",
        ("apply", "hold"),
        tightest="hold",
    ),
    Key(
        "mode",
        "choice",
        "any",
        "one critique, or one for each criterion",
        ("normal", "thorough"),
        tightest="normal",
    ),
    Key("passes", "count", "any", "most rewrites in one run; a repository may lower it"),
    Key("maxCalls", "count", "user", "most calls to the model in one run"),
    Key("maxTokens", "count", "user", "most tokens, in and out, in one run"),
    Key("maxSeconds", "seconds", "user", "longest time of one run"),
    Key("firstByteSeconds", "seconds", "user", "longest wait for a reply to begin"),
    Key("idleSeconds", "seconds", "user", "longest silence inside a reply"),
    Key("maxOutputTokens", "count", "user", "most tokens of one reply, thinking included"),
    Key(
        "reasoningEffort",
        "choice",
        "user",
        "how long a model that thinks first may think before it judges",
        ("minimal", "low", "medium", "high"),
    ),
    Key("maxSelectionTokens", "count", "user", "longest selection, in estimated tokens"),
    Key("liveChecks", "flag", "any", "the workspace's own checks while you type", tightest=False),
    Key(
        "secrets",
        "choice",
        "user",
        "where the texts to be sent seem to hold secrets: refuse, ask you first, or do not look",
        ("block", "ask", "off"),
    ),
    Key(
        "neverSend",
        "list",
        "user",
        "files that are sent only after a yes, as patterns of .gitignore",
    ),
    Key("trace", "flag", "user", "one trace file for each run, in your state folder"),
    Key("cache", "flag", "user", "verdicts of earlier runs, in your cache folder"),
    Key(
        "logLevel",
        "choice",
        "user",
        "what reaches the log; never text or keys",
        ("error", "warning", "info", "debug"),
        variable="SELF_REFINE_LOG",
    ),
    Key("serverPath", "text", "user", "an installed self-refine (VS Code only)"),
    Key("interpreter", "text", "user", "Python that the extension builds on (VS Code only)"),
)


def config_path() -> Path:
    """The user's `config.toml`, whether it exists or not."""
    return user_config_path(APP, appauthor=False) / "config.toml"


def state_path() -> Path:
    """The folder of traces and of what the user allowed, whether it exists or not."""
    return user_state_path(APP, appauthor=False)


def cache_path() -> Path:
    """The folder of verdicts of earlier runs, whether it exists or not."""
    return user_cache_path(APP, appauthor=False)
