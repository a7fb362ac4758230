"""Owns where settings come from: files, the environment, editors; what each may say. Read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from self_refine.settings import KEYS, Key, KeySource, Settings, config_path

_BY_NAME = {key.name: key for key in KEYS}
_SECRET = "apiKey"  # noqa: S105 - the name of a setting, not a secret
_SECRET_FOR = "apiKeyFor"  # noqa: S105 - as above
_ENVIRONMENT = "the environment"
_URL_VARIABLE = "OPENAI_BASE_URL"
_KEPT_KEYS = ("keyFrom", "keyCommand")
_EXTRAS = ("extraHeaders", "extraQuery")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and what was wrong with the sources: each problem a sentence."""

    settings: Settings
    problems: tuple[str, ...]
    taken: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    """By the name of the source: the values that it gave and that could be meant so."""


def load(
    *,
    environ: Mapping[str, str],
    config: Path | None = None,
    options: Mapping[str, Any] | None = None,
    last: Loaded | None = None,
) -> Loaded:
    """Read all sources; a later one wins: defaults, `config.toml`, environment, `options`.

    Args:
        environ: the process's environment.
        config: another `config.toml` than the user's.
        options: `initializationOptions` of an editor, or the command line.
        last: what was loaded before: where a source is wrong now, what it gave then stands.
    """
    before = last.taken if last is not None else {}
    given_by_editor = dict(options or {})
    key_for = given_by_editor.pop(_SECRET_FOR, None)
    path = config or config_path()
    values, problem = _read_toml(path, before.get(str(path), {}))
    loaded = Loaded(Settings(), problem)
    for given, origin in (
        (values, Origin(str(path), "file")),
        (_environment(environ), Origin(_ENVIRONMENT, "user")),
        (given_by_editor, Origin("initializationOptions", "user")),
    ):
        further = overlay(loaded.settings, given, origin, before.get(origin.name, {}))
        further = replace(further, settings=_one_endpoint(further, origin.name))
        loaded = Loaded(
            further.settings, loaded.problems + further.problems, {**loaded.taken, **further.taken}
        )
    settings = replace(
        loaded.settings,
        key_source=_key_source(loaded, environ, key_for),
        extras_for=_extras_for(loaded),
    )
    return replace(loaded, settings=settings)


def _one_endpoint(loaded: Loaded, source: str) -> Settings:
    """The settings with the endpoint of one source: its URL is not mixed with another's preset."""
    settings, given = loaded.settings, loaded.taken[source]
    if given.get("provider") and not given.get("baseUrl"):
        return replace(settings, base_url=None)
    if given.get("baseUrl") and not given.get("provider"):
        return replace(settings, provider=None)
    return settings


def _key_source(loaded: Loaded, environ: Mapping[str, str], key_for: Any) -> KeySource | None:
    """Who gave the key that counts: an editor that gives one wins, then where it is kept."""
    given = loaded.taken["initializationOptions"]
    if given.get(_SECRET) is not None:
        stored = key_for if isinstance(key_for, str) and key_for.strip() else _endpoint_of(given)
        return KeySource("editor", stored)
    if loaded.settings.key_from or loaded.settings.key_command:
        return KeySource("settings", _beside(loaded, _KEPT_KEYS))
    if loaded.settings.api_key is None:
        return None
    return KeySource("environment", environ.get(_URL_VARIABLE, "").strip() or None)


def _extras_for(loaded: Loaded) -> str | None:
    """The endpoint of headers and query parameters; None where there are none."""
    settings = loaded.settings
    given = settings.extra_headers or settings.extra_query
    return (_beside(loaded, _EXTRAS) or "provider:openai") if given else None


def _beside(loaded: Loaded, names: tuple[str, ...]) -> str | None:
    """The endpoint that the source of these settings names: what they hold is for it alone."""
    givers = [given for given in loaded.taken.values() if any(given.get(n) for n in names)]
    return _endpoint_of(givers[-1]) if givers else None


def _endpoint_of(given: Mapping[str, Any]) -> str | None:
    """The URL that one source names, or its preset as `provider:NAME`."""
    url: str | None = given.get("baseUrl")
    return url or (f"provider:{given['provider']}" if given.get("provider") else None)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where values come from, and how far it is trusted."""

    name: str
    """As a problem names it."""
    trust: Literal["user", "file", "shared"]
    """`file`: the user's own, but no place for a key; `shared`: a repository may write it."""


