// Owns a chat model that is the same every time: it objects to certain words, and swaps them. What
// it does besides is set by the tests, which share this module.

const vscode = require("vscode");

const change = new vscode.EventEmitter();

const WORDS = { leverage: "use", utilise: "open" };

/** What it was asked, and how it is to behave. */
const lent = {
  asked: [],
  /** Whether it can call tools. */
  tools: true,
  /** Throws what it returns, before anything is said. */
  refuses: () => undefined,
  /** Waits for this before it answers. */
  gate: () => Promise.resolve(),
  /** Whether there is a model at all. */
  there: true,
  /** Whether there is a second one. */
  two: false,
  /** Let VS Code look again at which there are. */
  changed: () => change.fire(),
  atOnce: 0,
  mostAtOnce: 0,
  cancelled: 0,
  reset() {
    Object.assign(this, {
      asked: [],
      tools: true,
      refuses: () => undefined,
      gate: () => Promise.resolve(),
      there: true,
      two: false,
      atOnce: 0,
      mostAtOnce: 0,
      cancelled: 0,
    });
    change.fire();
  },
};

function critique(shown, ids) {
  const issues = [...segmentsOf(shown)].flatMap(([segment, text]) =>
    Object.keys(WORDS)
      .filter((word) => text.includes(word))
      .map((word) => ({
        segment,
        quote: word,
        kind: "wrong",
        problem: "A reader would not use this word.",
        instruction: `Write '${WORDS[word]}'.`,
      })),
  );
  const criteria = ids.map((id, at) => ({
    id,
    evidence: "",
    issues: at === 0 ? issues : [],
    verdict: at === 0 && issues.length > 0 ? "fail" : "pass",
  }));
  return { criteria };
}

/** The words of each segment by its number; of a text without marks, all of it as the first. */
function segmentsOf(shown) {
  const marks = [...shown.matchAll(/§+(\d+)§+/g)];
  if (marks.length === 0) return new Map([[1, shown]]);
  return new Map(
    marks.map((mark, at) => [
      Number(mark[1]),
      shown.slice(mark.index + mark[0].length, marks[at + 1]?.index).trimEnd(),
    ]),
  );
}

function swapped(text) {
  let plain = text;
  for (const [word, other] of Object.entries(WORDS)) plain = plain.replaceAll(word, other);
  return plain;
}

/** Every value that some property named `id` may have. */
function idsOf(schema) {
  if (schema === null || typeof schema !== "object") return [];
  const own =
    schema.properties?.id?.enum ??
    (schema.properties?.id?.const ? [schema.properties.id.const] : []);
  return [...new Set([...own, ...Object.values(schema).flatMap(idsOf)])];
}

function candidateOf(message) {
  const blocks = [...message.matchAll(/<(candidate-[0-9a-f]{8,})>\n?([\s\S]*?)\n?<\/\1>/g)];
  return blocks.at(-1)?.[2] ?? message;
}

function textOf(message) {
  return message.content.map((part) => part.value ?? "").join("");
}

const model = (id, name) => ({
  id,
  name,
  family: "lent",
  version: "1",
  maxInputTokens: 100_000,
  maxOutputTokens: 100_000,
  capabilities: { toolCalling: true },
});

const provider = {
  onDidChangeLanguageModelChatInformation: change.event,

  provideLanguageModelChatInformation() {
    if (!lent.there) return [];
    const others = lent.two ? [model("lent-2", "Lent Two")] : [];
    return [model("lent-1", "Lent One"), ...others];
  },

  async provideLanguageModelChatResponse(asked, messages, options, progress, token) {
    const message = textOf(messages.at(-1));
    lent.asked.push({
      model: asked.id,
      message,
      tools: options.tools ?? [],
      mode: options.toolMode,
    });
    lent.atOnce += 1;
    lent.mostAtOnce = Math.max(lent.mostAtOnce, lent.atOnce);
    token.onCancellationRequested(() => {
      lent.cancelled += 1;
    });
    try {
      await lent.gate(token);
      if (token.isCancellationRequested) return;
      const refusal = lent.refuses();
      if (refusal !== undefined) throw refusal;
      const [tool] = options.tools ?? [];
      if (tool !== undefined) {
        if (!lent.tools) throw new Error("This model does not support tools.");
        const input = critique(candidateOf(message), idsOf(tool.inputSchema));
        progress.report(new vscode.LanguageModelToolCallPart("1", tool.name, input));
        return;
      }
      const answer = replyOf(message);
      for (let at = 0; at < answer.length; at += 7) {
        progress.report(new vscode.LanguageModelTextPart(answer.slice(at, at + 7)));
      }
    } finally {
      lent.atOnce -= 1;
    }
  },

  provideTokenCount: (_model, text) => Promise.resolve(String(text.content ?? text).length / 4),
};

