"""`self-refine criteria show` and `check`: what files came to, for people and as JSON."""

STYLE = """\
---
applyTo: "docs/**"
---
# Style

## Never use

- Hashtags
  - Fix: delete it
- [Guide](#guide)

| a | b |
|---|---|
| c | d |
"""
BROKEN = "---\ncriteria: 1\ntitel: x\n---\n- Is it so?\n"


def test_show_says_what_each_bullet_became(session):
    """Its line, its id and severity, what the critic reads; and what was left out."""
    session.put("criteria/style.criteria.md", STYLE)
    ran = session.run("show", "criteria/style.criteria.md", command="criteria")

    assert (ran.code, ran.err) == (0, "")
    assert "criteria/style.criteria.md: Style (style)\nFor texts that fit docs/**.\n" in ran.out
    assert "1 asked, 0 checked, 2 left out\n" in ran.out
    assert "      8  asked    style/hashtags (warning)\n" in ran.out
    assert "         [style/hashtags] Never use: Hashtags\n" in ran.out
    assert "      9  key      Fix: delete it\n" in ran.out
    assert "     10  left out a link: [Guide](#guide)\n" in ran.out
    assert "  12-14  left out a table: | a | b |\n" in ran.out


def test_show_with_a_line_is_about_the_criterion_there(session):
    """A sub-bullet leads to its question."""
    session.put("criteria/style.criteria.md", STYLE)
    ran = session.run("show", "criteria/style.criteria.md:9", command="criteria")
    nothing = session.run("show", "criteria/style.criteria.md:5", command="criteria")

    assert ran.out.startswith("      8  asked    style/hashtags (warning)\n")
    assert "left out" not in ran.out
    assert "criteria/style.criteria.md:5: nothing here is read" in nothing.out


def test_show_of_a_text_says_which_files_apply_and_why(session):
    """And why the others do not; then what a run would ask."""
    session.put("criteria/style.criteria.md", STYLE)
    session.put("criteria/broken.criteria.md", BROKEN)
    session.put("criteria/code.criteria.md",
                "---\ncriteria: 1\napplies: {languages: [python]}\n---\n- Is it so?\n")  # fmt: skip
    ran = session.run("show", "mail.md", command="criteria")

    assert ran.code == 0
    assert "no       criteria/style.criteria.md (style): mail.md does not fit docs/**\n" in ran.out
    assert "applies  criteria/mail.criteria.md (mail): mail.md fits **/*.md\n" in ran.out
    assert "it is for python, and this text is markdown\n" in ran.out
    assert "broken   criteria/broken.criteria.md:3: Unknown key 'titel'." in ran.out
    assert "mail/plain (warning, words)  criteria/mail.criteria.md:6\n" in ran.out
    assert "mail/long-word (error)  criteria/mail.criteria.md:11\n" in ran.out
    assert "    [mail/long-word] Does a word have a shorter one that says the same?\n" in ran.out


def test_show_as_json(session):
    """Of a criteria file, of a text, and of the workspace."""
    session.put("criteria/style.criteria.md", STYLE)
    file = session.run("show", "criteria/style.criteria.md", "--json", command="criteria").json
    text = session.run("show", "mail.md", "--json", command="criteria").json
    every = session.run("show", "--json", command="criteria").json

    assert ["asked", "key", "left out", "left out"] == [e["became"] for e in file["entries"]]
    assert "Never use: Hashtags" in file["entries"][0]["reads"]
    assert ["CR217"] == [p["code"] for p in file["problems"] if p["severity"] == "warning"][:1]
    assert {"criteria/mail.criteria.md": True, "criteria/style.criteria.md": False} == {
        f["file"]: f["applies"] for f in text["files"]
    }
    assert ["mail/plain", "mail/long-word"] == [c["id"] for c in text["criteria"]]
    assert [("mail", 1, 1), ("style", 1, 0)] == [
        (f["id"], f["questions"], f["checks"]) for f in every["files"]
    ]


def test_check_prints_problems_alone(session):
    """An error is exit code 1; warnings and notes are 0; hints are counted."""
    session.put("criteria/style.criteria.md", STYLE)
    warned = session.run("check", command="criteria")
    session.put("criteria/broken.criteria.md", BROKEN)
    broken = session.run("check", command="criteria")
    one = session.run("check", "criteria/mail.criteria.md", command="criteria")

    assert warned.code == 0
    assert "criteria/style.criteria.md:2:1: warning CR217: " in warned.out
    assert warned.out.endswith("2 warnings, 2 hints; --hints prints the hints\n")
    assert broken.code == 1
    assert "criteria/broken.criteria.md:3:1: error CR201: Unknown key 'titel'." in broken.out
    assert (one.code, one.out) == (0, "no problems\n")


def test_check_as_json_and_with_hints(session):
    """The same as one object."""
    session.put("criteria/style.criteria.md", STYLE)
    ran = session.run("check", "--json", "--hints", command="criteria")

    assert {"CR215", "CR216", "CR217"} == {p["code"] for p in ran.json["problems"]}
    assert {"criteria/style.criteria.md"} == {p["file"] for p in ran.json["problems"]}


def test_a_path_that_is_no_criteria_file_is_a_usage_error(session):
    """Exit code 2, with what is expected."""
    none = session.run("check", "nowhere.criteria.md", command="criteria")
    other = session.run("check", "mail.md", command="criteria")
    show = session.run("show", "nowhere.md", command="criteria")

    assert (2, 2, 2) == (none.code, other.code, show.code)
    assert "There is no file or folder nowhere.criteria.md." in none.err
    assert "mail.md is no criteria file: its name does not end in .criteria.md." in other.err
    assert "There is no file nowhere.md." in show.err


def test_doctor_counts_them(session):
    """One line."""
    session.put("criteria/style.criteria.md", STYLE)
    ran = session.run(command="doctor")

    assert (
        "criteria: 2 files, 2 questions, 1 check; 2 warnings, 2 hints (self-refine criteria check)"
        in ran.out.splitlines()
    )