def overlay(
    settings: Settings,
    values: Mapping[str, Any],
    origin: Origin,
    before: Mapping[str, Any] | None = None,
) -> Loaded:
    """Lay `values` (keys in camel case) over `settings`.

    What is unknown, of the wrong kind or out of its scope is named in a problem; what was taken of
    this source `before` stands for it, or nothing.
    """
    changed: dict[str, Any] = {}
    taken: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in values.items():
        at, read = value, _read(name, value, origin)
        if isinstance(read, str):
            problems.append(f"{origin.name}: {read}")
            if before is None or name not in before:
                continue
            at = before[name]
            read = _read(name, at, origin)
        if not isinstance(read, str):
            attribute, converted = read
            if origin.trust == "shared" and (why := _loosens(name, converted, settings)):
                problems.append(f"{origin.name}: {name} = {at!r} is ignored: {why}")
                continue
            changed[attribute], taken[name] = converted, at
    return Loaded(replace(settings, **changed), tuple(problems), {origin.name: taken})


def _read(name: str, value: Any, origin: Origin) -> str | tuple[str, Any]:
    """The attribute and its value, or a sentence that says why there is none."""
    if name == _SECRET:
        return _read_secret(value, origin)
    key = _BY_NAME.get(name)
    if key is None:
        import difflib  # noqa: PLC0415 - a server must not wait for it

        near = difflib.get_close_matches(name, _BY_NAME, n=1)
        return f"unknown setting {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if key.scope == "user" and origin.trust == "shared":
        return f"{name} is ignored: only your own user settings may set it"
    if value is None and getattr(Settings(), key.field) is None:
        return key.field, None
    converted = "" if value == "" and origin.name == _ENVIRONMENT else _convert(key, value)
    if converted is None:
        said = "" if key.secret else f"is {value!r}, but it "
        return f"{name} {said}must be {_expected(key)}"
    return key.field, converted


def _loosens(name: str, wanted: Any, settings: Settings) -> str:
    """Why a repository may not ask for a value, "" where it may: it may only tighten."""
    key = _BY_NAME[name]
    own = getattr(settings, key.field)
    if wanted == own:
        return ""
    if key.tightest is None:
        return "" if wanted < own else f"a workspace may only lower it, and yours is {own}"
    if wanted == key.tightest:
        return ""
    return f"a workspace may only set it to {key.tightest!r}; set it in your own settings"


def _read_secret(value: Any, origin: Origin) -> str | tuple[str, Any]:
    if origin.trust != "user":
        return "apiKey is ignored here: keep the key in OPENAI_API_KEY or the editor's secrets"
    return "api_key", (value.strip() or None) if isinstance(value, str) else None


def _convert(key: Key, value: Any) -> Any:
    """The value in the setting's own type, or None where it is none."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match key.kind:
        case "text":
            return value.strip() or None if isinstance(value, str) else None
        case "choice":
            return value if value in key.choices else None
        case "count":
            return value if isinstance(value, int) and number and value > 0 else None
        case "seconds":
            return float(value) if number and 0 < value < 1e6 else None
        case "flag":
            return value if isinstance(value, bool) else None
        case "list":
            return _texts([value] if isinstance(value, str) else value)
        case "table":
            return _table(value)


def _table(value: Any) -> dict[str, str] | None:
    if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
        return None
    return {str(name): text for name, text in value.items()}


def _texts(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        return None
    return tuple(one.strip() for one in value if one.strip())


def _expected(key: Key) -> str:
    return {
        "text": "text that is not empty",
        "choice": "one of " + ", ".join(key.choices),
        "count": "a whole number above 0",
        "seconds": "a number of seconds above 0 and below 1,000,000",
        "flag": "true or false",
        "list": "a list of texts",
        "table": "a table of texts",
    }[key.kind]


def _environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """The values that the environment gives; an empty variable counts as unset.

    Not that of the endpoint: whoever empties it does not mean that the text goes to OpenAI.
    """
    named: dict[str, Any] = {
        key.name: environ[key.variable]
        for key in KEYS
        if key.variable and environ.get(key.variable, "").strip()
    }
    if not environ.get(_URL_VARIABLE, "unset").strip():
        named["baseUrl"] = ""
    if secret := environ.get("OPENAI_API_KEY", "").strip():
        named[_SECRET] = secret
    return named


def _read_toml(path: Path, before: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """What the file says, what it said `before` where it cannot be read, and why it cannot."""
    try:
        # Some editors of Windows begin a file with a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}, ()
    except (OSError, UnicodeDecodeError) as error:
        return before, (_ignored(path, error),)
    import tomllib  # noqa: PLC0415 - most users have no such file

    try:
        return tomllib.loads(text), ()
    except tomllib.TOMLDecodeError as error:
        return before, (_ignored(path, error),)


def _ignored(path: Path, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or error
    return f"{path} is ignored: {reason}. Mend it, or remove it to use the defaults."
