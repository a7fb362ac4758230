"""Endpoints by name, `provider = "ollama"`: where each is, and which variable holds its key."""

from collections.abc import Mapping
from dataclasses import dataclass

_MARK = "provider:"


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known of a provider."""

    title: str
    """As people call it."""
    base_url: str | None
    """None: the user's own, as each customer has one."""
    variable: str | None = None
    """The environment variable in which people keep its key, where that is not OPENAI_API_KEY."""
    hosts: tuple[str, ...] = ()
    """Ends of the host names that are its own, where `base_url` is None."""
    key_header: str = ""
    """The header of its keys, where that is not `Authorization`."""


PRESETS: Mapping[str, Preset] = {
    "openai": Preset("OpenAI", "https://api.openai.com/v1"),
    "azure": Preset(
        "Azure OpenAI",
        None,
        "AZURE_OPENAI_API_KEY",
        (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com"),
        "api-key",
    ),
    "anthropic": Preset("Anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
    "gemini": Preset(
        "Gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"
    ),
    "mistral": Preset("Mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    "openrouter": Preset("OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "groq": Preset("Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    "ollama": Preset("Ollama", "http://127.0.0.1:11434/v1"),
    "lmstudio": Preset("LM Studio", "http://127.0.0.1:1234/v1"),
    "llamacpp": Preset("llama.cpp", "http://127.0.0.1:8080/v1"),
    "vllm": Preset("vLLM", "http://127.0.0.1:8000/v1"),
    "litellm": Preset("LiteLLM", "http://127.0.0.1:4000/v1"),
}


def url_of(named: str) -> str | None:
    """The URL that `provider:NAME`, a preset's name or a URL stands for; None where it has none."""
    name = named.removeprefix(_MARK)
    if name in PRESETS:
        return PRESETS[name].base_url
    return None if named.startswith(_MARK) else named


def own_hosts(named: str) -> tuple[str, ...]:
    """The ends of the host names of a preset that has no URL for all its customers."""
    preset = PRESETS.get(named.removeprefix(_MARK))
    return preset.hosts if preset else ()


def preset_at(host: str, base_url: str) -> Preset | None:
    """The provider whose endpoint this is.

    Args:
        host: the host's name, without a port.
        base_url: of the endpoint.
    """
    for preset in PRESETS.values():
        if preset.base_url == base_url or host.endswith(preset.hosts or ("\0",)):
            return preset
        if preset.base_url and preset.base_url.startswith(f"https://{host}/"):
            return preset
    return None
