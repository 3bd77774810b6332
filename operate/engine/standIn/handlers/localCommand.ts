/** `command:local:Command`: runs a shell command, as the provider does. */
import { randomBytes } from "node:crypto";
import type { Wire, WireMap } from "../values";
import type { Handler, HandlerContext } from "./handler";
import { runProcess } from "./runProcess";

export const localCommand: Handler = {
  replaces: (changed) => changed.includes("triggers"),
  create: async (inputs, context) => ({
    id: `${context.name}${randomBytes(4).toString("hex")}`,
    outputs: (await run(inputs["create"], inputs, {}, context)) ?? { stdout: "", stderr: "" },
  }),
  update: async (inputs, outputs, context) =>
    (await run(inputs["update"] ?? inputs["create"], inputs, outputs, context)) ?? outputs,
  delete: async (inputs, outputs, context) => {
    await run(inputs["delete"], inputs, outputs, context);
  },
};

/** Runs a command to its end; `undefined` when there is none.
 * @throws Error with the provider's text, in which stdin does not appear */
async function run(
  command: Wire | undefined,
  inputs: WireMap,
  previous: WireMap,
  context: HandlerContext,
): Promise<WireMap | undefined> {
  if (typeof command !== "string") return undefined;
  for (const name of ["assetPaths", "archivePaths"]) {
    if (inputs[name]) throw new Error(`the stand-in engine does not know "${name}" of command:local:Command`);
  }
  const interpreter = (inputs["interpreter"] ?? []) as string[];
  const [program = "/bin/sh", ...args] = interpreter.length > 0 ? interpreter : ["/bin/sh", "-c"];
  return runProcess(
    {
      program,
      args: [...args, command],
      command,
      stdin: inputs["stdin"],
      logging: inputs["logging"],
      cwd: inputs["dir"] as string | undefined,
      env: environment(inputs, previous),
    },
    context,
  );
}

function environment(inputs: WireMap, { stdout, stderr }: WireMap): NodeJS.ProcessEnv {
  const env = { ...process.env, ...(inputs["environment"] as Record<string, string> | undefined) };
  if (inputs["addPreviousOutputInEnv"] === false) return env;
  return {
    ...env,
    ...(typeof stdout === "string" && stdout !== "" && { PULUMI_COMMAND_STDOUT: stdout }),
    ...(typeof stderr === "string" && stderr !== "" && { PULUMI_COMMAND_STDERR: stderr }),
  };
}
