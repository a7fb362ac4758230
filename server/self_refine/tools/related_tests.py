"""The tests that have to do with a Python file: by their names, and by what they import."""

import ast
import re
import subprocess
from collections import deque
from pathlib import Path, PurePosixPath

_MOST, _DEEPEST = 20, 3
_MOST_FILES = 5_000
_MOST_BYTES = 1_000_000
_IGNORED = {".git", ".venv", "venv", "node_modules", "__pycache__", "target", "dist", "build"}


def related_tests(root: Path, path: str) -> tuple[str, ...]:
    """Test files, nearest first, relative to the workspace; none where none is found.

    Args:
        root: the workspace.
        path: of the file that is judged, relative to it.
    """
    if not path.endswith(".py"):
        return ()
    files = [name for name in workspace_files(root) if name.endswith(".py")][:_MOST_FILES]
    stem = PurePosixPath(path).stem
    named = [f for f in files if PurePosixPath(f).name in {f"test_{stem}.py", f"{stem}_test.py"}]
    found = dict.fromkeys([*named, *_importing(root, path, files)])
    return tuple(each for each in found if each != path)[:_MOST]


def workspace_files(root: Path) -> list[str]:
    """What git knows or would add, relative to the root; without git all but what is built."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
            cwd=root,
            capture_output=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return _walked(root)
    if listed.returncode:
        return _walked(root)
    return [name for name in listed.stdout.decode("utf-8", "surrogateescape").split("\0") if name]


def _walked(root: Path) -> list[str]:
    found: list[str] = []
    left = deque([root])
    while left and len(found) < 10 * _MOST_FILES:
        try:
            entries = sorted(left.popleft().iterdir())
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink():
                if entry.name not in _IGNORED:
                    left.append(entry)
            else:
                found.append(entry.relative_to(root).as_posix())
    return found


def _importing(root: Path, path: str, files: list[str]) -> list[str]:
    """Test files that import the module, directly or through others, nearest first."""
    imports = {name: _imports(root / name, name) for name in files}
    reached, found = {path}, list[str]()
    edge = [path]
    for _ in range(_DEEPEST):
        modules = {module for name in edge for module in _modules(name)}
        edge = sorted(n for n, of in imports.items() if n not in reached and of & modules)
        reached |= set(edge)
        found += [name for name in edge if _is_test(name)]
    return found


def _modules(path: str) -> set[str]:
    """Every name by which a file may be imported: `src/shop/cart.py` as `shop.cart`, too."""
    parts = PurePosixPath(path).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    return {".".join(parts[n:]) for n in range(len(parts))}


def _imports(file: Path, name: str) -> set[str]:
    """The modules that a file imports; nothing where it cannot be read."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            return set()
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found: set[str] = set()
    here = PurePosixPath(name).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def _is_test(path: str) -> bool:
    return bool(re.fullmatch(r"test_.*|.*_test", PurePosixPath(path).stem))
