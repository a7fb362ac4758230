"""Owns the main job in a real Helix in a terminal: keys go in, the screen and the file are read."""

import contextlib
import subprocess
import sys

from real import REFINED, SERVER, TEXT, carry_out, documented, place, wait

HELIX = sys.argv.pop(1)
# What the documentation tells users to write, but for the program, and without other servers.
LANGUAGES, CONFIG = documented("helix", "toml")
LANGUAGES = LANGUAGES.replace('"self-refine"\nargs', f'"{SERVER}"\nargs')
LANGUAGES = LANGUAGES.replace('"marksman", ', "")
# Escape and then a colon is Alt and a colon where a machine is slow: a key of its own saves.
CONFIG += """
[keys.normal]
C-s = ":write!"
"""
NAMED = ("Enter", "Escape", "Down", "C-s")


class Screen:
    """Helix in a terminal of its own."""

    def __init__(self, at):
        self.at = at
        self._tmux = ("tmux", "-f", "/dev/null", "-S", str(at.home / "terminal"))

    def start(self, review):
        """Start Helix with the memo open."""
        config = self.at.home / "config/helix"
        config.mkdir(parents=True)
        (config / "languages.toml").write_text(LANGUAGES.replace("apply", review))
        (config / "config.toml").write_text(CONFIG)
        command = f"exec {HELIX} memo.md"
        size = ("-x", "150", "-y", "40")
        self._call("new-session", "-d", *size, "-c", str(self.at.root), command, env=self.at.env)

    def stop(self):
        """End it, whatever it does."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._call("kill-server")

    def keys(self, *names):
        """Press keys, by the names that tmux gives them; words are typed as they are."""
        for name in names:
            literal = ("-l",) if len(name) > 1 and name not in NAMED else ()
            self._call("send-keys", *literal, "--", name)

    def shown(self):
        """What the screen shows."""
        return self._call("capture-pane", "-p")

    def seen(self):
        """What the screen shows, and what Helix has logged."""
        log = self.at.home / "cache/helix/helix.log"
        return f"{self.shown()}\n{log.read_text(encoding='utf-8')[-3000:] if log.exists() else ''}"

    def wait(self, *words, without=()):
        """Wait until the screen shows all these words, and none of the others."""

        def holds():
            shown = self.shown()
            return all(w in shown for w in words) and not any(w in shown for w in without) and shown

        return wait(f"{words} without {without}", holds, self.seen)

    def choose(self, title):
        """Open the menu of actions and carry out the one whose title begins so."""
        self.keys(" ", "a")
        # Quick fixes come first, and ten rows are in view: what comes into it is the chosen one.
        menu = self._wait_menu()
        below = next((n for n, row in enumerate(menu) if row.startswith(title)), None)
        self.keys(*["Down"] * (below if below is not None else len(menu) - 1))
        if below is None:

            def comes():
                self.keys("Down")
                return title in self.shown()

            wait(f"the menu has {title!r}", comes, self.seen)
        self.keys("Enter")

    def _wait_menu(self):
        """Wait for the menu of actions; gives the titles that are in view."""
        kinds = ("Replace '", "Fix '", "Self-refine selection", "Cancel self-refine")

        def opened():
            rows = self.shown().splitlines()
            return next((_menu(rows, kind) for kind in kinds if any(kind in r for r in rows)), None)

        return wait("the menu is open", opened, self.seen)

    def saved(self):
        """What the text is, by saving it."""
        self.keys("C-s")
        # While Helix saves, the file goes by another name.
        return wait("a file", self._on_disk, self.seen)

    def _on_disk(self):
        with contextlib.suppress(FileNotFoundError):
            return self.at.memo.read_text(encoding="utf-8")
        return None

    def wait_saved(self, text):
        """Wait until the text, saved, is this."""
        wait(f"the file holds {text!r}", lambda: self.saved() == text, self.seen)

    def _call(self, *arguments, env=None):
        done = subprocess.run(
            [*self._tmux, *arguments], env=env, check=True, capture_output=True, text=True
        )
        return done.stdout


def _menu(rows, title):
    """The titles of the menu that holds a title: the rows that begin in the same column."""
    at = next(n for n, row in enumerate(rows) if title in row)
    column = rows[at].index(title)
    first = last = at
    while _begins(rows[first - 1], column):
        first -= 1
    while _begins(rows[last + 1], column):
        last += 1
    return [row[column:] for row in rows[first : last + 1]]


def _begins(row, column):
    return row[column - 1 : column].isspace() and row[column : column + 1].strip() != ""


@contextlib.contextmanager
def helix(answers=(), review="apply", **more):
    """Helix at work on the memo."""
    with place(answers, **more) as at:
        screen = Screen(at)
        try:
            screen.start(review)
            yield screen
        finally:
            screen.stop()


def main_job():
    """the main job: live checks, select, the action, one edit, hints, one undo"""
    with helix() as screen:
        screen.wait("'Kindly' is stock formality.")
        screen.keys("%")
        screen.choose("Self-refine selection")
        screen.wait("Please note: we use the form.", "We begin at ten.")
        screen.wait("begin at ten.  resolved in pass 1: This word is not plain.")
        screen.wait_saved(REFINED)
        screen.keys("u")
        screen.wait("Kindly note: we utilise the form.", "We commence at ten.")
        screen.wait("└─This word is not plain.", without=("resolved in pass 1",))
        screen.wait_saved(TEXT)


def critique():
    """a critique shows what was found and changes nothing"""
    with helix() as screen:
        screen.wait("'Kindly' is stock formality.")
        screen.keys("%")
        screen.choose("Critique selection")
        screen.wait("We commence at ten.", "└─This word is not plain.")
        assert "[+]" not in screen.shown()


def fix():
    """a finding of a check is fixed by its quick fix, without a run"""
    with helix() as screen:
        screen.wait("'Kindly' is stock formality.")
        screen.keys("%")
        screen.choose("Replace 'Kindly' with 'Please'")
        screen.wait("Please note: we utilise the form.", without=("stock formality",))
        assert screen.at.model.requests == []


def cancel():
    """a run is cancelled by the code action; the connection to the model is closed"""
    with helix([{"hang": True}]) as screen:
        screen.wait("'Kindly' is stock formality.")
        screen.keys("%")
        screen.choose("Self-refine selection")
        asked = screen.at.model.wait_for(1)
        screen.choose("Cancel self-refine")
        assert asked.left.wait(20)
        assert screen.saved() == TEXT


def typed_elsewhere():
    """what is typed elsewhere while a run works is kept; the edit lands where its words are"""
    with helix(seconds_per_token=0.01) as screen:
        screen.wait("'Kindly' is stock formality.")
        screen.keys("%")
        screen.choose("Self-refine selection")
        screen.at.model.wait_for(1)
        screen.keys("g", "g", "O", "A line more.", "Escape")
        screen.wait("A line more.", "Please note: we use the form.", "We begin at ten.")
        screen.wait_saved("A line more.\n" + REFINED)


def hold():
    """in hold mode nothing changes until the result is taken"""
    with helix(review="hold") as screen:
        screen.wait("'Kindly' is stock formality.")
        screen.keys("%")
        screen.choose("Self-refine selection")
        screen.wait("The refined text waits")
        assert screen.saved() == TEXT
        screen.choose("Accept the refined text")
        screen.wait("Please note: we use the form.", "We begin at ten.")


if __name__ == "__main__":
    sys.exit(carry_out([main_job, critique, fix, cancel, typed_elsewhere, hold]))
