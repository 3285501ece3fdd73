/** The operator's reports as the gateway took them, read from the gateway's own log line for each. */
import type { TraceEvent } from '../../../world/simulated/trace.ts';
import type { Report } from '../../recording/recording.ts';

/** The gateway's log line for each report that it took (fabric/gateway/routes/internal/report.ts). */
export const reportMessage = 'task report';

export function reportOf(event: TraceEvent): Report | undefined {
  if (event.type !== 'log' || event.process !== 'gateway' || event.message !== reportMessage) return undefined;
  const { uid, name, state, accepted, created } = event.facts;
  return {
    at: event.at,
    uid: String(uid),
    name: String(name),
    state: String(state),
    accepted: accepted === true,
    created: created === true,
  };
}
