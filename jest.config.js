/** Both projects run the TypeScript sources as ES modules; `#…` imports resolve through package.json like in Node. */
const shared = {
  rootDir: '.',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2024',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: '<rootDir>/test/jest/environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['quoin-source', 'node', 'node-addons'] },
  setupFiles: ['<rootDir>/test/jest/setup.js'],
};

export default {
  // Modules of spec files that have ended stay in a worker's heap, and collecting that garbage was a sixth of the processor.
  workerIdleMemoryLimit: '900MB',
  // Real servers on a busy machine; a test that hangs still ends. Jest reads this here alone, not per project.
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/jest/sequencer.mjs',
  projects: [
    {
      ...shared,
      displayName: 'pure',
      testMatch: ['<rootDir>/{libs,src,tools,apps}/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.db\\.spec\\.ts$'],
    },
    {
      ...shared,
      displayName: 'db',
      testMatch: ['<rootDir>/{libs,src,tools,apps}/**/*.db.spec.ts', '<rootDir>/test/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/jest/global-setup.js',
    },
  ],
};
