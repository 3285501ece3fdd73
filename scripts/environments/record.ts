/**
 * What a run of all scenarios came to in one environment: kept as a file each, from which docs/environments.md is made.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { RunReport } from '../../harness/reports/model.ts';

export const environmentNames = ['sim', 'controlplane', 'kind'] as const;

export type EnvironmentName = (typeof environmentNames)[number];

export interface ScenarioOutcome {
  readonly name: string;
  readonly verdict: 'true' | 'false' | 'unknown' | 'not here';
  /** Why not here, or why not true. */
  readonly because?: string;
  /** Where operator, gateway and content ran, where there is a choice: `deployed`, `on the host: ` and why. */
  readonly services?: string;
  /** How long bringing them up took, its turn included. */
  readonly upSeconds?: number;
  /** From the start of its first step on, in the environment's own time; real time where it has no other. */
  readonly seconds: number;
}

export interface EnvironmentRecord {
  readonly environment: EnvironmentName;
  /** ISO 8601. */
  readonly at: string;
  /** Of this project, Node.js and Kubernetes. */
  readonly versions: { readonly orrery: string; readonly node: string; readonly kubernetes: string };
  /** Wall time of the whole run. */
  readonly realSeconds: number;
  readonly scenarios: readonly ScenarioOutcome[];
}

/** The part of a report that is written as JSON. */
export type WrittenReport = Pick<RunReport, 'startedAt' | 'version' | 'realMs'> & {
  readonly scenarios: readonly Pick<
    RunReport['scenarios'][number],
    'name' | 'verdict' | 'realMs' | 'virtualMs' | 'services'
  >[];
};

export function recordOf(
  environment: EnvironmentName,
  report: WrittenReport,
  versions: { readonly node: string; readonly kubernetes: string },
): EnvironmentRecord {
  return {
    environment,
    at: report.startedAt,
    versions: { orrery: report.version, ...versions },
    realSeconds: Math.round(report.realMs / 1000),
    scenarios: report.scenarios.map(({ name, verdict, virtualMs, realMs, services }) => ({
      name,
      ...(services ? { services: services.at, upSeconds: Math.round(services.upMs / 1000) } : {}),
      verdict: verdict.value,
      ...(verdict.value === 'true' ? {} : { because: verdict.because }),
      seconds: Math.round((virtualMs > 0 ? virtualMs : realMs) / 1000),
    })),
  };
}

function file(name: EnvironmentName): URL {
  return new URL(`results/${name}.json`, import.meta.url);
}

export function readRecord(name: EnvironmentName): EnvironmentRecord | undefined {
  return existsSync(file(name)) ? (JSON.parse(readFileSync(file(name), 'utf8')) as EnvironmentRecord) : undefined;
}

export function writeRecord(record: EnvironmentRecord): void {
  writeFileSync(file(record.environment), `${JSON.stringify(record, null, 2)}\n`);
}
