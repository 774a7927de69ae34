import { readdirSync } from 'node:fs';

/** Ours alone: packages have imports with a number sign of their own. */
const OURS = readdirSync(new URL('libs', import.meta.url)).join('|');

const TORTURE = process.env['TEST_TORTURE'] !== undefined;

/** Three tiers: *.spec.ts (no I/O), *.int-spec.ts (one real engine), test/*.e2e-spec.ts (the whole system). */
const shared = {
  rootDir: import.meta.dirname,
  // The folder for temporary files is a new one in each run (scripts/memory-folder.mjs).
  cacheDirectory: `${import.meta.dirname}/node_modules/.cache/hutong/jest`,
  testEnvironment: '<rootDir>/test/support/main-context.mjs',
  runtime: '<rootDir>/test/support/shared-packages.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: true,
      },
    ],
  },
  // Properties try the same inputs in every run, so that a red build can be repeated.
  setupFiles: ['<rootDir>/test/support/fixed-seed.mjs'],
  moduleNameMapper: {
    [`^#(${OURS})$`]: '<rootDir>/libs/$1/src/index.ts',
    [`^#(${OURS})/(.+)$`]: '<rootDir>/libs/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
};

const withEngines = { setupFilesAfterEnv: ['<rootDir>/test/support/hook-timeouts.mjs'] };

export default {
  coverageProvider: 'v8',
  // Against hanging alone: no test is about time. A machine that is busy with other things may need more.
  testTimeout: TORTURE ? 3_600_000 : Number(process.env['TEST_TIMEOUT_SECONDS'] ?? 60) * 1000,
  // On two cores: files that wait for servers run beside files that compute (test/support/schedule.mjs). A fourth saves a tenth of
  // the time on a fast machine; on a slow one browsers then wait for a minute. Each file needs up to 2 GB with what it starts.
  maxWorkers: 3,
  // A worker keeps our module graphs of its files; a new worker starts with an empty heap.
  workerIdleMemoryLimit: '1200MB',
  testSequencer: '<rootDir>/test/support/side-by-side.mjs',
  reporters: [
    'default',
    '<rootDir>/test/support/skip-reporter.mjs',
    '<rootDir>/test/support/slowest-reporter.mjs',
  ],
  projects: [
    { ...shared, displayName: 'unit', testRegex: '(apps|libs|test/demo)/.*\\.spec\\.ts$' },
    { ...shared, ...withEngines, displayName: 'integration', testRegex: '(apps|libs)/.*\\.int-spec\\.ts$' },
    {
      ...shared,
      ...withEngines,
      displayName: 'e2e',
      testRegex: 'test/.*\\.e2e-spec\\.ts$',
      testPathIgnorePatterns: ['/node_modules/', ...(TORTURE ? [] : ['\\.torture\\.'])],
    },
  ],
};
