/** "Test connection": which model would answer, and whether it does. */

import { ProgressLocation, window, type LogOutputChannel } from "vscode";

import { reason, tellFailure } from "../messages";
import type { Pages } from "../review/pages";
import { DOCTORS_RUN, doctor, type DoctorReport } from "../protocol";
import type { Runs } from "../runs/runs";
import type { Server } from "./server";

export async function testConnection(
  server: Server,
  runs: Runs,
  pages: Pages,
  log: LogOutputChannel,
): Promise<void> {
  const client = server.client();
  if (client === undefined) {
    server.tellStopped();
    return;
  }
  // The user asks, so the editor's own model may be asked.
  runs.began(DOCTORS_RUN);
  try {
    const report = await window.withProgress(
      { location: ProgressLocation.Notification, title: "Self-Refine: testing the connection" },
      () => client.sendRequest(doctor, null),
    );
    await tell(report, pages);
  } catch (error) {
    tellFailure(log, `The connection could not be tested: ${reason(error)}.`);
  } finally {
    runs.over(DOCTORS_RUN);
  }
}

async function tell(report: DoctorReport, pages: Pages): Promise<void> {
  const [first = "", ...others] = report.lines;
  const show = report.ok ? window.showInformationMessage : window.showWarningMessage;
  const picked = await show(`Self-Refine: ${first}`, ...(others.length > 0 ? ["Details"] : []));
  if (picked === "Details") await pages.show("Connection", `${report.lines.join("\n\n")}\n`);
}
