"""The model that an editor lends: one message, chunks by number, refusals in words."""

import asyncio
from dataclasses import replace

import pytest

from self_refine.loop.requests import Answered, FailureKind
from self_refine.models.editor_model import HOST, UNNAMED, Denied, EditorModel, Finished
from self_refine.models.openai.endpoint import Caps
from support.asking import CALL, QUICK, REWRITE, TEXT, check_failed


class Editor:
    """What an editor would do: sends these chunks, then answers so."""

    def __init__(self, *chunks, ends=None, refuses_schema=False):
        self.chunks = [c if isinstance(c, tuple) else (i, c) for i, c in enumerate(chunks)]
        self.ends = ends or Finished("stop", "copilot/gpt-x")
        self.refuses_schema = refuses_schema
        self.questions = []
        self.stopped = False

    async def __call__(self, question, on_chunk):
        self.questions.append(question)
        if self.refuses_schema and question.schema is not None:
            return Denied("NoSchema")
        for number, words in self.chunks:
            on_chunk(number, words)
            await asyncio.sleep(0)
        self.late = on_chunk
        if self.ends == "never":
            try:
                await asyncio.Event().wait()
            finally:
                self.stopped = True
        if isinstance(self.ends, Exception):
            raise self.ends
        return self.ends


async def ask_editor(editor, call=CALL, **options):
    model = EditorModel(editor, timing=options.pop("timing", QUICK), **options)
    heard = []
    answer = await model.complete(call, lambda words, form: heard.append((words, form)))
    return answer, heard, model


async def test_a_call_becomes_one_message_of_the_user():
    """Editors know no system role; the schema travels beside the words."""
    editor = Editor('{"criteria"', ": []}")
    answer, heard, model = await ask_editor(editor)

    assert (answer.text, answer.form, answer.finish) == ('{"criteria": []}', "json", "stop")
    assert heard == [('{"criteria"', "json"), (": []}", "json")]
    question = editor.questions[0]
    assert question.text == "\n\n".join(m.content for m in CALL.messages) + CALL.task
    assert (question.schema, question.most_output) == (CALL.schema, 500)
    assert (model.name, model.host) == ("copilot/gpt-x", HOST)
    assert answer.cost.estimated, "editors count no tokens"
    assert answer.cost.input_tokens > 20


async def test_an_editor_without_schemas_is_asked_in_tags_from_then_on():
    """The first refusal is learned from; a rewrite was never asked for with a schema."""
    editor = Editor("<reply-3f9a1c22>", refuses_schema=True)
    model = EditorModel(editor, timing=QUICK)
    for _ in range(2):
        answer = await model.complete(CALL, lambda *_: None)
        assert (answer.form, answer.text) == ("tagged", "<reply-3f9a1c22>")
    await model.complete(REWRITE, lambda *_: None)

    assert [q.schema is None for q in editor.questions] == [False, True, True, True]
    assert editor.questions[1].text.endswith(CALL.plain_task)


async def test_f40_chunks_that_come_twice_or_late_are_nothing():
    """Each number once, in order; none after the answer."""
    editor = Editor((0, "{"), (0, "{"), (1, "}"), (1, "x"), (0, "y"))
    answer, heard, _ = await ask_editor(editor)
    editor.late(7, "after the end")

    assert answer.text == "{}"
    assert [words for words, _ in heard] == ["{", "}"]


DENIALS = {
    "NoPermissions": (FailureKind.AUTHORISATION, "did not allow"),
    "Blocked": (FailureKind.RATE_LIMIT, "quota"),
    "NotFound": (FailureKind.OTHER, "no longer has"),
    "Cancelled": (FailureKind.OTHER, "cancelled in your editor"),
    "Failed": (FailureKind.OTHER, "could not ask"),
}


@pytest.mark.parametrize("code", DENIALS)
async def test_f40_what_an_editor_denies_is_said_and_not_asked_again(code):
    """Each code has a sentence with the next step; the editor's own words are not shown."""
    editor = Editor(ends=Denied(code, TEXT))
    answer, _, _ = await ask_editor(editor)

    check_failed(answer, *DENIALS[code])
    assert len(editor.questions) == 1


@pytest.mark.parametrize(
    ("finish", "kind"),
    [
        ("filtered", FailureKind.FILTERED),
        ("refused", FailureKind.REFUSED),
        ("whatever", FailureKind.BAD_ANSWER),
        ("stop", FailureKind.BAD_ANSWER),
    ],
)
async def test_an_answer_that_is_none(finish, kind):
    """Filters, refusals, strange ends and silence leave the text alone."""
    answer, _, _ = await ask_editor(Editor(ends=Finished(finish)))
    check_failed(answer, kind, UNNAMED, "your text is unchanged")


async def test_a_cut_answer_is_marked():
    """`length` is handed on."""
    answer, _, _ = await ask_editor(Editor("<reply", ends=Finished("length")), REWRITE)
    assert (answer.text, answer.finish) == ("<reply", "length")


async def test_an_editor_that_breaks_is_a_failure(caplog):
    """Whatever stands between us and the editor raises nothing, and logs no words of the user."""
    answer, _, _ = await ask_editor(Editor("{", ends=RuntimeError(TEXT)))

    check_failed(answer, FailureKind.OTHER, "could not ask")
    assert "RuntimeError" in caplog.text
    assert "Zanzibar" not in caplog.text


async def test_patience_with_an_editor_ends():
    """The deadlines are those of any model, and the editor is told to stop."""
    editor = Editor("{", ends="never")
    answer, _, _ = await ask_editor(editor, timing=replace(QUICK, idle=0.05))

    check_failed(answer, FailureKind.TIMEOUT, "idleSeconds")
    assert editor.stopped


async def test_too_much_is_stopped():
    """A reply over the cap ends, and the editor is told to stop."""
    editor = Editor("x" * 60, "y" * 60, "z", ends="never")
    answer, heard, _ = await ask_editor(editor, caps=Caps(body=100))

    check_failed(answer, FailureKind.BAD_ANSWER, "100 bytes")
    assert editor.stopped
    assert len(heard) == 1


async def test_a_cancel_reaches_the_editor():
    """The awaiting task is cancelled: the question is withdrawn before it returns."""
    editor = Editor("{", ends="never")
    heard = asyncio.Event()
    model = EditorModel(editor, timing=QUICK)
    call = asyncio.create_task(model.complete(CALL, lambda *_: heard.set()))
    await heard.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert editor.stopped
    editor.ends = Finished("stop")
    assert isinstance(await model.complete(CALL, lambda *_: None), Answered)
    await model.close()