/** A reply in tags, in the form of the skeleton that ends the message. */
function replyOf(message) {
  const shown = candidateOf(message);
  const asked = message.split(/<\/candidate-[0-9a-f]{8,}>/).at(-1);
  const skeletons = [...asked.matchAll(/<(reply-[0-9a-f]{8,})>\n([\s\S]*?)\n<\/\1>/g)];
  const named = [...message.matchAll(/<(reply-[0-9a-f]{8,})>/g)].at(-1)?.[1] ?? "reply";
  const [, tag, skeleton] = skeletons.at(-1) ?? ["", named, ""];
  const fix = /<(fix-[0-9a-f]{8,})>/.exec(skeleton)?.[1];
  const judged = () => critique(shown, askedOf(message)).criteria;
  let lines;
  if (fix !== undefined) lines = judged().flatMap((entry) => readingLines(entry, fix, shown));
  else if (/^verdict:/m.test(skeleton)) lines = judged().flatMap(critiqueLines);
  else lines = [revised(shown, skeleton)];
  return [`<${tag}>`, ...lines, `</${tag}>`].join("\n");
}

/** The ids of the criteria that a message lists, and of the user's own words where there are some. */
function askedOf(message) {
  const blocks = [...message.matchAll(/<(criteria-[0-9a-f]{8,})>\n([\s\S]*?)\n<\/\1>/g)];
  const ids = blocks.flatMap(([, , text]) =>
    [...text.matchAll(/^\[(.+?)\] /gm)].map(([, id]) => id),
  );
  return /<instruction-[0-9a-f]{8,}>/.test(message) ? [...ids, "instruction"] : ids;
}

/** A judgement with the whole new text of each segment that is objected to. */
function readingLines({ id, verdict, issues }, fix, shown) {
  const fixes = issues.flatMap(({ segment, quote, problem }) => [
    `issue: ${segment} wrong`,
    `quote: ${quote}`,
    `problem: ${problem}`,
    `<${fix}>`,
    swapped(segmentsOf(shown).get(segment) ?? ""),
    `</${fix}>`,
  ]);
  return [`[${id}] ${verdict}`, ...fixes];
}

function critiqueLines({ id, verdict, issues }) {
  const found = issues.flatMap(({ segment, quote, problem, instruction }) => [
    `issue: ${segment} wrong`,
    `quote: ${quote}`,
    `problem: ${problem}`,
    `instruction: ${instruction}`,
  ]);
  return [`[${id}]`, "evidence: ", ...found, `verdict: ${verdict}`];
}

/** The text with the words swapped, as the skeleton wants it. */
function revised(shown, skeleton) {
  if (skeleton.startsWith("@@")) {
    return [...segmentsOf(shown)]
      .filter(([, text]) => swapped(text) !== text)
      .map(([number, text]) => `@@ ${number}\n${swapped(text)}`)
      .join("\n");
  }
  const text = shown.replaceAll(/§+\d+§+/g, "");
  if (!skeleton.startsWith("<<<<<<< SEARCH")) return swapped(text);
  return text
    .split("\n")
    .filter((line) => swapped(line) !== line)
    .map((line) => `<<<<<<< SEARCH\n${line}\n=======\n${swapped(line)}\n>>>>>>> REPLACE`)
    .join("\n");
}

module.exports = {
  lent,
  activate(context) {
    context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider("lent", provider));
    return lent;
  },
};
