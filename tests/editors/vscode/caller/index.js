// Another extension: it calls the server's command by itself.

const vscode = require("vscode");

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand("caller.refine", () => {
      const { document, selection } = vscode.window.activeTextEditor;
      const { start, end } = selection;
      const range = { start: place(start), end: place(end) };
      const uri = document.uri.toString();
      return vscode.commands.executeCommand("selfRefine.refine", { uri, range });
    }),
  );
};

const place = ({ line, character }) => ({ line, character });
