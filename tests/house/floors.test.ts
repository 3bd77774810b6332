/** The floors of the house (eslint.config.mjs): an import that goes up is refused, wherever it is. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { PROJECT } from "../support/raw";

const UP = "import-x/no-restricted-paths";
const LIBRARY = "no-restricted-imports";

const CASES: readonly (readonly [file: string, text: string, rules: readonly string[]])[] = [
  ["core/util/ipv4.ts", 'import "../products/releases";', [UP]],
  ["core/products/releases.ts", 'import "../../config/faults";', [UP]],
  ["core/plan/bridges.ts", 'import type { ClusterConfig } from "../load/parseConfig";', [UP]],
  ["core/render/render.ts", 'import "../../components/plannedCluster";', [UP]],
  ["components/host.ts", 'import "../operate/project";', [UP]],
  ["operate/project.ts", 'import "../testbed/harness/projectCopy";', [UP]],
  ["testbed/harness/projectCopy.ts", 'import "../../tests/support/raw";', [UP]],
  ["operate/program.ts", 'import "../testbed/lab/verbs/labVerbs";', []],
  ["testbed/harness/projectCopy.ts", 'import "../../core/plan/model";', []],
  ["core/plan/bridges.ts", 'import "@pulumi/pulumi";', [LIBRARY]],
  ["core/plan/bridges.ts", 'import "node:child_process";', [LIBRARY]],
  ["core/load/fromPulumi.ts", 'import "@pulumi/pulumi";', []],
  ["core/load/fromPulumi.ts", 'import "node:child_process";', [LIBRARY]],
  ["core/host/openSsh.ts", 'import "@pulumi/pulumi";', [LIBRARY]],
  ["core/util/process.ts", 'import "node:child_process";', []],
  ["components/host.ts", 'import "node:child_process";', [LIBRARY]],
  ["components/host.ts", 'import "@pulumi/pulumi";', []],
  ["operate/up/up.ts", 'import "node:child_process";', [LIBRARY]],
  ["operate/drill/client.ts", 'import "node:child_process";', []],
  ["testbed/lab/hosts/power.ts", 'import "node:child_process";', [LIBRARY]],
  // plan.ts imports bridges.ts.
  ["core/plan/bridges.ts", 'import { plan } from "./plan"; console.log(plan);', ["import-x/no-cycle"]],
];

let broken: string[][];
beforeAll(() => {
  const input = JSON.stringify(CASES.map(([file, text]) => [file, text]));
  const output = execFileSync(process.execPath, [join(__dirname, "lintTexts.mjs")], { cwd: PROJECT, input });
  broken = JSON.parse(output.toString()) as string[][];
}, 600_000);

it.each(CASES.map(([file, text, rules], i) => ({ file, text, rules, i })))("$file: $text", ({ rules, i }) => {
  expect(broken[i]).toEqual(rules);
});
