/** How often a crashed server is started again. Pure. */

export const MOST = 4;
export const WITHIN_MS = 3 * 60 * 1000;

/** Remembers crashes; `crashed` says whether to start the server again. */
export class Restarts {
  private times: number[] = [];

  /** Record a crash at `now` (milliseconds); true where the server is to be started again. */
  crashed(now: number): boolean {
    this.times = this.times.filter((time) => now - time < WITHIN_MS);
    this.times.push(now);
    return this.times.length <= MOST;
  }

  /** The user started it: earlier crashes count no more. */
  forget(): void {
    this.times = [];
  }
}
