/** What .github/ tells GitHub: it is read by nobody else before it runs there. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { PROJECT } from "../support/raw";

const at = (...path: string[]) => join(PROJECT, ...path);
const yamlIn = (...path: string[]): unknown => parse(readFileSync(at(...path), "utf8"));
const { scripts, version, engines } = JSON.parse(readFileSync(at("package.json"), "utf8")) as {
  scripts: Record<string, string>;
  version: string;
  engines: { node: string };
};

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
type Value = string | number;
type Values = Readonly<Record<string, Value>>;
interface Job {
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly (Value | Values)[]>> };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const WORKFLOWS = readdirSync(at(".github", "workflows")).map(
  (file) => [file, yamlIn(".github", "workflows", file) as Workflow] as const,
);
const JOBS = WORKFLOWS.flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]) => [`${file}, ${name}`, job] as const),
);

/** Every combination of a matrix: a row of `include` each, or the product of its lists. */
function combinations({ strategy }: Job): Values[] {
  const { include, ...lists } = strategy?.matrix ?? {};
  if (include !== undefined) return include as Values[];
  return Object.entries(lists).reduce<Values[]>(
    (all, [key, values]) => all.flatMap((one) => (values as Value[]).map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
}

/** The lines that a job runs, in all its combinations. */
function linesOf(job: Job): string[] {
  const fill = (line: string, values: Values) =>
    line.replaceAll(/\$\{\{ matrix\.(\w+) \}\}/g, (_, key: string) => String(values[key] ?? `?${key}?`));
  return job.steps.flatMap(({ run = "" }) =>
    run
      .split("\n")
      .filter((line) => line.trim() !== "")
      .flatMap((line) => combinations(job).map((values) => fill(line, values))),
  );
}

test("there are workflows, each with permission to read and no more", () => {
  expect(WORKFLOWS.map(([file]) => file).sort()).toEqual(["advisories.yml", "ci.yml", "proofs.yml"]);
  for (const [file, { permissions }] of WORKFLOWS) expect([file, permissions]).toEqual([file, { contents: "read" }]);
});

test.each(JOBS)("%s: ends some day, and uses actions of exact versions", (_name, job) => {
  expect(job["timeout-minutes"]).toBeLessThan(360);
  const used = job.steps.flatMap(({ uses }) => uses ?? []);
  expect(used.filter((name) => !/^actions\/[a-z-]+@v\d+\.\d+\.\d+$/.test(name))).toEqual([]);
  expect(used[0]).toMatch(/^actions\/checkout@/);
});

test.each(JOBS)("%s: runs scripts that exist, with words that they know", (_name, job) => {
  const lines = linesOf(job).filter((line) => /\bnpm\b/.test(line));
  expect(lines).not.toEqual([]);
  for (const line of lines) {
    const [, command = "", rest = ""] = /\bnpm (ci|test|run \S+)(?: -- ?(.*))?$/.exec(line) ?? [];
    expect([line, command]).toEqual([line, expect.stringMatching(/./)]);
    if (command.startsWith("run ")) expect(Object.keys(scripts)).toContain(command.slice("run ".length));
    if (command === "test") expect(rest).toMatch(/^(?:(?:format|lint|types|unit|e2e)\b ?)+(?:--shard [1-9]\/[1-9])?$/);
  }
});

test("every part of the tests is run, and every shard once", () => {
  const lines = WORKFLOWS.filter(([file]) => file === "ci.yml")
    .flatMap(([, { jobs }]) => Object.values(jobs))
    .flatMap(linesOf);
  const words = lines.flatMap((line) => /npm test -- (.*)$/.exec(line)?.[1] ?? []);
  const layers = words.flatMap((line) => line.replace(/ ?--shard .*/, "").split(" "));
  expect(new Set(layers)).toEqual(new Set(["format", "lint", "types", "unit", "e2e"]));
  const shards = words.flatMap((line) => /--shard (\d)\/(\d)/.exec(line)?.slice(1).map(Number) ?? []);
  const count = shards[1] ?? 0;
  expect(shards).toEqual(Array.from({ length: count }, (_, i) => [i + 1, count]).flat());
});

test("every proof is run each week", () => {
  const lines = JOBS.filter(([name]) => name.startsWith("proofs.yml")).flatMap(([, job]) => linesOf(job));
  for (const proof of Object.keys(scripts).filter((name) => name.startsWith("proof:")))
    expect(lines.filter((line) => line.includes(`npm run ${proof} -- `))).not.toEqual([]);
});

test("what is kept as an artefact is in a folder that exists", () => {
  const kept = JOBS.flatMap(([, job]) => job.steps).flatMap(({ uses = "", with: values }) =>
    uses.startsWith("actions/upload-artifact@") ? String(values?.["path"]).trim().split("\n") : [],
  );
  expect(kept).not.toEqual([]);
  for (const path of kept) {
    const [folder, ending] = [dirname(path), path.slice(path.lastIndexOf("."))];
    expect([path, existsSync(at(folder))]).toEqual([path, true]);
    expect(readdirSync(at(folder)).filter((file) => file.endsWith(ending))).not.toEqual([]);
  }
});

test("Dependabot looks at every manifest but the one that it cannot read", () => {
  const { updates } = yamlIn(".github", "dependabot.yml") as {
    updates: { "package-ecosystem": string; directory?: string; directories?: string[] }[];
  };
  const folders = (ecosystem: string) =>
    updates
      .filter((update) => update["package-ecosystem"] === ecosystem)
      .flatMap(({ directory, directories = [] }) => [...(directory === undefined ? [] : [directory]), ...directories])
      .map((folder) => folder.slice(1) || ".");
  const tracked = execFileSync("find", [".", "-name", "node_modules", "-prune", "-o", "-type", "f", "-print"], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  const manifests = (name: string) =>
    tracked
      .split("\n")
      .filter((file) => file.endsWith(`/${name}`) && !/\/dist\/|\/\.|^\.\/tests\//.test(file))
      .map((file) => dirname(file).replace(/^\.\//, ""));
  // operate/ is a workspace of the root and has no dependency of its own.
  const known = manifests("package.json").filter((folder) => !["operate", "examples/embedded"].includes(folder));
  expect(folders("npm").sort()).toEqual(known.sort());
  expect(folders("maven").sort()).toEqual(manifests("pom.xml").sort());
});

test("issue forms have what GitHub wants of them", () => {
  const forms = readdirSync(at(".github", "ISSUE_TEMPLATE")).filter((file) => file !== "config.yml");
  expect(forms.sort()).toEqual(["bug.yml", "feature.yml"]);
  for (const file of forms) {
    const form = yamlIn(".github", "ISSUE_TEMPLATE", file) as {
      name: string;
      description: string;
      body: { type: string; id?: string; attributes: Record<string, unknown> }[];
    };
    expect(form).toMatchObject({ name: expect.any(String) as string, description: expect.any(String) as string });
    const fields = form.body.filter(({ type }) => type !== "markdown");
    for (const { type, attributes } of fields) {
      expect(["textarea", "input", "dropdown", "checkboxes"]).toContain(type);
      expect(attributes["label"]).toEqual(expect.any(String));
      if (type === "dropdown" || type === "checkboxes") expect(attributes["options"]).not.toHaveLength(0);
    }
    const ids = fields.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).not.toContain(undefined);
  }
});

test("the version that .nvmrc names is the oldest that package.json allows", () => {
  expect(`>=${readFileSync(at(".nvmrc"), "utf8").trim()}`).toBe(engines.node);
});

test("the changelog's newest release is the version of package.json", () => {
  const releases = [...readFileSync(at("CHANGELOG.md"), "utf8").matchAll(/^## (\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)$/gm)];
  expect(releases[0]?.[1]).toBe(version);
});

test.each(["CONTRIBUTING.md", "SECURITY.md", "AGENTS.md"])("%s names scripts of package.json", (file) => {
  const named = [...readFileSync(at(file), "utf8").matchAll(/\bnpm run ([a-z:]+)/g)].map(([, script = ""]) => script);
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});
