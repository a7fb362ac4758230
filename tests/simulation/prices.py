"""Owns what calls cost in a simulation: tokens, prompt cache, time."""

from dataclasses import dataclass, field

from self_refine.loop.requests import Call
from self_refine.loop.types import Cost

_BLOCK = 16
"""Tokens of one cached block, as vLLM's default has them; a block is cached whole or not at all."""


def tokens(text: str) -> int:
    """UTF-8 bytes / 4, rounded up."""
    return -(-len(text.encode()) // 4)


@dataclass(frozen=True)
class Latency:
    """Seconds of a model server: for a call, and for each token."""

    call: float = 0.25
    uncached: float = 1 / 2000
    output: float = 1 / 50


@dataclass
class Till:
    """What the calls of one run cost; remembers their prompts as a server's cache does."""

    latency: Latency = field(default_factory=Latency)
    prompts: list[str] = field(default_factory=list)
    """In the cache: of the run before, whose constant beginning is still there, and of this one."""
    total: Cost = field(default_factory=Cost)

    def price(self, prompt: str, reply: str) -> Cost:
        """The cost of one call."""
        sent = tokens(prompt)
        shared = max((_common(prompt, earlier) for earlier in self.prompts), default=0)
        cached = tokens(prompt[:shared]) // _BLOCK * _BLOCK
        self.prompts.append(prompt)
        seconds = (
            self.latency.call
            + (sent - cached) * self.latency.uncached
            + tokens(reply) * self.latency.output
        )
        cost = Cost(
            calls=1,
            input_tokens=sent,
            cached_tokens=cached,
            output_tokens=tokens(reply),
            seconds=seconds,
        )
        self.total += cost
        return cost

    @property
    def uncached(self) -> int:
        """Input tokens that were not in the cache."""
        return self.total.input_tokens - self.total.cached_tokens


def prompt_of(call: Call, *, schema: bool) -> str:
    """All that a call sends, as one text."""
    words = [message.content for message in call.messages]
    return "\n".join(words) + (call.task if schema else call.plain_task or call.task)


def _common(left: str, right: str) -> int:
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[:middle] == right[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
