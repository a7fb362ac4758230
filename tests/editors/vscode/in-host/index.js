// Tests with the real `vscode` API, inside the extension host. `run` is called by VS Code; what came
// of each test goes to the file that IN_HOST_RESULTS names.

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

const { NOTE, REFINED } = JSON.parse(process.env.IN_HOST_TEXTS);
const PATIENCE_MS = 40_000;

const tests = [];
const test = (name, work) => tests.push({ name, work });

let api;
let lent;

async function until(what, holds, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const root = () => vscode.workspace.workspaceFolders[0].uri;
const client = () => until("a server that runs", () => api.server.client());
const pid = async () => (await client()).serverProcess.pid;
const settings = () => vscode.workspace.getConfiguration("selfRefine");
const GLOBAL = vscode.ConfigurationTarget.Global;

let number = 0;

/** A new text in an editor, with the lines selected that need it. */
async function opened(text = NOTE) {
  number += 1;
  const uri = vscode.Uri.joinPath(root(), `text-${number}.md`);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  editor.selection = new vscode.Selection(2, 0, 4, document.lineAt(4).text.length);
  await client();
  return editor;
}

/** What a command that starts a run is given. */
function aboutSelection(at, editor) {
  return {
    uri: at.code2ProtocolConverter.asUri(editor.document.uri),
    range: at.code2ProtocolConverter.asRange(editor.selection),
  };
}

/** The run that the command starts on the editor in front, once it is in one of these states. */
async function ran(states = ["landed", "waiting", "ended"], command = "selfRefine.ui.refine") {
  const before = new Set(api.runs.all().map((run) => run.runId));
  await vscode.commands.executeCommand(command);
  return until(`a run in ${states}`, () => {
    // What comes back after the server was started again is no new run.
    const run = api.runs.all().find((each) => !each.restored && !before.has(each.runId));
    return run !== undefined && states.includes(run.state) ? run : undefined;
  });
}

test("a run is judged and written by the model that the editor lends", async () => {
  const editor = await opened();
  const run = await ran();
  assert.equal(editor.document.getText(), REFINED);
  assert.match(run.model, /^Lent One at /);
  assert.equal(run.stop, "approved");
  // A judgement with its fixes is one reply in tags.
  assert.ok(lent.asked.length > 0);
  assert.ok(lent.asked.every(({ tools }) => tools.length === 0));
});

/** Work while each criterion is judged in a call of its own, which has a schema. */
async function thoroughly(work) {
  await settings().update("mode", "thorough", GLOBAL);
  try {
    const editor = await opened();
    // The server asks for its settings by itself when they change; a second question waits for it.
    await (await client()).sendRequest("selfRefine/doctor");
    await work(editor);
  } finally {
    await settings().update("mode", undefined, GLOBAL);
  }
}

test("in thorough mode the model judges by a tool, and writes without one", async () => {
  await thoroughly(async (editor) => {
    await ran();
    assert.equal(editor.document.getText(), REFINED);
  });
  const [critique] = lent.asked.filter(({ tools }) => tools.length > 0);
  assert.equal(critique.tools[0].name, "give_reply");
  assert.equal(critique.mode, vscode.LanguageModelChatToolMode.Required);
  assert.ok(
    lent.asked.some(({ tools }) => tools.length === 0),
    "the rewrite was asked with a tool",
  );
});

test("a model without tools is asked in tags instead", async () => {
  lent.tools = false;
  await thoroughly(() => ran());
  const withTools = lent.asked.filter(({ tools }) => tools.length > 0).length;
  assert.equal(withTools, 1);
  assert.ok(lent.asked.length > 1);
});

for (const [code, refusal, words] of [
  ["consent refused", () => vscode.LanguageModelError.NoPermissions("no"), /did not allow/],
  ["quota", () => vscode.LanguageModelError.Blocked("quota exceeded"), /blocks/],
  ["model gone", () => vscode.LanguageModelError.NotFound("gone"), /no longer has/],
  ["any other failure", () => new Error("boom"), /could not ask/],
]) {
  test(`${code}: the run says so, and the text changes no more than checks change it`, async () => {
    lent.refuses = refusal;
    const editor = await opened();
    const run = await ran();
    assert.equal(run.stop, "model failed");
    assert.match(run.detail, words);
    assert.ok(editor.document.getText().includes("leverage"));
    await vscode.commands.executeCommand("selfRefine.ui.discard");
  });
}

test("cancelling a run cancels the model's request", async () => {
  let free;
  lent.gate = (token) =>
    new Promise((resolve) => {
      free = resolve;
      token.onCancellationRequested(resolve);
    });
  const editor = await opened();
  const command = vscode.commands.executeCommand("selfRefine.ui.refine");
  await until("a question", () => lent.asked.length > 0);
  await vscode.commands.executeCommand("selfRefine.ui.cancel");
  await until("the cancel", () => lent.cancelled > 0);
  free();
  await command;
  await until("the end", () => api.runs.newest("running") === undefined);
  assert.equal(editor.document.getText(), NOTE);
});

test("a run that the user did not start gets no model", async () => {
  const editor = await opened();
  const at = await client();
  // Past the extension, as another program that speaks to the server would.
  const { runId } = await at.sendRequest("workspace/executeCommand", {
    command: "selfRefine.refine",
    arguments: [aboutSelection(at, editor)],
  });
  const run = await until("its end", () => {
    const found = api.runs.get(runId);
    return found !== undefined && found.state !== "running" ? found : undefined;
  });
  assert.equal(run.stop, "model failed");
  assert.deepEqual(lent.asked, []);
  await vscode.commands.executeCommand("selfRefine.ui.discard");
});

test("an action that is offered for the selection starts a run", async () => {
  const editor = await opened();
  // The first answer of a server may come before it has read the criteria; VS Code cancels one
  // where something about the text changes meanwhile.
  const { command } = await until("the action", async () => {
    const actions = await vscode.commands
      .executeCommand(
        "vscode.executeCodeActionProvider",
        editor.document.uri,
        editor.selection,
        "refactor",
      )
      .then(
        (found) => found,
        () => [],
      );
    return actions.find(({ title }) => title === "Self-refine selection");
  });
  const begun = await vscode.commands.executeCommand(command.command, ...command.arguments);
  assert.ok(begun.runId);
  await until("the text", () => editor.document.getText() === REFINED);
});

test("the model is asked one question at a time", async () => {
  lent.gate = () => new Promise((resolve) => setTimeout(resolve, 100));
  await opened();
  const first = ran(["landed"]);
  await until("a first question", () => lent.asked.length > 0);
  await opened();
  await Promise.all([first, ran(["landed"])]);
  assert.equal(lent.mostAtOnce, 1);
});

test("of two models the user is asked which, once; the choice stays", async () => {
  lent.two = true;
  lent.changed();
  await until("both models", async () => (await vscode.lm.selectChatModels()).length === 2);
  const editor = await opened();
  const running = ran(["landed"]);
  const next = "workbench.action.quickOpenSelectNext";
  const accept = "workbench.action.acceptSelectedQuickOpenItem";
  // The list has no event that says it is open: what has no list does nothing.
  await until("the choice", async () => {
    await vscode.commands.executeCommand(next);
    await vscode.commands.executeCommand(accept);
    return lent.asked.length > 0;
  });
  await running;
  const chosen = new Set(lent.asked.map(({ model }) => model));
  assert.equal(chosen.size, 1);
  assert.equal(editor.document.getText(), REFINED);
  lent.asked.length = 0;
  await opened();
  await ran(["landed"]);
  assert.deepEqual(new Set(lent.asked.map(({ model }) => model)), chosen);
});

test("without a model to lend the checks run alone", async () => {
  lent.there = false;
  const editor = await opened();
  // VS Code remembers models until their provider says that they have changed.
  const run = await ran();
  if (lent.asked.length === 0) assert.equal(run.stop, "checks only");
  assert.ok(!editor.document.getText().includes("in order to"));
});

test("a workspace may hold results; its preview is the text that would be", async () => {
  await settings().update("review", "hold", vscode.ConfigurationTarget.Workspace);
  try {
    const editor = await opened();
    // The server asks for its settings by itself when they change; a second question waits for it.
    await (await client()).sendRequest("selfRefine/doctor");
    const run = await ran(["waiting"]);
    assert.equal(run.held, true);
    assert.equal(editor.document.getText(), NOTE);
    const at = await client();
    const { after } = await at.sendRequest("selfRefine/preview", { runId: run.runId });
    assert.equal(after, REFINED);
    await until("the difference", () =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .find((tab) => tab.input instanceof vscode.TabInputTextDiff),
    );
    await vscode.commands.executeCommand("selfRefine.ui.accept");
    await until("the text", () => editor.document.getText() === REFINED);
  } finally {
    await settings().update("review", undefined, vscode.ConfigurationTarget.Workspace);
  }
});

test("what the user sets reaches the running server; a key comes from the secret storage", async () => {
  const before = await pid();
  await settings().update("baseUrl", process.env.IN_HOST_MODEL, GLOBAL);
  try {
    const at = await client();
    const report = await until("the endpoint", async () => {
      const found = await at.sendRequest("selfRefine/doctor");
      return found.lines.join("\n").includes("127.0.0.1") ? found : undefined;
    });
    assert.equal(report.ok, false, "this server wants a key");
    await api.secrets.store("selfRefine.apiKey", process.env.IN_HOST_KEY);
    await until("the key", async () => (await at.sendRequest("selfRefine/doctor")).ok);
    assert.equal(await pid(), before, "the server was started again");
  } finally {
    await api.secrets.delete("selfRefine.apiKey");
    await settings().update("baseUrl", undefined, GLOBAL);
  }
});

test("criteria that can be picked come from the server, the workspace's first", async () => {
  const editor = await opened();
  const at = await client();
  const offers = await at.sendRequest("selfRefine/offers", {
    uri: at.code2ProtocolConverter.asUri(editor.document.uri),
    range: at.code2ProtocolConverter.asRange(editor.selection),
  });
  assert.deepEqual(
    offers.slice(0, 3).map(({ title, applies, shipped }) => [title, applies, shipped]),
    [
      ["Cells of notebooks", false, false],
      ["Release notes", true, false],
      [offers[2].title, offers[2].applies, true],
    ],
  );
});

test("an instruction reaches the model that writes", async () => {
  const editor = await opened();
  const at = await client();
  const wish = "It is for customers of the archive.";
  // As the command with an instruction sends it: its box can be filled in a page alone.
  const argument = { ...aboutSelection(at, editor), instruction: wish };
  await vscode.commands.executeCommand("selfRefine.refine", argument);
  await until("the text", () => editor.document.getText() === REFINED);
  const [rewrite] = lent.asked.filter(({ tools }) => tools.length === 0);
  assert.ok(rewrite.message.includes(wish), rewrite.message);
});

test("in a notebook the selected cell is checked and refined, and no other one", async () => {
  const uri = vscode.Uri.joinPath(root(), "book.ipynb");
  const sources = ["We utilise a title.\n", NOTE, "leverage = 1\n"];
  const kinds = ["markdown", "markdown", "code"];
  const cells = sources.map((source, at) => ({
    cell_type: kinds[at],
    metadata: {},
    source,
    ...(kinds[at] === "code" ? { outputs: [], execution_count: null } : {}),
  }));
  const file = {
    cells,
    metadata: { language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 4,
  };
  await vscode.workspace.fs.writeFile(uri, Buffer.from(JSON.stringify(file)));
  const book = await vscode.workspace.openNotebookDocument(uri);
  const texts = () => book.getCells().map((cell) => cell.document.getText());
  await vscode.window.showNotebookDocument(book, {
    selections: [new vscode.NotebookRange(1, 2)],
  });
  const cell = book.cellAt(1).document;
  await until("the live check of the cell", () =>
    vscode.languages
      .getDiagnostics(cell.uri)
      .some(
        ({ source, range }) => source === "self-refine" && cell.getText(range) === "in order to",
      ),
  );

  const editor = await until("the cell's editor", async () => {
    await vscode.commands.executeCommand("notebook.cell.edit");
    const found = vscode.window.activeTextEditor;
    return found?.document === cell ? found : undefined;
  });
  editor.selection = new vscode.Selection(2, 0, 4, cell.lineAt(4).text.length);
  const run = await ran(["landed"]);
  assert.equal(run.uri, (await client()).code2ProtocolConverter.asUri(cell.uri));
  assert.deepEqual(texts(), [sources[0], REFINED, sources[2]]);
  await until("what was resolved, in the cell", () =>
    vscode.languages
      .getDiagnostics(cell.uri)
      .some(({ message }) => message.startsWith("resolved in pass")),
  );

  await vscode.commands.executeCommand("selfRefine.revert", { runId: run.runId });
  await until("the text as it was", () => cell.getText() === NOTE);
  assert.deepEqual(texts(), sources);
});

test("the restart command starts another server, and everything works as before", async () => {
  const before = await pid();
  await vscode.commands.executeCommand("selfRefine.ui.restart");
  assert.notEqual(await pid(), before);
  assert.deepEqual(api.runs.all(), []);
  const editor = await opened();
  await ran(["landed"]);
  assert.equal(editor.document.getText(), REFINED);
});

test("a server that crashes is started again four times, not a fifth; the command helps then", async () => {
  await vscode.commands.executeCommand("selfRefine.ui.restart");
  for (let crash = 1; crash <= 5; crash++) {
    const old = await pid();
    process.kill(old, "SIGKILL");
    if (crash <= 4) {
      await until(`start ${crash}`, async () => {
        const now = api.server.client()?.serverProcess?.pid;
        return now !== undefined && now !== old;
      });
    }
  }
  await until("that it says so", () => /five times/.test(api.server.why));
  assert.equal(api.server.client(), undefined);
  await vscode.commands.executeCommand("selfRefine.ui.restart");
  await client();
});

test("an installation that is broken is said, and made anew from the message", async () => {
  const { serverProcess } = await client();
  const environment = path.dirname(path.dirname(serverProcess.spawnfile));
  const [library] = fs
    .readdirSync(environment, { recursive: true })
    .filter((name) => path.basename(name) === "lsprotocol");
  fs.rmSync(path.join(environment, library), { recursive: true });
  await vscode.commands.executeCommand("selfRefine.ui.restart");
  await until("that it says so", () => /five times/.test(api.server.why));
  // What "Install again" in the message does.
  await api.server.reinstall();
  await client();
  const editor = await opened();
  await ran(["landed"]);
  assert.equal(editor.document.getText(), REFINED);
});

test("an interpreter that is not there is said; another setting brings the server back", async () => {
  await settings().update("interpreter", "/nowhere/python", GLOBAL);
  try {
    await until("that it says so", () => api.server.why.includes("/nowhere/python"));
    assert.equal(api.server.client(), undefined);
  } finally {
    await settings().update("interpreter", undefined, GLOBAL);
  }
  await client();
});

test("a self-refine of the user's own is used in place of the bundled one", async () => {
  await settings().update("serverPath", process.env.IN_HOST_SERVER, GLOBAL);
  try {
    await until("that server", async () => {
      const process_ = api.server.client()?.serverProcess;
      return process_?.spawnfile === process.env.IN_HOST_SERVER;
    });
    const editor = await opened();
    await ran(["landed"]);
    assert.equal(editor.document.getText(), REFINED);
  } finally {
    await settings().update("serverPath", undefined, GLOBAL);
  }
  await until("the bundled one", async () => {
    const process_ = api.server.client()?.serverProcess;
    return process_ !== undefined && process_.spawnfile !== process.env.IN_HOST_SERVER;
  });
});

exports.run = async function run() {
  const results = [];
  const only = process.env.IN_HOST_ONLY;
  const extension = vscode.extensions.getExtension("self-refine.self-refine");
  assert.ok(extension, "the extension is not installed");
  api = await extension.activate();
  lent = await vscode.extensions.getExtension("self-refine-tests.lent-model").activate();
  for (const { name, work } of tests) {
    if (only && !name.includes(only)) continue;
    lent.reset();
    const began = Date.now();
    let error = "";
    try {
      await work();
    } catch (thrown) {
      error = thrown.stack ?? String(thrown);
    }
    results.push({ name, error, ms: Date.now() - began });
    fs.writeFileSync(process.env.IN_HOST_RESULTS, JSON.stringify(results, null, 2));
    await vscode.commands
      .executeCommand("workbench.action.closeAllEditors")
      .then(undefined, () => {});
  }
  fs.writeFileSync(path.join(path.dirname(process.env.IN_HOST_RESULTS), "in-host.done"), "");
};
