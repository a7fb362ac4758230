// Owns the folder that most tests open, and the model that judges it.

export const CRITERIA = `---
criteria: 1
id: notes
title: Release notes
description: What users read about a release.
applies:
  languages: [markdown]
  paths: ["*.md"]
checks:
  - id: stock-phrase
    kind: words
    swap:
      "in order to": "to"
    severity: warning
    message: "'{match}' is long for 'to'."
    why: Say it in one word.
---
# Release notes

## Criteria

- **plain-words** (warning): Is there a word that a reader of the product would not use?
  - evidence: quote the word
  - fix: put an everyday word in its place
`;

export const NOTE = `# Release 4.2

We leverage the new cache in order to answer faster.

The team will utilise the archive on Monday.

Nothing else has changed.
`;

export const REFINED = `# Release 4.2

We use the new cache to answer faster.

The team will open the archive on Monday.

Nothing else has changed.
`;

/** Lines of NOTE that tests select. */
export const FIRST = 3;
export const LAST = 5;

/** What the scripted model objects to, and what it puts for it. */
export const RULE = {
  words: { leverage: "use", utilise: "open" },
  criterion: "notes/plain-words",
  problem: "A reader would not use this word.",
};

/** The same for the Markdown in notebooks. */
export const CELLS = CRITERIA.replace("id: notes", "id: cells")
  .replace("title: Release notes", "title: Cells of notebooks")
  .replace('"*.md"', '"*.ipynb"');

export const FILES = { "note.md": NOTE, "criteria/notes.criteria.md": CRITERIA };
