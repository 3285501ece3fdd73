/** The report as JSON: everything but the recordings, which are large; they stand in the HTML report. */
import type { RunReport } from './model.ts';

export function jsonReport(report: RunReport): string {
  const scenarios = report.scenarios.map(({ recording, ...result }) => ({
    ...result,
    seen: {
      jobs: recording.jobs.length,
      pods: recording.pods.length,
      events: recording.events.length,
      reports: recording.reports.length,
      records: recording.records.length,
      faults: recording.faults,
    },
  }));
  return `${JSON.stringify({ ...report, scenarios }, null, 2)}\n`;
}
