import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { showSync } from "../util/process";

/** What the runtimes are resolved and compiled from. */
const RUNTIME_SOURCES = path.join(__dirname, "../../runtime");

/** Names of the Java runtimes, each a folder below runtime/. */
export const RUNTIMES = ["classic-5.16", "classic-6.3", "zookeeper-3.9", "postgresql-16", "client"] as const;

/** One of {@link RUNTIMES}. */
export type RuntimeName = (typeof RUNTIMES)[number];

/**
 * First 12 hex digits of a SHA-256 over everything that decides what a runtime is: its POM, the checksums of the jars it
 * resolves to, and our own sources, those that it shares with other releases of its product included. It is known without
 * Maven, so a preview needs none.
 *
 * @param root folder the runtimes are read from; only tests pass another one
 */
export function runtimeHash(name: RuntimeName, root: string = RUNTIME_SOURCES): string {
  const family = name.replace(/-.*/, "");
  const folders = [...new Set([family, name])];
  const files = [
    `${name}/pom.xml`,
    `${name}/jars.sha256`,
    ...folders.flatMap((folder) => sourcesIn(path.join(root, folder, "java")).map((file) => `${folder}/java/${file}`)),
  ];
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    const text = readFileSync(path.join(root, file));
    // Path and length keep two files from hashing like one.
    hash.update(`${file}\0${text.length}\0`).update(text);
  }
  return hash.digest("hex").slice(0, 12);
}

function sourcesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".java"));
}

/** Folder a runtime is resolved to. The hash is part of its name, so a changed runtime never meets an old folder. */
export function runtimeDirectory(name: RuntimeName): string {
  return path.join(cacheDirectory(), `${name}-${runtimeHash(name)}`);
}

/** The jar of a runtime's `lib` that holds our own classes, as runtime/resolve.sh names it. */
export function ownJar(name: RuntimeName): string {
  return `activemq-cluster-${name}.jar`;
}

/** Command (an argv) that resolves a runtime into its {@link runtimeDirectory} and prints that folder. */
export function resolveCommand(name: RuntimeName): string[] {
  return ["bash", path.join(RUNTIME_SOURCES, "resolve.sh"), name, runtimeDirectory(name)];
}

/** Resolves a runtime now, which may take minutes and says so. @returns whether that worked; what it said on stderr was shown */
export function resolveRuntime(name: RuntimeName): boolean {
  const [command = "", ...args] = resolveCommand(name);
  return showSync(command, args) === 0;
}

/** `$AMQ_CACHE`, or the user's cache directory. An empty variable counts as unset, as the XDG specification has it. */
export function cacheDirectory(): string {
  const own = variable("AMQ_CACHE");
  return own === undefined
    ? path.join(variable("XDG_CACHE_HOME") ?? path.join(homedir(), ".cache"), "activemq-cluster")
    : path.resolve(own);
}

function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}
