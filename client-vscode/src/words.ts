/** Small words of texts for users. Pure. */

/** "1 change", "2 changes". */
export function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}

/** A text cut to so many code points, the last of them "…". */
export function cut(text: string, most: number): string {
  const points = Array.from(text);
  return points.length > most ? `${points.slice(0, most - 1).join("")}…` : text;
}

/** One line of a text, cut. */
export function clip(text: string, most: number): string {
  return cut(text.replace(/\s+/gu, " ").trim(), most);
}

/** "4.1k". */
export function short(tokens: number): string {
  return tokens >= 1000 ? `${(tokens / 1000).toFixed(1)}k` : `${tokens}`;
}
