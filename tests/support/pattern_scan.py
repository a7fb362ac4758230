"""Finds every pattern of Python's `re` in the code base, how it is used, and its pieces."""

import ast
import importlib
import re
from dataclasses import dataclass
from pathlib import Path
from re import _constants as codes
from re import _parser as parser

SERVER = Path(__file__).parents[2] / "server"
METHODS = {"match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"}


@dataclass(frozen=True)
class Found:
    """One pattern."""

    where: str
    """Such as `self_refine.text.lines:_END`, or its line where it has no name."""
    pattern: re.Pattern
    methods: frozenset[str]


def patterns(local):
    """Every pattern of the code base.

    Args:
        local: by its place, what a function puts together from values: examples, or () where the
            module keeps the results.
    """
    trees = dict(_trees())
    uses = _uses(trees)
    for name, tree in trees.items():
        module = importlib.import_module(name)
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
            function = _function_of_re(call)
            if function is None:
                continue
            target = _assigned_to(tree, call)
            where = f"{name}:{target or _scope(tree, call)}"
            methods = {function} if function != "compile" else _used(uses, name, target)
            flags = _flags(call, function, module)
            for source in _sources(local, where, call.args[0], module):
                yield _found(where, re.compile(source, flags), methods)
        for name_of, pattern in _of_module(module):
            yield _found(f"{name}:{name_of}", pattern, _used(uses, name, name_of))


def _found(where, pattern, methods):
    return Found(where, pattern, frozenset(methods & METHODS) or frozenset({"search"}))


def _sources(local, where, node, module):
    """What a call compiles; where it is put together in a function, the examples of the test."""
    known = _evaluated(node, module)
    if known is not None:
        return (known,)
    assert where in local, f"{where}: name examples of this pattern in the test"
    return local[where]


def _of_module(module):
    """Compiled patterns that a module keeps, also in tuples and mappings."""
    for name, value in vars(module).items():
        several = value.values() if isinstance(value, dict) else value
        several = (
            list(several) if isinstance(several, tuple | list | type({}.values())) else [value]
        )
        for each in several:
            parts = each if isinstance(each, tuple) else (each,)
            yield from ((name, part) for part in parts if isinstance(part, re.Pattern))


def _trees():
    for path in sorted(SERVER.rglob("*.py")):
        parts = path.relative_to(SERVER).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if parts[-1] != "__main__":
            yield name, ast.parse(path.read_text("utf-8"))


def _function_of_re(call):
    function = call.func
    is_re = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    if is_re and function.value.id == "re" and function.attr in METHODS | {"compile"}:
        return function.attr
    return None


def _used(uses, module, name):
    """A name with a leading underscore is its module's own."""
    private = bool(name) and name.startswith("_")
    return uses.get((module, name), set()) if private else uses.get(name, set())


def _uses(trees):
    """The methods that are called on each name, in each module and anywhere."""
    uses = {}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                owner = node.value
                name = getattr(owner, "id", None) or getattr(owner, "attr", None)
                uses.setdefault(name, set()).add(node.attr)
                uses.setdefault((module, name), set()).add(node.attr)
    return uses


def _assigned_to(tree, call):
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is call:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            return getattr(target, "id", None) or getattr(target, "attr", None)
    return None


def _scope(tree, call):
    """The innermost function that holds the call, with its number there."""
    best = "module"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.lineno <= call.lineno <= node.end_lineno:
            best = node.name
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _function_of_re(n)]
    here = sorted(n.lineno for n in calls if _same(tree, n, best))
    return f"{best}.{here.index(call.lineno)}" if call.lineno in here else best


def _same(tree, call, scope):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == scope:
            return node.lineno <= call.lineno <= node.end_lineno
    return scope == "module"


def _evaluated(node, module):
    try:
        return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))
    except NameError:
        return None


def _flags(call, function, module):
    nodes = [k.value for k in call.keywords if k.arg == "flags"]
    at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(function, 2)
    nodes += call.args[at : at + 1]
    return _evaluated(nodes[0], module) if nodes else 0


def pieces(pattern, most=5):
    """Short texts that parts of a pattern match: what a hostile text would repeat."""
    source = pattern.pattern
    if isinstance(source, bytes):
        source = source.decode("latin-1")
    tree = parser.parse(source, pattern.flags & ~re.DEBUG)
    found = dict.fromkeys((_sample(tree), *_parts(tree), " ", "a"))
    short = [piece for piece in found if 0 < len(piece) <= 12]
    return short[:most]


def _parts(tree):
    run = ""
    for code, value in tree:
        sample = _sample([(code, value)])
        run += sample
        yield from (sample, run[:12])
        for inner in _inner(code, value):
            yield from _parts(inner)


def _inner(code, value):
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return [value[2]]
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code is codes.BRANCH:
        return value[1]
    if code is codes.ATOMIC_GROUP:
        return [value]
    return [value[1]] if code in (codes.ASSERT, codes.ASSERT_NOT) else []


def _sample(tree):
    return "".join(_one(code, value) for code, value in tree)


def _one(code, value):
    if code is codes.LITERAL:
        return chr(value)
    if code in (codes.NOT_LITERAL, codes.ANY):
        return "a" if value != ord("a") else "b"
    if code is codes.IN:
        return _member(value)
    inner = [] if code in (codes.ASSERT, codes.ASSERT_NOT) else _inner(code, value)
    return _sample(inner[0]) if inner else ""


def _member(items):
    """A character of a class."""
    negated = bool(items) and items[0][0] is codes.NEGATE
    if not negated:
        return _of_item(*items[0])
    text = "".join(f"{c}" for c in " a1.\t-")
    inside = {chr(v) for c, v in items if c is codes.LITERAL}
    return next((c for c in text if c not in inside and not _covered(c, items)), "\u00e9")


def _covered(char, items):
    kinds = {
        codes.CATEGORY_DIGIT: str.isdigit,
        codes.CATEGORY_SPACE: str.isspace,
        codes.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    }
    for code, value in items:
        if code is codes.RANGE and value[0] <= ord(char) <= value[1]:
            return True
        if code is codes.CATEGORY and value in kinds and kinds[value](char):
            return True
    return False


def _of_item(code, value):
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.RANGE:
        return chr(value[0])
    names = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a"}
    return names.get(value, "-")
