/** What a machine must have before a stack can come up on it. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type RuntimeName, runtimeDirectory } from "../runtime/runtimes";

const JDK =
  "install a JDK 17 (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless; Fedora: dnf install java-17-openjdk-devel; macOS: brew install openjdk@17), or set JAVA_HOME";
const MAVEN =
  "install Maven (Debian, Ubuntu: apt-get install maven; Fedora: dnf install maven; macOS: brew install maven)";

/**
 * What is missing or too old, a sentence each with what to install; empty when nothing is.
 * Maven and the compiler are only asked for while a runtime is not resolved yet.
 */
export function missingPrerequisites(runtimes: readonly RuntimeName[]): string[] {
  const bin = (tool: string) => {
    const home = process.env["JAVA_HOME"];
    return home === undefined || home === "" ? tool : join(home, "bin", tool);
  };
  const unresolved = runtimes.some((name) => !existsSync(join(runtimeDirectory(name), ".complete")));
  const node = Number(process.versions.node.split(".")[0]);
  return [
    ...(node >= 20 ? [] : [`Node ${process.versions.node} is too old: install Node 20 or newer`]),
    ...atLeast("Java", bin("java"), ["-version"], /version "(\d+)/, 17, JDK),
    ...(unresolved ? atLeast("the Java compiler", bin("javac"), ["-version"], /javac (\d+)/, 17, JDK) : []),
    ...(unresolved ? atLeast("Maven", "mvn", ["-v"], /Maven (\d+)/, 3, MAVEN) : []),
    ...(commandExists("flock") && commandExists("setsid")
      ? []
      : ["flock and setsid are missing: install util-linux (the local target runs on Linux)"]),
  ];
}

function atLeast(what: string, command: string, args: string[], version: RegExp, least: number, fix: string): string[] {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) return [`${what} is missing: ${fix}`];
  const found = version.exec(`${stdout}${stderr}`)?.[1];
  if (found === undefined) return [];
  return Number(found) >= least ? [] : [`${what} ${found} is too old, ${least} is needed: ${fix}`];
}

function commandExists(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}
