/** Which engine runs the program: the pulumi CLI where it is on the PATH, else the stand-in. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { playsEc2 } from "./standIn/ec2Switch";
import type { Engine } from "./engine";

/** Loads an engine when it is asked for: `plan` asks for outputs alone, and Pulumi's Automation API takes a second to load. */
export const load = createRequire(__filename);

/** The engine for a stack: the real CLI when it is on PATH, else the stand-in; the stand-in as well where a lab plays EC2. */
export function engineFor(projectDir: string, stack: string): Engine {
  return pulumiOnPath() && !playsEc2()
    ? (load("./pulumiCli") as typeof import("./pulumiCli")).pulumiCli(projectDir, stack)
    : (load("./standIn/standIn") as typeof import("./standIn/standIn")).standIn(projectDir, stack);
}

export function pulumiOnPath(): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "pulumi")));
}
