"""Which natural language a stretch of words is in, where that is sure.

By CLD2 (pycld2): offline, 10 MB on disk, imported in 40 ms, 50 µs a paragraph. It says itself
whether it is sure; on platforms without a wheel of it nothing is, and every list is used.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import islice

from self_refine.checks.search.word_beside import last_word, next_word
from self_refine.text.spans import Span

_LEAST_LETTERS = 40
"""Letters below which no detector is to be trusted ("We utilize it." was German to some)."""
_LEAST_SHARE = 80
"""Per cent of the words that must be in one language."""
_LONGEST = 4_000
"""Characters that are looked at."""
_LETTERS = re.compile(r"[^\W\d_]")
_SAME = {"sco": "en", "nn": "no", "nb": "no", "zh-Hant": "zh", "iw": "he"}


@lru_cache(maxsize=4_096)
def spoken(words: str) -> str:
    """The ISO 639-1 code of the language of some words; "" where it is not sure."""
    sample = words[:_LONGEST]
    if not _has_letters(sample):
        return ""
    try:
        import pycld2  # noqa: PLC0415 - read when the first list with a language is used
    except ImportError:  # pragma: no cover - a platform without a wheel
        return ""
    data = "".join(c if c.isprintable() else " " for c in sample).encode("utf-8", "ignore")
    try:
        sure, _, found = pycld2.detect(data, isPlainText=True)
    except pycld2.error:
        return ""
    _, code, share, _ = found[0]
    return _SAME.get(code, code) if sure and share >= _LEAST_SHARE and code != "un" else ""


_FUNCTION_WORDS = {
    "fr": "il elle ils elles nous vous je tu qui que ne le la les un une des du ça cette ces mon ma"
    " mes son sa ses leur leurs et est sont avec dans par au aux notre nos votre vos",
    "de": "der die das den dem des ein eine einen einem einer und ist sind wird werden mit nicht zu"
    " auf von für wir ich sie er es",
    "es": "el los las un una unos unas y es son con para por del al que se lo su sus nos",
    "it": "il lo gli le un una che è sono con per di del della dei si",
    "pt": "o os as um uma e é são com para por do da dos das que se",
    "nl": "de het een en is zijn met voor van wij niet",
}
"""Small words that show the language of the word beside them, where a text is too short to tell."""
_ENGLISH = frozenset(["o", "as", "is", "me", "do", "die", "son", "par", "a", "on", "plus", "pour"])


def is_beside_foreign(text: str, span: Span, wanted: tuple[str, ...]) -> bool:
    """Whether a word beside `span` belongs to another language than those of a list.

    Other letters than the Latin ones do where the list is for languages that are written in these.
    """
    if not wanted:
        return False
    foreign = _foreign_words(wanted)
    latin = span.of(text).isascii()
    return any(
        word in foreign or (latin and not word.isascii() and _is_other_script(word))
        for word in (last_word(text, span.start), next_word(text, span.end))
    )


@lru_cache(maxsize=32)
def _foreign_words(wanted: tuple[str, ...]) -> frozenset[str]:
    others = {
        w for code, listed in _FUNCTION_WORDS.items() if code not in wanted for w in listed.split()
    }
    own = {w for code in wanted for w in _FUNCTION_WORDS.get(code, "").split()}
    return frozenset(others - own - (_ENGLISH if "en" in wanted else frozenset()))


def _is_other_script(word: str) -> bool:
    return not any("LATIN" in unicodedata.name(letter, "LATIN") for letter in word)


def _has_letters(words: str) -> bool:
    letters = islice(_LETTERS.finditer(words), _LEAST_LETTERS)
    return sum(1 for _ in letters) == _LEAST_LETTERS


NAMES = {
    "cs": "Czech", "da": "Danish", "de": "German", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ru": "Russian",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def name_of(code: str) -> str:
    """What people call a language."""
    return NAMES.get(code, code)
