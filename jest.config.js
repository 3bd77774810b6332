/** Unit, golden, property and Pulumi mock tests run as `unit`; tests on real processes as `e2e`. See tests/run.sh. */
const common = {
  transform: { "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }] },
  testPathIgnorePatterns: ["/node_modules/"],
  moduleNameMapper: {
    // What examples/ import is what they would install.
    "^activemq-cluster$": "<rootDir>/components/index.ts",
    // What Pulumi loads with itself and does not use.
    "^\\.\\./\\.\\./typescript-shim$": "<rootDir>/tests/support/late/typescript.js",
    "^@npmcli/arborist$": "<rootDir>/tests/support/late/arborist.js",
  },
  modulePathIgnorePatterns: ["<rootDir>/package/"],
  setupFilesAfterEnv: ["<rootDir>/tests/support/timeouts.ts"],
  globalSetup: "<rootDir>/tests/support/run.ts",
  globalTeardown: "<rootDir>/tests/support/tearDown.ts",
};

module.exports = {
  // Of the tests of one file that run side by side: they wait, mostly.
  maxConcurrency: 8,
  testSequencer: "<rootDir>/tests/support/sequencer.js",
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/tests/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "/tests/e2e/"],
    },
    {
      ...common,
      displayName: "e2e",
      testMatch: ["<rootDir>/tests/e2e/**/*.test.ts"],
      globalSetup: "<rootDir>/tests/e2e/prepare.ts",
    },
  ],
};
