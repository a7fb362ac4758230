"""The house: imports go one way, the pure parts stay pure, and the map names every package."""

import ast
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "server" / "self_refine"

# The one way to a disk: `safe_write.py`, and what it is made of.
WRITING = {"safe_write", "drafts", "folder_handle"}

# Each package and what it may import of ours; every row holds all rows below it that it needs.
MAY_IMPORT = {
    "text": {"text"},
    "loop": {"loop", "text"},
    "checks": {"checks", "loop", "text"},
    "criteria": {"criteria", "checks", "loop", "text"},
    "tools": {"tools", "checks", "loop", "text", "settings", "errors", *WRITING},
    "models": {"models", "loop", "text", "settings", "errors", *WRITING},
    "runs": {"runs", "models", "criteria", "tools", "checks", "loop", "text", "settings", "errors",
             *WRITING},
    "editor": {"editor", "runs", "models", "criteria", "tools", "checks", "loop", "text",
               "settings", "sources", "errors", "__init__", *WRITING},
    "ci": {"ci", "runs", "models", "criteria", "checks", "loop", "text", "settings", "errors",
           "__init__", *WRITING},
    "evaluation": {"evaluation", "runs", "models", "criteria", "checks", "loop", "text",
                   "settings", "errors", *WRITING},
    "cli": {"cli", "editor", "evaluation", "ci", "runs", "models", "criteria", "tools", "checks",
            "loop", "text", "settings", "sources", "errors", "__init__", *WRITING},
}  # fmt: skip

# Outside the standard library, and what each pure package may use of it.
PURE = {"text": {"rapidfuzz"}, "loop": set()}

MOST_MODULES = 14

IMPURE = {
    "os", "io", "time", "datetime", "random", "secrets", "uuid", "socket", "asyncio", "pathlib",
    "subprocess", "threading", "logging", "tempfile", "urllib", "http",
}  # fmt: skip

# The one place of each library: nobody else may import it.
ONLY_IN = {
    "pygls": "editor",
    "lsprotocol": "editor",
    "openai": "models",
    "httpx2": "models",
    "re2": ("checks", "runs"),
    "pathspec": "criteria",
    "rich": "cli",
    "yaml": ("criteria", "checks"),
    "markdown_it": ("criteria", "checks"),
    "platformdirs": "settings",
}


def imports(path):
    """(module, at top level) of every import of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            if node.module == "self_refine":
                yield from (f"self_refine.{alias.name}" for alias in node.names)


def modules(package):
    return sorted((PACKAGE / package).rglob("*.py"))


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_arrows_go_one_way(package):
    """A package imports only what lies below it."""
    wrong = []
    for path in modules(package):
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "self_refine":
                ours = parts[1] if len(parts) > 1 else "__init__"
                if ours not in MAY_IMPORT[package] and ours != "__version__":
                    wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert [] == wrong


@pytest.mark.parametrize("package", PURE)
def test_pure_packages_do_no_io(package):
    """`text` and `loop` use no clock, no chance, no files, no network, no other library."""
    wrong = []
    for path in modules(package):
        for name in imports(path):
            top = name.split(".")[0]
            known = top in sys.stdlib_module_names or top == "self_refine" or top in PURE[package]
            if top in IMPURE or not known:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
        tree = ast.walk(ast.parse(path.read_text("utf-8")))
        called = {
            n.func.id for n in tree if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        if called & {"open", "print", "input"}:
            wrong.append(f"{path.relative_to(ROOT)} opens or prints")
    assert [] == wrong


@pytest.mark.parametrize("library", ONLY_IN)
def test_one_place_knows_each_library(library):
    """A library is imported by the one package that knows its quirks."""
    allowed = ONLY_IN[library]
    allowed = {allowed} if isinstance(allowed, str) else set(allowed)
    wrong = [
        str(path.relative_to(ROOT))
        for path in sorted(PACKAGE.rglob("*.py"))
        if any(name.split(".")[0] == library for name in imports(path))
        and path.relative_to(PACKAGE).parts[0].removesuffix(".py") not in allowed
    ]
    assert [] == wrong


def test_no_folder_holds_more_than_fourteen_modules():
    """A reader takes a folder in at one look; a larger one is divided into rooms."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    sizes = {
        folder.relative_to(ROOT): len([p for p in folder.glob("*.py") if p.name != "__init__.py"])
        for folder in folders
    }
    assert {} == {str(folder): size for folder, size in sizes.items() if size > MOST_MODULES}


def test_a_module_name_stands_once():
    """Whoever reads a module's name in a message or a search knows which file it is."""
    names = Counter(p.stem for p in PACKAGE.rglob("*.py") if not p.stem.startswith("__"))
    assert [] == [name for name, count in names.items() if count > 1]


