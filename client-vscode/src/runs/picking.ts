/** The order and words of the criteria that can be picked, and what Enter takes. Pure. */

import type { OfferView } from "../protocol";
import { count } from "../words";

export interface Choice {
  label: string;
  description: string;
  detail: string;
  picked: boolean;
  ids: string[];
}

/** What is for this text first, and ticked; then the team's own, then the packs. */
export function choices(offers: readonly OfferView[]): Choice[] {
  const rank = (offer: OfferView): number => (offer.applies ? 0 : 2) + (offer.shipped ? 1 : 0);
  const ordered = [...offers].sort((one, other) => rank(one) - rank(other));
  return ordered.map((offer) => ({
    label: offer.title,
    description: about(offer),
    detail: [offer.description, offer.whyNot].filter(Boolean).join(" "),
    picked: offer.applies && !offer.shipped,
    ids: offer.ids,
  }));
}

function about(offer: OfferView): string {
  const origin = offer.shipped ? "comes with Self-Refine" : "this workspace";
  return offer.applies ? `${origin} · for this text` : origin;
}

/** Why the list opened and what it left out, in one line; `asked`: the user wanted to choose. */
export function whyOpened(offers: readonly OfferView[], asked: boolean): string {
  const team = offers.filter(({ shipped }) => !shipped);
  const fitting = team.filter(({ applies }) => applies).length;
  const left = count(team.length - fitting, "other");
  if (asked) {
    return fitting > 0
      ? `What is for this text is ticked; ${left} of this workspace ${team.length - fitting === 1 ? "is" : "are"} not.`
      : "No criteria file of this workspace is for this text, so nothing is ticked.";
  }
  return team.length === 0
    ? "This workspace has no criteria files, so choose from those that come with Self-Refine."
    : `None of the ${count(team.length, "criteria file")} of this workspace is for this text, so choose.`;
}

/**
 * What Enter takes: what is ticked, with the row in focus where the user has ticked nothing by hand.
 * `initial` are the rows that were ticked when the list opened.
 */
export function taken<T>(ticked: readonly T[], focused: T | undefined, initial: readonly T[]): T[] {
  const untouched =
    ticked.length === initial.length && ticked.every((choice) => initial.includes(choice));
  const wanted = (untouched || ticked.length === 0) && focused !== undefined;
  return wanted && !ticked.includes(focused) ? [...ticked, focused] : [...ticked];
}
