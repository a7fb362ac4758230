/** The view of runs: each with its criteria, its passes and its changes. */

import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type Disposable,
  type TreeDataProvider,
} from "vscode";

import type { Runs } from "../runs/runs";
import { count } from "../words";
import { iconOf } from "./icons";
import { childrenOf, wordsOf, type Node } from "./nodes";

export const VIEW = "selfRefine.runs";

/** Show the runs; the tree follows them. */
export function createTree(runs: Runs): Disposable[] {
  const provider = new Tree(runs);
  const view = window.createTreeView(VIEW, { treeDataProvider: provider, showCollapseAll: true });
  const badge = runs.onChange(() => {
    const pending = runs.all().reduce((sum, { counts }) => sum + counts.pending, 0);
    const tooltip = `${count(pending, "change")} to review`;
    view.badge = pending > 0 ? { value: pending, tooltip } : undefined;
  });
  return [view, provider, badge];
}

class Tree implements TreeDataProvider<Node>, Disposable {
  private readonly changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly following: Disposable;

  constructor(private readonly runs: Runs) {
    this.following = runs.onChange(() => {
      this.changed.fire(undefined);
    });
  }

  getChildren(node?: Node): Node[] {
    return childrenOf(this.runs, node);
  }

  getTreeItem(node: Node): TreeItem {
    const words = wordsOf(this.runs, node, clock);
    const item = new TreeItem(words.label, foldOf(this.runs, node));
    item.description = words.description;
    item.accessibilityInformation = { label: words.spoken };
    const icon = iconOf(node);
    item.iconPath = new ThemeIcon(icon.id, icon.color ? new ThemeColor(icon.color) : undefined);
    item.contextValue = contextOf(node);
    item.id = idOf(this.runs, node);
    item.tooltip = tooltipOf(node);
    const place = placeOf(node);
    if (place !== undefined) {
      item.command = {
        command: "selfRefine.ui.reveal",
        title: "Go to the words",
        arguments: [place.uri, place.range],
      };
    }
    return item;
  }

  dispose(): void {
    this.following.dispose();
    this.changed.dispose();
  }
}

/** The time of day as the user writes it; "" where the server said none. */
function clock(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  return date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

/** The newest run is open, with its checklist and changes; passes and older runs are folded. */
function foldOf(runs: Runs, node: Node): TreeItemCollapsibleState {
  if (childrenOf(runs, node).length === 0) return TreeItemCollapsibleState.None;
  const isOpen =
    node.kind === "criteria" ||
    node.kind === "changes" ||
    (node.kind === "run" && isNewest(runs, node));
  return isOpen ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

function isNewest(runs: Runs, { run }: Node): boolean {
  return runs.all()[0]?.runId === run.runId;
}

interface Place {
  uri: string;
  range: unknown;
}

/** Where a row leads: to its words, or to the line of its criterion. */
function placeOf(node: Node): Place | undefined {
  const { run } = node;
  switch (node.kind) {
    case "run":
      return { uri: run.uri, range: run.range };
    case "finding":
      return { uri: run.uri, range: node.finding.range ?? run.range };
    case "change":
      return { uri: run.uri, range: node.change.range ?? run.range };
    case "criterion": {
      const { uri, line } = node.criterion;
      const place = { line: line - 1, character: 0 };
      return uri ? { uri, range: { start: place, end: place } } : undefined;
    }
    case "criteria":
    case "passes":
    case "pass":
    case "changes":
      return undefined;
  }
}

function contextOf(node: Node): string {
  if (node.kind === "run") return `run.${node.run.state}`;
  return node.kind === "change" ? `change.${node.change.state}` : node.kind;
}

/** An item keeps its fold as long as its id; the newest run has one of its own, so an older one folds. */
function idOf(runs: Runs, node: Node): string {
  const { runId } = node.run;
  switch (node.kind) {
    case "run":
      return isNewest(runs, node) ? `${runId}/newest` : `${runId}/run`;
    case "criteria":
    case "passes":
    case "changes":
      return `${runId}/${node.kind}`;
    case "criterion":
      return `${runId}/criterion/${node.criterion.criterion}`;
    case "pass":
      return `${runId}/pass/${node.pass.number}`;
    case "change":
      return `${runId}/change/${node.change.number}`;
    case "finding":
      return `${runId}/finding/${node.under}`;
  }
}

/** Plain text alone: the words come from a model. */
function tooltipOf(node: Node): string {
  switch (node.kind) {
    case "run":
      return [
        node.run.title,
        node.run.instruction,
        node.run.model,
        node.run.verdict.sentence,
        node.run.whyWaiting,
      ]
        .filter(Boolean)
        .join("\n");
    case "criterion":
      return [node.criterion.question, node.criterion.criterion, node.criterion.reason]
        .filter(Boolean)
        .join("\n");
    case "finding":
      return `${node.finding.problem}\n“${node.finding.quote}”`;
    case "change":
      return [`“${node.change.before}”`, `→ “${node.change.after}”`, ...node.change.answers].join(
        "\n",
      );
    case "criteria":
    case "passes":
    case "pass":
    case "changes":
      return "";
  }
}
