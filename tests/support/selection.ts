/** Which part of the tests a command line asks for: the words after `npm test --`, and the files that they mean. */

/** What `npm test` does, in order. The first three are one check each; the others run test files. */
export const CHECKS = ["format", "lint", "types"] as const;
export const SUITES = ["unit", "e2e"] as const;
export type Check = (typeof CHECKS)[number];
export type Suite = (typeof SUITES)[number];

export const USAGE = `npm test -- [layer ...] [--only <name> ...] [--shard <n>/<of>]
  layer          any of ${[...CHECKS, ...SUITES].join(", ")}; all of them by default
  --only <name>  only test files with this in their path below tests/: ssh, hosts/, e2e/ssh.test.ts
  --shard 1/3    the first of three parts of the test files, each about as long as the others
  --record       writes what each file took to tests/support/durations.json`;

/** What the words ask for. */
export interface Request {
  /** Empty: none was named. */
  readonly layers: readonly (Check | Suite)[];
  readonly only: readonly string[];
  readonly shard: { readonly index: number; readonly of: number } | undefined;
  readonly record: boolean;
}

/** What is run, and what of the whole is not. */
export interface Selection {
  readonly checks: readonly Check[];
  /** Test files by suite, as paths below tests/. */
  readonly files: Readonly<Record<Suite, readonly string[]>>;
  /** A phrase for each part that is left out. */
  readonly leftOut: readonly string[];
}

/**
 * Reads the words.
 * @throws Error for a word that means nothing, with what is allowed
 */
export function parse(words: readonly string[]): Request {
  const layers: (Check | Suite)[] = [];
  const only: string[] = [];
  let shard: Request["shard"];
  let record = false;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, option = word, inline] = /^(--[a-z]+)=(.*)$/.exec(word) ?? [];
    const value = () => inline ?? rest.shift() ?? "";
    if (option === "--only") only.push(nameIn(value()));
    else if (option === "--shard") shard = shardIn(value());
    else if (word === "--record") record = true;
    else if (isLayer(word)) layers.push(word);
    else throw new Error(`npm test does not know "${word}". Allowed:\n${USAGE}`);
  }
  return { layers, only, shard, record };
}

function isLayer(word: string): word is Check | Suite {
  return ([...CHECKS, ...SUITES] as string[]).includes(word);
}

function nameIn(value: string): string {
  if (value !== "" && !value.startsWith("--")) return value;
  throw new Error(`--only needs the name of a test file or folder, or a part of it. Allowed:\n${USAGE}`);
}

function shardIn(value: string): Request["shard"] {
  const [, index = "", of = ""] = /^(\d+)\/(\d+)$/.exec(value) ?? [];
  if (Number(index) >= 1 && Number(index) <= Number(of)) return { index: Number(index), of: Number(of) };
  throw new Error(`--shard "${value}" is no part of a whole. Allowed: 1/3, 2/3, 3/3 and the like`);
}

/**
 * What is to be run of all test files.
 * @param files   every test file, as a path below tests/
 * @param seconds what a file is known to take
 * @throws Error when a name of `--only` is in no path, with what there is
 */
export function select(request: Request, files: readonly string[], seconds: (file: string) => number): Selection {
  const { layers, only, shard } = request;
  for (const name of only) {
    if (!files.some((file) => matches(file, name))) throw new Error(notFound(name, files));
  }
  const asked = (layer: Check | Suite) => layers.length === 0 || layers.includes(layer);
  // Who names files wants nothing else, and one part of several is enough for the checks.
  const withChecks = (only.length === 0 && (shard?.index ?? 1) === 1) || layers.length > 0;
  const checks = CHECKS.filter((check) => asked(check) && withChecks);
  const ofSuite = (suite: Suite) => {
    if (!asked(suite)) return [];
    const named = files.filter(
      (file) => suiteOf(file) === suite && (only.length === 0 || only.some((name) => matches(file, name))),
    );
    return shard === undefined ? named : (parts(named, shard.of, seconds)[shard.index - 1] ?? []);
  };
  const selected = { unit: ofSuite("unit"), e2e: ofSuite("e2e") };
  return { checks, files: selected, leftOut: leftOut(checks, selected, files) };
}

/** @param file a path below tests/ */
export function suiteOf(file: string): Suite {
  return file.startsWith("e2e/") ? "e2e" : "unit";
}

function matches(file: string, name: string): boolean {
  return file.toLowerCase().includes(name.toLowerCase());
}

/** Parts that take about as long as each other: the longest file first, each to the part that has least. */
function parts(files: readonly string[], count: number, seconds: (file: string) => number): string[][] {
  const all = Array.from({ length: count }, () => ({ files: [] as string[], seconds: 0 }));
  for (const file of longestFirst(files, seconds)) {
    const [least] = [...all].sort((a, b) => a.seconds - b.seconds);
    least?.files.push(file);
    if (least) least.seconds += seconds(file);
  }
  return all.map((part) => part.files);
}

/** The longest first, so that none of them is begun last and run alone; equals by name. */
export function longestFirst(files: readonly string[], seconds: (file: string) => number): string[] {
  return [...files].sort((a, b) => seconds(b) - seconds(a) || (a < b ? -1 : 1));
}

function leftOut(checks: readonly Check[], selected: Selection["files"], files: readonly string[]): string[] {
  const suites = SUITES.flatMap((suite) => {
    const all = files.filter((file) => suiteOf(file) === suite).length;
    const missing = all - selected[suite].length;
    return missing === 0 ? [] : [`${missing} of ${all} ${suite} test files`];
  });
  return [...CHECKS.filter((check) => !checks.includes(check)), ...suites];
}

function notFound(name: string, files: readonly string[]): string {
  const folders = new Map<string, string[]>();
  for (const file of [...files].sort()) {
    const at = file.lastIndexOf("/");
    const folder = file.slice(0, at + 1);
    folders.set(folder, [...(folders.get(folder) ?? []), file.slice(at + 1).replace(/\.test\.ts$/, "")]);
  }
  const lines = [...folders].map(([folder, names]) => `  ${folder}: ${names.join(", ")}`);
  return `--only "${name}": no test file has this in its path. There are:\n${lines.join("\n")}`;
}
