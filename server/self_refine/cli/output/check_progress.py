"""The progress of a check at a terminal: files done, findings, tokens, time left."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from self_refine.ci.check_run import Progress


@contextmanager
def shown_progress(notes: Console) -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal; in pipes and in CI nothing, since a log keeps every line."""
    if not notes.is_terminal or os.environ.get("CI"):
        yield lambda _: None
        return
    columns = (
        TextColumn("Checking"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[about]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=notes, transient=True) as bar:
        task = bar.add_task("check", total=None, about="")

        def show(progress: Progress) -> None:
            about = f"{progress.findings:,} findings"
            if progress.cost.calls:
                about += f", {progress.cost.tokens:,} tokens"
            bar.update(task, total=progress.total, completed=progress.done, about=about)

        yield show
