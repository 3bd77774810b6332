import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/**
 * The floors of the house, the lowest first: a file imports from its own floor and from those below it. ARCHITECTURE.md says what
 * is on each. Where a floor has to reach up, one file does, late, and stands in `REACHES_UP` with its reason.
 */
const FLOORS = [
  "core/util",
  "core/products",
  "config",
  "core/plan",
  "core/load",
  "core/change",
  "core/host",
  "core/render",
  "components",
  "operate",
  "testbed",
];
const REACHES_UP = [
  "operate/program.ts", // the command line has the lab's verbs as well
  "operate/engine/standIn/ec2Switch.ts", // loads the lab that plays EC2 when somebody asks for it
];

/** What may touch Pulumi below `components`. */
const READS_PULUMI = ["core/load/fromPulumi.ts"];
/** What may start a process below `components`. */
const STARTS_PROCESSES = ["core/util/process.ts", "core/host/openSsh.ts"];
/** What may above, because its process is more than a command that is run to its end. */
const HOLDS_PROCESSES = [
  "operate/drill/client.ts", // a client that reports while it sends, and is told when to stop
  "operate/engine/standIn/handlers/runProcess.ts", // as the command provider: lines are progress, an interrupt ends it
  "operate/engine/standIn/standInEngine.ts", // the process that the program runs in
  "testbed/bench/byHand.ts", // services without a supervisor, started again when they end
  "testbed/harness/projectCopy.ts", // a command of amq that may be interrupted
];
const PULUMI = {
  group: ["@pulumi/*"],
  message: "What decides never touches Pulumi: components/ is the lowest floor that does.",
};
const PROCESSES = {
  group: ["node:child_process"],
  message: "Processes are started by core/util/process.ts: see the exceptions in eslint.config.mjs.",
};

export default tseslint.config(
  { ignores: ["node_modules/", ".amq/", "package/dist/", "**/*.js"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    plugins: { "import-x": importX },
    settings: {
      "import-x/extensions": [".ts"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js", ".json"] })],
    },
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["*.mjs"] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Numbers in messages are what this project prints all day.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "import-x/no-cycle": "error",
    },
  },
  {
    ignores: REACHES_UP,
    rules: {
      "import-x/no-restricted-paths": [
        "error",
        {
          basePath: import.meta.dirname,
          zones: FLOORS.map((floor, i) => ({
            target: `./${floor}`,
            from: [...FLOORS.slice(i + 1), "tests", "examples"].map((higher) => `./${higher}`),
            message: `${floor}/ is below it: see the floors in eslint.config.mjs.`,
          })),
        },
      ],
    },
  },
  {
    files: ["core/**/*.ts", "config/**/*.ts"],
    ignores: [...READS_PULUMI, ...STARTS_PROCESSES],
    rules: { "no-restricted-imports": ["error", { patterns: [PULUMI, PROCESSES] }] },
  },
  {
    files: ["components/**/*.ts", "operate/**/*.ts", "testbed/**/*.ts"],
    ignores: HOLDS_PROCESSES,
    rules: { "no-restricted-imports": ["error", { patterns: [PROCESSES] }] },
  },
  { files: READS_PULUMI, rules: { "no-restricted-imports": ["error", { patterns: [PROCESSES] }] } },
  { files: STARTS_PROCESSES, rules: { "no-restricted-imports": ["error", { patterns: [PULUMI] }] } },
  { files: ["**/*.mjs"], extends: [tseslint.configs.disableTypeChecked] },
);
