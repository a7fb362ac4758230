/** What the bridge to the editor's model says and hears, without VS Code. Pure. */

import type { LmDenial, LmResult } from "../protocol";

/** The tool that a model must call where a reply has a schema. */
export const TOOL = "give_reply";

/** One at a time: each waits until those before it are done. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work, work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}

export function denied(code: LmDenial, message = ""): LmResult {
  return { finish: "denied", model: "", code, message };
}

export function finished(model: string): LmResult {
  return { finish: "stop", model, code: null, message: "" };
}

/** What VS Code's `LanguageModelError` holds, as far as it is looked at. */
export interface Thrown {
  name?: string;
  code?: string;
  message?: string;
  cause?: unknown;
}

/** What an error of a model's request means to the server. */
export function denialOf(thrown: Thrown, hadSchema: boolean, cancelled: boolean): LmResult {
  const message = thrown.message ?? "";
  if (cancelled || thrown.name === "Canceled" || thrown.name === "CancellationError") {
    return denied("Cancelled", message);
  }
  const { code } = thrown;
  if (code === "NoPermissions" || code === "Blocked" || code === "NotFound") {
    return denied(code, message);
  }
  const words = `${message} ${causeOf(thrown)}`;
  if (/content.?filter|off.?topic|responsible ai/iu.test(words)) {
    return { finish: "filtered", model: "", code: null, message };
  }
  if (/quota|rate.?limit|exhausted/iu.test(words)) return denied("Blocked", message);
  if (hadSchema && /tool|schema|function/iu.test(words)) return denied("NoSchema", message);
  return denied("Failed", message);
}

function causeOf(thrown: Thrown): string {
  return thrown.cause instanceof Error ? thrown.cause.message : "";
}
