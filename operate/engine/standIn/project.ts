/** Reads Pulumi.yaml and a stack's configuration, as far as the stand-in engine knows them. */
import { existsSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

export interface Project {
  readonly name: string;
  /** The file to run, and the folder to run it in. */
  readonly main: string;
  readonly folder: string;
  /** Full key to text; what is not a text in the file is JSON, as the real engine passes it. */
  readonly config: Record<string, string>;
}

/** @throws Error naming the file and what is wrong with it */
export function readProject(directory: string, stack: string): Project {
  const file = path.join(directory, "Pulumi.yaml");
  const project = readMap(file);
  const { name, main, stackConfigDir, config } = project;
  if (typeof name !== "string") throw new Error(`${file}: "name" is missing`);
  if (config !== undefined) throw new Error(`${file}: the stand-in engine does not know "config" here`);
  const entry = path.resolve(directory, typeof main === "string" ? main : ".");
  const isFolder = statSync(entry).isDirectory();
  const stackFile = path.join(
    directory,
    typeof stackConfigDir === "string" ? stackConfigDir : ".",
    `Pulumi.${stack}.yaml`,
  );
  return {
    name,
    main: entry,
    folder: isFolder ? entry : path.dirname(entry),
    config: existsSync(stackFile) ? readConfig(stackFile, name) : {},
  };
}

function readMap(file: string): Record<string, unknown> {
  const content = parse(readFileSync(file, "utf8")) as unknown;
  if (content === null) return {};
  if (typeof content !== "object") throw new Error(`${file}: a map was expected`);
  return content as Record<string, unknown>;
}

function readConfig(file: string, project: string): Record<string, string> {
  const { config } = readMap(file);
  return Object.fromEntries(
    Object.entries((config ?? {}) as Record<string, unknown>).map(([name, value]) => {
      const key = name.includes(":") ? name : `${project}:${name}`;
      if (hasSecure(value)) {
        throw new Error(
          `${file}: ${key} is encrypted ("secure:"), which only the pulumi CLI can read; give the stand-in engine a plain value`,
        );
      }
      return [key, typeof value === "string" ? value : JSON.stringify(value)];
    }),
  );
}

function hasSecure(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(hasSecure);
}
