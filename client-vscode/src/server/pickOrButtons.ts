/** Whether a question of the server is a list to pick from, or a message with buttons. */

/** More buttons do not fit on a message. */
const MOST_BUTTONS = 3;

/** The last answer of a question that lists documents. */
const NONE = "None of these";

/** Whether these answers are shown as a list. */
export function isList(titles: readonly string[]): boolean {
  return titles.length > MOST_BUTTONS || titles.at(-1) === NONE;
}
