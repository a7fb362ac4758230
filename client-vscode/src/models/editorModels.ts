/** Which of the editor's models is lent: the one that the user has chosen. */

import {
  lm,
  window,
  type LanguageModelChat,
  type LogOutputChannel,
  type Memento,
  type QuickPickItem,
} from "vscode";

import { reason } from "../messages";

/** Where the choice is kept; it is one for all workspaces. */
const CHOSEN = "selfRefine.editorModel";

type Item = QuickPickItem & { model: LanguageModelChat };

export class Models {
  /** What was lent last: a run keeps its model. */
  private last: LanguageModelChat | undefined;
  private asking: Promise<LanguageModelChat | undefined> | undefined;

  constructor(
    private readonly memory: Memento,
    private readonly log: LogOutputChannel,
  ) {}

  /**
   * The model to lend; undefined where there is none, or the user picked none.
   * `ask`: whether the user may be asked, where there are several and none was chosen yet.
   */
  async lent(ask: boolean): Promise<LanguageModelChat | undefined> {
    const models = await this.all();
    const known = this.chosenOf(models) ?? models.find(({ id }) => id === this.last?.id);
    const undecided = known === undefined && models.length > 1;
    if (undecided && !ask) return models[0];
    this.last = undecided ? await this.pick(models) : (known ?? models[0]);
    return this.last;
  }

  /** Let the user choose, whatever was chosen before. */
  async choose(): Promise<void> {
    const models = await this.all();
    if (models.length === 0) {
      void window.showInformationMessage(
        "VS Code has no model to lend here. Sign in to one that it offers, such as Copilot's, or name an endpoint in selfRefine.baseUrl.",
      );
      return;
    }
    const picked = await this.pick(models);
    if (picked === undefined) return;
    this.last = picked;
    void window.showInformationMessage(
      `Self-Refine borrows ${nameOf(picked)} from now on, where your settings name no model.`,
    );
  }

  private async all(): Promise<LanguageModelChat[]> {
    try {
      return await lm.selectChatModels();
    } catch (error) {
      this.log.warn(`The editor's models cannot be listed: ${reason(error)}`);
      return [];
    }
  }

  private chosenOf(models: readonly LanguageModelChat[]): LanguageModelChat | undefined {
    const chosen = this.memory.get<string>(CHOSEN);
    return models.find((model) => keyOf(model) === chosen);
  }

  /** One question at a time: two runs wait for the same answer. */
  private pick(models: readonly LanguageModelChat[]): Promise<LanguageModelChat | undefined> {
    this.asking ??= this.ask(models).finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(models: readonly LanguageModelChat[]): Promise<LanguageModelChat | undefined> {
    const current = this.chosenOf(models);
    const items = models.map((model): Item => ({
      model,
      label: nameOf(model),
      description: model === current ? `${model.vendor} · chosen` : model.vendor,
      detail: model.id,
    }));
    const picked = await window.showQuickPick(items, {
      title: "Self-Refine: the editor's model",
      placeHolder: "Which of the editor's models is to judge and rewrite?",
      matchOnDescription: true,
      ignoreFocusOut: true,
    });
    if (picked === undefined) return undefined;
    await this.memory.update(CHOSEN, keyOf(picked.model));
    return picked.model;
  }
}

export function nameOf(model: LanguageModelChat): string {
  return model.name || model.family || model.id;
}

function keyOf({ vendor, id }: LanguageModelChat): string {
  return `${vendor}/${id}`;
}
