/**
 * All tests: beside their files. What a real control plane judges in real time is tested apart from the rest, one file
 * after another: on a machine that does something else beside it, the real controllers are seconds late, and the
 * comparison says so.
 */
import { defineConfig } from 'vitest/config';

const realTime = [
  'harness/environments/controlplane/controlplane.test.ts',
  'harness/clients/silence.test.ts',
  'harness/fidelity/*/suite.test.ts',
  'scripts/guide/guide.test.ts',
  'scripts/images/built.test.ts',
  'scripts/kind/kind.test.ts',
];

const shared = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  pool: 'forks',
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'tests',
          include: ['**/*.test.ts'],
          exclude: ['node_modules/**', 'dist/**', 'fabric/cli/templates/**', ...realTime],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'real time',
          include: realTime,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
