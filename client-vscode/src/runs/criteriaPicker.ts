/** Asks which criteria judge a text. */

import { window, type QuickPickItem } from "vscode";

import type { OfferView } from "../protocol";
import { choices, taken, whyOpened, type Choice } from "./picking";

type Item = QuickPickItem & Choice;

/** The ids of what was chosen; undefined where the user closed the list. `asked`: see `whyOpened`. */
export async function pickCriteria(
  offers: readonly OfferView[],
  title: string,
  asked: boolean,
): Promise<string[] | undefined> {
  const items: Item[] = choices(offers);
  const initial = items.filter(({ picked }) => picked);
  const list = window.createQuickPick<Item>();
  list.title = `${title}: ${whyOpened(offers, asked)}`;
  list.placeholder = "Space ticks a file, Enter starts with what is ticked and the row in focus.";
  list.canSelectMany = true;
  list.matchOnDescription = true;
  list.items = items;
  list.selectedItems = initial;
  const chosen = await new Promise<readonly Item[] | undefined>((resolve) => {
    list.onDidAccept(() => {
      resolve(taken(list.selectedItems, list.activeItems[0], initial));
    });
    list.onDidHide(() => {
      resolve(undefined);
    });
    list.show();
  });
  list.dispose();
  return chosen?.length ? chosen.flatMap(({ ids }) => ids) : undefined;
}
