/** The page of environments shows what failed and what could not be played as that, never as passed. */
import { expect, test } from 'vitest';
import { type EnvironmentReport, page } from './page.ts';

const report = (
  environment: string,
  verdict: EnvironmentReport['scenarios'][number]['verdict'],
): EnvironmentReport => ({
  startedAt: '2026-01-02T03:04:05Z',
  version: '1.2.3',
  environment,
  realMs: 61_000,
  scenarios: [{ name: 'tasks-once', verdict, realMs: 1_234, virtualMs: 60_000 }],
});

test('each scenario stands beside each environment, with its verdict and its time', () => {
  const text = page(
    [
      report('sim', { value: 'true', because: 'seen' }),
      report('controlplane', { value: 'false', because: 'seen' }),
      report('kind', { value: 'not here', because: 'it needs virtual time' }),
      report('kubeconfig', { value: 'unknown', because: 'nothing seen' }),
    ],
    { node: '24.0.0', kubernetes: '1.36.3' },
  );
  expect(text).toContain('| tasks-once | true, 1.2 s | **false**, 1.2 s | not here (1) | **unknown**, 1.2 s |');
  expect(text).toContain('| **passed** | 1 of 1 | 0 of 1 | 0 of 0 | 0 of 1 |');
  expect(text).toContain('1. it needs virtual time');
});