def test_every_folder_says_what_it_is_for():
    """The docstring of a folder's `__init__` says what it is for and what it may import."""
    rooms = [
        p for p in PACKAGE.rglob("__init__.py") if p.parent not in (PACKAGE, *PACKAGE.iterdir())
    ]
    assert [] == [
        str(path.relative_to(ROOT))
        for path in rooms
        if "May import" not in (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
    ]


def test_the_map_names_every_package():
    """ARCHITECTURE.md has a paragraph for each package and a line for each dependency."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = sorted(p.name for p in PACKAGE.iterdir() if p.is_dir() and p.name != "__pycache__")

    assert [] == [name for name in packages if f"**`{name}/`**" not in text]
    distributions = {"yaml": "PyYAML", "re2": "google-re2", "markdown_it": "markdown-it-py"}
    assert [] == [name for name in ONLY_IN if distributions.get(name, name) not in text]


WRITES = {
    "write_text", "write_bytes", "touch", "mkdir", "rename", "symlink_to", "hardlink_to", "chmod",
    "mkstemp", "NamedTemporaryFile", "TemporaryDirectory", "copyfile", "copytree", "move",
}  # fmt: skip
"""Methods and functions that change what is on a disk."""

OS_WRITES = {"open", "replace", "link", "symlink", "mkfifo", "makedirs", "truncate", "setxattr"}
"""Of `os`; the first opens for reading, too."""

NO_FILES = {
    "criteria/finding/safe_files.py": "reads",
    "criteria/finding/git_ignored.py": "reads",
    "editor/rpc/transport.py": "the pipes of the server",
    "cli/output/report.py": "standard output",
    "tools/scratch/scratch_copy.py": "a copy of its own below the system's temporary folder",
    "tools/running/namespace.py": "the command's own file system, in memory",
    "tools/running/launcher.py": "a folder of the command's own",
    "tools/running/run_command.py": "reads a pipe",
    "editor/pages/page_store.py": "Windows removes no file that is read-only",
}
"""Modules that open or change something else than what they write."""


def writes(tree):
    """The calls of a module that may write."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = call.func
        literals = [a.value for a in call.args if isinstance(a, ast.Constant)]
        literals += [k.value.value for k in call.keywords if isinstance(k.value, ast.Constant)]
        mode = any(isinstance(v, str) and v.strip("bt+") in {"w", "a", "x"} for v in literals)
        if isinstance(function, ast.Name):
            if function.id == "open" and mode:
                yield call
        elif isinstance(function, ast.Attribute):
            owner = function.value.id if isinstance(function.value, ast.Name) else ""
            at_os = owner == "os" and function.attr in OS_WRITES
            if at_os or function.attr in WRITES or (function.attr in {"open", "fdopen"} and mode):
                yield call


def test_everything_is_written_in_one_way():
    """Files of every kind are written by `safe_write.py`: no other module opens one to write."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        calls = [ast.unparse(call) for call in writes(ast.parse(path.read_text("utf-8")))]
        if calls and path.stem not in WRITING and name not in NO_FILES:
            found[name] = calls
    assert {} == found


STATES = {"Queued", "Running", "Waiting", "Landed", "Ended"}
RUN = PACKAGE / "editor" / "runs" / "run.py"
OWNER = RUN.with_name("run_session.py")


def test_a_run_is_a_frozen_value():
    """Each state of a run is a frozen dataclass: nobody can assign its fields by mistake."""
    for node in ast.walk(ast.parse(RUN.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            assert "frozen=True" in "".join(map(ast.unparse, node.decorator_list)), node.name


def run_changes(path):
    """What a module does to a run that only its session may: (line, code)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "self_refine.editor.runs.run"
        for alias in node.names
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in STATES & ours:
                yield node.lineno, ast.unparse(node)
            case ast.Call(func=ast.Name(id="replace"), args=[of, *_]) if is_run(of):
                yield node.lineno, ast.unparse(node)
            case ast.Call(func=ast.Attribute(attr="__setattr__")):
                yield node.lineno, ast.unparse(node)
            case ast.Attribute(value=of, ctx=ast.Store() | ast.Del()) if is_run(of):
                yield node.lineno, ast.unparse(node)


def is_run(node):
    """Whether an expression is named as runs are."""
    match node:
        case ast.Name(id="run" | "running" | "waiting" | "landed"):
            return True
        case ast.Attribute(attr="run" | "_run"):
            return True
        case _:
            return False


def test_only_its_session_changes_a_run():
    """No other module of the editor makes a state of a run, or assigns one of its fields."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {code}"
        for path in modules("editor")
        if path not in (RUN, OWNER)
        for line, code in run_changes(path)
    ]
    assert [] == wrong
    assert list(run_changes(OWNER)), "the test sees what it forbids elsewhere"


def test_one_owner_has_every_task_of_the_server():
    """`BackgroundTasks` alone begins tasks: it cancels them at the end and logs their errors."""
    begins = {"create_task", "ensure_future"}
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in modules("editor")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in begins
    ]
    assert ["editor/background_tasks.py"] == found


PATH_OF_A_RUN = (
    "background_tasks", "requests/execute_command", "runs/run_table", "runs/run_session",
    "runs/run", "runs/execute_run", "runs/connect_model", "runs/presenter", "runs/result",
    "runs/land_result", "runs/edit_sender", "runs/pending_edit", "rpc/client",
)  # fmt: skip


def test_a_reader_can_follow_a_run_by_go_to_definition():
    """On its path one import is not at the top: that of the engine."""
    late = []
    for name in PATH_OF_A_RUN:
        tree = ast.parse((PACKAGE / "editor" / f"{name}.py").read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                late += (
                    f"{name}.{function.name}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                )
        assert "importlib" not in imports(PACKAGE / "editor" / f"{name}.py")
    # A page is no step of a run.
    assert [
        "requests/execute_command._engine",
        "requests/execute_command._explain_criteria",
    ] == late
