"""Owns a model of random weights in the GGUF format, 2 MB, made in a second from nothing.

Its replies end after some tens of characters; those of the endless form only at their limit.

It proves what a server does with our requests (schemas, streams, caches, limits, ends), never how
well a model writes: the next character depends on the last one alone, by chance. Attention and
feed-forward are zero, so what reaches the output is the embedding of the last token; its first
channel is the same for all tokens, which makes the first column of the output a bias.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, version 3.
"""

import random
import struct
from array import array
from itertools import accumulate

WIDTH, HEADS, INNER, CONTEXT = 32, 2, 32, 65_536
ALIGNMENT = 32
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6
_END, _FIRST, _NEVER = 2, 3 + 256, -6.0
"""The token that ends a reply, the first printable character, the bias of what never comes."""

TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>\n{{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)


def vocabulary():
    """Tokens with their kinds: specials, all bytes, and each printable character of ASCII."""
    tokens = [("<unk>", _UNKNOWN), ("<s>", _CONTROL), ("</s>", _CONTROL)]
    tokens += [(f"<0x{byte:02X}>", _BYTE) for byte in range(256)]
    return tokens + [("▁" if c == " " else c, _NORMAL) for c in map(chr, range(32, 127))]


def tensors(size, *, endless):
    """Name, shape (fastest first) and values of every tensor."""
    chance = random.Random(7)

    def some(count, spread):
        return array("f", (chance.gauss(0, spread) for _ in range(count)))

    embedding, output = some(WIDTH * size, 1.0), some(WIDTH * size, 0.1)
    for token in range(size):
        embedding[token * WIDTH] = 8.0
        output[token * WIDTH] = _NEVER if endless and token == _END else _bias(token)
    block = {
        "attn_q": (WIDTH, WIDTH), "attn_k": (WIDTH, WIDTH), "attn_v": (WIDTH, WIDTH),
        "attn_output": (WIDTH, WIDTH), "ffn_gate": (WIDTH, INNER), "ffn_up": (WIDTH, INNER),
        "ffn_down": (INNER, WIDTH),
    }  # fmt: skip
    yield "token_embd.weight", (WIDTH, size), embedding
    for name in ("attn_norm", "ffn_norm"):
        yield f"blk.0.{name}.weight", (WIDTH,), array("f", [1.0] * WIDTH)
    for name, (a, b) in block.items():
        yield f"blk.0.{name}.weight", (a, b), array("f", [0.0] * (a * b))
    yield "output_norm.weight", (WIDTH,), array("f", [1.0] * WIDTH)
    yield "output.weight", (WIDTH, size), output


def _bias(token):
    """No bytes and no specials but the end, which comes after some tens of characters."""
    if token == _END:
        return 0.1
    return _NEVER if token < _FIRST else 0.6 if token == _FIRST + ord('"') - ord(" ") else 0.0


def packed(value):
    """A value of the header, with its kind before it."""
    match value:
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
        case str():
            return struct.pack("<I", 8) + named(value)
        case list():
            kind, items = {str: (8, named), float: (6, _real), int: (5, _whole)}[type(value[0])]
            return struct.pack("<IIQ", 9, kind, len(value)) + b"".join(map(items, value))
    raise TypeError(value)


def named(text):
    """A text with its length in bytes before it."""
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _real(value):
    return struct.pack("<f", value)


def _whole(value):
    return struct.pack("<i", value)


def header(tokens):
    """What a server is to know of the model."""
    return {
        "general.architecture": "llama", "general.name": "tiny", "general.file_type": 0,
        "llama.context_length": CONTEXT, "llama.embedding_length": WIDTH, "llama.block_count": 1,
        "llama.feed_forward_length": INNER, "llama.attention.head_count": HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": WIDTH // HEADS, "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "llama", "tokenizer.ggml.tokens": [text for text, _ in tokens],
        "tokenizer.ggml.scores": [-float(number) for number in range(len(tokens))],
        "tokenizer.ggml.token_type": [kind for _, kind in tokens],
        "tokenizer.ggml.unknown_token_id": 0, "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2, "tokenizer.ggml.add_space_prefix": False,
        "tokenizer.chat_template": TEMPLATE,
    }  # fmt: skip


def model(*, endless=False):
    """The whole file."""
    tokens = vocabulary()
    parts = list(tensors(len(tokens), endless=endless))
    sizes = [_aligned(4 * len(values)) for _, _, values in parts]
    facts = header(tokens)
    out = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(parts), len(facts)))
    for key, value in facts.items():
        out += named(key) + packed(value)
    for (name, shape, _), at in zip(parts, accumulate(sizes, initial=0), strict=False):
        out += named(name) + struct.pack("<I", len(shape))
        out += struct.pack(f"<{len(shape)}QIQ", *shape, 0, at)
    out += bytes(_aligned(len(out)) - len(out))
    for (_, _, values), size in zip(parts, sizes, strict=True):
        data = values.tobytes()
        out += data + bytes(size - len(data))
    return bytes(out)


def _aligned(size):
    return -(-size // ALIGNMENT) * ALIGNMENT
