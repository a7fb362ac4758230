/** Owns the tree view of runs. */

import {
  EventEmitter,
  MarkdownString,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  type Disposable,
  type TreeDataProvider,
} from "vscode";

import { childrenOf, wordsOf, type Node, type Runs } from "../runs/runs";

export const VIEW = "selfRefine.runs";

/** Show the runs; the tree follows them. */
export function createTree(runs: Runs): Disposable[] {
  const provider = new Tree(runs);
  const view = window.createTreeView(VIEW, { treeDataProvider: provider, showCollapseAll: true });
  const badge = runs.onChange(() => {
    const waiting = runs.all().filter((run) => run.state === "waiting").length;
    view.badge = waiting > 0 ? { value: waiting, tooltip: "Refined texts that wait" } : undefined;
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
    const words = wordsOf(this.runs, node);
    const item = new TreeItem(words.label, foldOf(this.runs, node));
    item.description = words.description;
    item.iconPath = iconOf(node);
    item.contextValue = contextOf(node);
    item.id = idOf(node);
    item.tooltip = tooltipOf(node);
    if (node.kind === "finding" || node.kind === "change" || node.kind === "run") {
      item.command = {
        command: "selfRefine.ui.reveal",
        title: "Go to the words",
        arguments: [Uri.parse(node.run.uri).toString(), rangeOf(node)],
      };
    }
    return item;
  }

  dispose(): void {
    this.following.dispose();
    this.changed.dispose();
  }
}

function foldOf(runs: Runs, node: Node): TreeItemCollapsibleState {
  if (childrenOf(runs, node).length === 0) return TreeItemCollapsibleState.None;
  const isNewest = node.kind === "run" && runs.all()[0] === node.run;
  return isNewest ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

function rangeOf(node: Node): unknown {
  if (node.kind === "finding") return node.finding.range ?? node.run.range;
  if (node.kind === "change") return node.change.range ?? node.run.range;
  return node.run.range;
}

function iconOf(node: Node): ThemeIcon {
  switch (node.kind) {
    case "run":
      return new ThemeIcon(
        { running: "loading~spin", waiting: "bell-dot", landed: "check", ended: "circle-outline" }[
          node.run.state
        ],
      );
    case "pass":
      return new ThemeIcon("history");
    case "finding":
      if (node.finding.fixedIn !== null) return new ThemeIcon("pass");
      return new ThemeIcon(node.finding.severity === "hint" ? "info" : node.finding.severity);
    case "changes":
      return new ThemeIcon("diff");
    case "change":
      return new ThemeIcon("edit");
  }
}

function contextOf(node: Node): string {
  if (node.kind === "run") return `run.${node.run.state}`;
  return node.kind === "change" ? `change.${node.change.state}` : node.kind;
}

function idOf(node: Node): string {
  const { run } = node;
  switch (node.kind) {
    case "run":
    case "changes":
      return `${run.runId}/${node.kind}`;
    case "pass":
      return `${run.runId}/pass/${node.pass.number}`;
    case "change":
      return `${run.runId}/change/${node.change.number}`;
    case "finding": {
      const pass = run.passes.findIndex((each) => each.findings.includes(node.finding));
      const index = run.passes[pass]?.findings.indexOf(node.finding) ?? 0;
      return `${run.runId}/finding/${pass}/${index}`;
    }
  }
}

/** Plain text alone: the words come from a model. */
function tooltipOf(node: Node): MarkdownString | string {
  switch (node.kind) {
    case "run":
      return [node.run.title, node.run.model, node.run.whyWaiting].filter(Boolean).join("\n");
    case "finding":
      return `${node.finding.problem}\n“${node.finding.quote}”`;
    case "change":
      return [`“${node.change.before}”`, `→ “${node.change.after}”`, ...node.change.answers].join(
        "\n",
      );
    case "pass":
    case "changes":
      return "";
  }
}
