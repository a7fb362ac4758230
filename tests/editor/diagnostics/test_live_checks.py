"""Live checks: the workspace's own checks, on open and while typing; no model, no shipped pack."""

from support.editing import CRITERIA, FILES, editing


def test_checks_run_on_open_and_on_change_without_being_asked(tmp_path):
    """Ordinary diagnostics of the current version; nothing is sent, nobody is asked."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        at.client.change(at.uri, (12, 12, " As per plan."))
        at.wait_problems(("house/stock", "Kindly"), ("house/stock", "As per"))
        at.client.change(at.uri, (0, 6, "Please"))
        at.wait_problems(("house/stock", "As per"))
        assert at.client.sent("textDocument/publishDiagnostics")[-1]["version"] == 3
        assert at.model.requests == []
        assert at.client.sent("window/showMessage") == []
        assert at.client.sent("window/showMessageRequest") == []
        assert at.client.sent("$/progress") == []


def test_a_setting_turns_them_off_and_on(tmp_path):
    """Off: nothing is shown, not even what was; on again: it is back. Any source may say so."""
    with editing(tmp_path) as at:

        def switch(value):
            at.client.answers["workspace/configuration"] = lambda _: [{"liveChecks": value}]
            at.client.notify("workspace/didChangeConfiguration", {"settings": None})

        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        switch(value=False)
        at.wait_problems()
        at.client.change(at.uri, (0, 0, "Kindly. "))
        switch(value=True)
        at.wait_problems(("house/stock", "Kindly"), ("house/stock", "Kindly"))


def test_a_shipped_pack_never_runs_unasked(tmp_path):
    """Without criteria of its own a workspace is left alone."""
    with editing(tmp_path, files={"README": ""}) as at:
        at.open("note.md", "Kindly utilize it, as per your request, at your earliest convenience.")
        at.client.command("explain", {"uri": at.uri})
        assert any(t.startswith("Self-refine selection: ") for t in at.titles())
        at.open("other.md", "[name] TODO")
        at.titles()
        assert at.client.sent("textDocument/publishDiagnostics") == []


def test_new_criteria_judge_the_open_texts_anew(tmp_path):
    """A changed criteria file, on the disk and told of, counts at once."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Kindly come soon.")
        at.wait_problems(("house/stock", "Kindly"))
        path = at.root / "criteria/house.criteria.md"
        path.write_text(CRITERIA.replace('"kindly": "please"', '"soon": "at ten"'), "utf-8")
        changes = [{"uri": path.as_uri(), "type": 2}]
        at.client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        at.wait_problems(("house/stock", "soon"))


def test_folders_that_come_and_go_judge_the_open_texts_at_once(tmp_path):
    """The innermost folder is the workspace of a text; of one that is gone nothing is said."""
    words = CRITERIA.replace('"kindly": "please"', '"soon": "at ten"')
    files = FILES | {
        "inner/criteria/inner.criteria.md": words.replace("id: house", "id: inner"),
        "../apart/criteria/wrong.criteria.md": "---\ncriteria: 1\n---\n",
    }
    with editing(tmp_path, files=files) as at:
        inner, apart = at.root / "inner", tmp_path / "apart"
        folders = [{"uri": each.as_uri(), "name": each.name} for each in (inner, apart)]
        wrong = (apart / "criteria/wrong.criteria.md").as_uri()

        def change(*, added=(), removed=()):
            event = {"added": [*added], "removed": [*removed]}
            at.client.notify("workspace/didChangeWorkspaceFolders", {"event": event})

        def severities():
            return [each["severity"] for each in at.client.diagnostics(wrong) or []]

        at.open("inner/memo.md", "Kindly come soon.")
        at.wait_problems(("house/stock", "Kindly"), ("inner/stock", "soon"))
        change(added=folders)
        at.wait_problems(("inner/stock", "soon"))
        apart_text = (apart / "memo.md").as_uri()
        at.client.open(apart_text, "Words.")
        at.client.wait(lambda: 1 in severities())
        at.client.close(apart_text)
        change(removed=folders)
        at.wait_problems(("house/stock", "Kindly"), ("inner/stock", "soon"))
        at.client.wait(lambda: 1 not in severities())


def test_a_file_that_is_closed_has_no_findings(tmp_path):
    """They go with the document."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        at.client.close(at.uri)
        at.client.wait(lambda: at.client.diagnostics(at.uri) == [] or None)


def test_what_a_run_says_is_not_said_twice(tmp_path):
    """A live finding that a run found as well is shown once."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        at.run(command="critique")
        at.client.wait(lambda: at.client.diagnostics(at.uri)[0]["data"]["run"])
        assert len(at.problems()) == 1
