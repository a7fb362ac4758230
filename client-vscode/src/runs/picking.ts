/** Owns the order and words of the criteria that can be picked. Pure. */

import type { OfferView } from "../protocol";

export interface Choice {
  label: string;
  description: string;
  detail: string;
  picked: boolean;
  ids: string[];
}

/** What applies first and picked; then the team's own, then the packs. */
export function choices(offers: readonly OfferView[]): Choice[] {
  const rank = (offer: OfferView): number => (offer.applies ? 0 : 2) + (offer.shipped ? 1 : 0);
  const ordered = [...offers].sort((one, other) => rank(one) - rank(other));
  return ordered.map((offer) => ({
    label: offer.title,
    description: about(offer),
    detail: offer.description,
    picked: offer.applies && !offer.shipped,
    ids: offer.ids,
  }));
}

function about(offer: OfferView): string {
  const origin = offer.shipped ? "comes with Self-Refine" : "this workspace";
  return offer.applies ? `${origin} · for this text` : origin;
}
