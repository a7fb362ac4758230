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

function critique(text, schema) {
  const ids = idsOf(schema);
  const issues = Object.keys(WORDS).flatMap((word) =>
    text.includes(word)
      ? [
          {
            segment: 1,
            quote: word,
            kind: "wrong",
            problem: "A reader would not use this word.",
            instruction: `Write '${WORDS[word]}'.`,
          },
        ]
      : [],
  );
  const criteria = ids.map((id, at) => ({
    id,
    evidence: "",
    issues: at === 0 ? issues : [],
    verdict: at === 0 && issues.length > 0 ? "fail" : "pass",
  }));
  return { criteria };
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
        const input = critique(candidateOf(message), tool.inputSchema);
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

/** A reply in tags: the text with the words swapped. */
function replyOf(message) {
  const tag = [...message.matchAll(/<(reply-[0-9a-f]{8,})>/g)].at(-1)?.[1] ?? "reply";
  let text = candidateOf(message);
  for (const [word, plain] of Object.entries(WORDS)) text = text.replaceAll(word, plain);
  return `<${tag}>\n${text}\n</${tag}>`;
}

module.exports = {
  lent,
  activate(context) {
    context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider("lent", provider));
    return lent;
  },
};
