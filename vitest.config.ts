import { defineConfig } from 'vitest/config';

/** Tests that leave nothing behind in their process: they share one, and load the sources once. */
const shared = [
  'test/{bench,cli,dataverse,delivery,infra,intake,matching,package,provision,rdv-solidarites,sync,watch}/**/*.test.ts',
  'local/{dataverse,page}/**/*.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Most tests wait for processes and timers of their own: two at a time keep two cores busy.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      { extends: true, test: { name: 'apart', include: ['{test,local}/**/*.test.ts'], exclude: shared } },
    ],
  },
});
