/** The script that every host carries as bin/amq-host, put together from the parts in script/. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shellQuote } from "../util/shell";

const PARTS = ["main", "preflight", "stage", "visit", "drain", "efs", "rejoin"] as const;

/** What starts a service again that ends: our own script's processes, or the machine's systemd. */
export type Supervisor = "supervise" | "systemd";

/**
 * @param runtimesDirectory where this host keeps its Java runtimes, absolute
 * @returns the whole script; it needs bash, coreutils, awk and util-linux, and systemd where that supervises
 */
export function hostScript(runtimesDirectory: string, supervisor: Supervisor): string {
  const parts = [...PARTS, supervisor].map((part) => readFileSync(join(__dirname, "script", `${part}.sh`), "utf8"));
  return [
    "#!/usr/bin/env bash",
    `AMQ_RUNTIMES=${shellQuote(runtimesDirectory)}`,
    ...parts.map((part) => part.trimEnd()),
    'main "$@"',
    "",
  ].join("\n");
}
