/** `command:remote:CopyToRemote` of a folder: to `<remotePath>/<name of the folder>`, as the provider does without a trailing slash. */
import { randomBytes } from "node:crypto";
import { basename, dirname } from "node:path";
import { sshArguments } from "../../../../core/host/openSsh";
import { shellQuote } from "../../../../core/util/shell";
import type { WireMap } from "../values";
import type { Handler, HandlerContext } from "./handler";
import { accessOf, withTheWay } from "./remoteCommand";
import { runProcess } from "./runProcess";

export const copyToRemote: Handler = {
  replaces: (changed) => changed.includes("triggers"),
  create: async (inputs, context) => {
    await copy(inputs, context);
    return { id: randomBytes(4).toString("hex"), outputs: {} };
  },
  update: async (inputs, outputs, context) => {
    await copy(inputs, context);
    return outputs;
  },
  // As for the provider: what was copied stays.
  delete: () => Promise.resolve(),
};

async function copy(inputs: WireMap, context: HandlerContext): Promise<void> {
  const folder = (inputs["source"] as WireMap)["path"];
  if (typeof folder !== "string") throw new Error("the stand-in engine copies folders of this machine only");
  const remote = shellQuote(inputs["remotePath"] as string);
  const access = accessOf(inputs["connection"]);
  const ssh = ["ssh", ...sshArguments(access), "--"].map(shellQuote).join(" ");
  const unpack = shellQuote(`mkdir -p ${remote} && tar -x -C ${remote}`);
  const command = `tar -c -C ${shellQuote(dirname(folder))} ${shellQuote(basename(folder))} | ${ssh} ${unpack}`;
  const args = ["-o", "pipefail", "-c", command];
  try {
    await runProcess({ program: "/bin/bash", args, command: `copy of ${basename(folder)}` }, context);
  } catch (error) {
    throw await withTheWay(error, access);
  }
}
