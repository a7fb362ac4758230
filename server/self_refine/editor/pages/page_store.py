"""Owns pages: Markdown that is shown to the user, as the answer of a command and as a document.

A page holds the user's text, so its file stands in the user's own state folder, readable by the
user alone, and goes when the server ends or a later one starts.
"""

import asyncio
import logging
import os
import time
from contextlib import suppress
from pathlib import Path

from self_refine.editor import messages
from self_refine.editor.diagnostics.to_lsp import uri_of
from self_refine.editor.rpc.client import Client
from self_refine.safe_write import create_file, private_folder

_log = logging.getLogger(__name__)

_KEPT_SECONDS = 86_400
"""Pages of a server that was killed are removed by a later one after this time."""


class Pages:
    """The pages of this server."""

    def __init__(self, folder: Path, client: Client) -> None:
        self._folder, self._client = folder / "pages", client
        self._written: set[Path] = set()
        self._closed = False

    async def show(self, name: str, page: str) -> None:
        """Show a page where the client can show documents; elsewhere say where it is.

        Args:
            name: of the file, without suffix: letters, digits and dashes of ours.
            page: Markdown.
        """
        path = await asyncio.to_thread(self._write, name, page)
        if path is not None and not await self._client.show_document(uri_of(path), beside=True):
            self._client.show(messages.page_at(path), "info")

    def _write(self, name: str, page: str) -> Path | None:
        path = self._folder / f"{name}.md"
        try:
            private_folder(self._folder)
            self._prune(time.time())
            self._remove(path)
            create_file(path, page.encode("utf-8", "surrogatepass"), mode=0o400)
        except OSError as error:
            _log.warning("A page cannot be shown: %s: %s", self._folder, error.strerror)
            return None
        self._written.add(path)
        if self._closed:
            self._remove(path)
        return path

    def close(self) -> None:
        """Remove what this server wrote, and what a thread is writing still."""
        self._closed = True
        for path in self._written:
            self._remove(path)
        self._written.clear()

    def _prune(self, now: float) -> None:
        for path in self._folder.glob("*.md"):
            with suppress(OSError):
                if path.stat().st_mtime < now - _KEPT_SECONDS:
                    self._remove(path)

    def _remove(self, path: Path) -> None:
        with suppress(OSError):
            if os.name == "nt" and path.exists():
                path.chmod(0o600)  # Windows removes no read-only file
            path.unlink(missing_ok=True)
