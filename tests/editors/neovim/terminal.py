"""The plain gesture in Neovim's terminal interface: select lines, `gra`, hands off."""

import contextlib
import subprocess
import sys

from real import SERVER, documented, place, wait

NEOVIM = sys.argv.pop(1)


class Terminal:
    """Neovim in a terminal of its own, set up as the documentation says."""

    def __init__(self, at):
        self.at = at
        self._tmux = ("tmux", "-f", "/dev/null", "-S", str(at.home / "terminal"))

    def start(self):
        """Start Neovim with the memo open."""
        config = self.at.home / "init.lua"
        lua = documented("neovim", "lua", "Set up: without the plugin")[0]
        lua = lua.replace("'self-refine'", f"'{SERVER}'", 1)
        # So that findings can be read on the screen.
        lua += "\nvim.diagnostic.config({ virtual_text = true })\n"
        config.write_text(lua, encoding="utf-8")
        command = f"exec {NEOVIM} --clean -u {config} memo.md"
        size = ("-x", "150", "-y", "40")
        self._call("new-session", "-d", *size, "-c", str(self.at.root), command, env=self.at.env)

    def stop(self):
        """End it, whatever it does."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._call("kill-server")

    def keys(self, *names):
        """Press keys, by the names that tmux gives them."""
        for name in names:
            self._call("send-keys", "--", name)

    def shown(self):
        """What the screen shows."""
        return self._call("capture-pane", "-p")

    def wait(self, *words):
        """Wait until the screen shows all these words."""
        return wait(words, lambda: all(w in self.shown() for w in words), self.shown)

    def _call(self, *arguments, env=None):
        done = subprocess.run(
            [*self._tmux, *arguments], env=env, check=True, capture_output=True, text=True
        )
        return done.stdout


def main():
    """`V`, `gra`, the first action: the text lands, and nothing says that it waits."""
    with place() as at:
        terminal = Terminal(at)
        terminal.start()
        try:
            terminal.wait("Kindly note", "is stock formality")
            terminal.keys("3", "G", "V", "j", "g", "r", "a")
            terminal.wait("Self-refine selection")
            terminal.keys("1", "Enter")
            # Where the text goes is said once for each model, in a sentence longer than the screen.
            terminal.wait("First use of")
            terminal.keys("Enter")
            terminal.wait("we use the form.", "We begin at ten.")
            # Hands off: only the server's own time goes by, three times what it waits.
            ended = at.home / "state/self-refine/runs"
            wait("the run has ended", lambda: '"ended"' in _trace(ended), terminal.shown)
            wait(
                "the findings of the result", lambda: "resolved" in terminal.shown(), terminal.shown
            )
            assert "waits" not in terminal.shown(), terminal.shown()
        finally:
            terminal.stop()
    sys.stdout.write("1 passed, 0 failed\n")


def _trace(folder):
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.jsonl"))


if __name__ == "__main__":
    main()
