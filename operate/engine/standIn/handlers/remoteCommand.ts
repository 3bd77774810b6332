/** `command:remote:Command`: runs a shell command on a machine by SSH, through this machine's OpenSSH client. */
import { randomBytes } from "node:crypto";
import { type SshAccess, type SshLogin } from "../../../../core/host/ssh";
import { keyFile, saidOnTheWay, sshArguments } from "../../../../core/host/openSsh";
import type { Wire, WireMap } from "../values";
import { ask } from "../../../../core/util/process";
import { comesTrue } from "../../../../core/util/until";
import type { Handler, HandlerContext } from "./handler";
import { runProcess } from "./runProcess";

export const remoteCommand: Handler = {
  replaces: (changed) => changed.includes("triggers"),
  create: async (inputs, context) => ({
    id: `${context.name}${randomBytes(4).toString("hex")}`,
    outputs: (await run(inputs["create"], inputs, context)) ?? { stdout: "", stderr: "" },
  }),
  update: async (inputs, outputs, context) =>
    (await run(inputs["update"] ?? inputs["create"], inputs, context)) ?? outputs,
  delete: async (inputs, _outputs, context) => {
    await run(inputs["delete"], inputs, context);
  },
};

async function run(command: Wire | undefined, inputs: WireMap, context: HandlerContext): Promise<WireMap | undefined> {
  if (typeof command !== "string") return undefined;
  for (const name of ["environment", "assetPaths", "archivePaths"]) {
    if (inputs[name]) throw new Error(`the stand-in engine does not know "${name}" of command:remote:Command`);
  }
  const access = accessOf(inputs["connection"]);
  await untilThere(access, inputs["connection"] as WireMap, context);
  const args = [...sshArguments(access), "--", command];
  try {
    return await runProcess(
      { program: "ssh", args, command, stdin: inputs["stdin"], logging: inputs["logging"] },
      context,
    );
  } catch (error) {
    throw await withTheWay(error, access);
  }
}

/** Connections that allow more errors than this are to machines that have just been started. */
const FEW_ERRORS = 10;
/** What the provider waits between two tries, at most. */
const BETWEEN_TRIES_MILLIS = 5000;
/** Sooner than the provider: it is the same time in the end that is waited for. */
const POLL_MILLIS = 1500;

/** Waits for a machine that has just been started, as long as the provider would; what it says then is the command's matter. */
async function untilThere(access: SshAccess, connection: WireMap, context: HandlerContext): Promise<void> {
  const errors = Number(connection["dialErrorLimit"] ?? 0);
  if (errors <= FEW_ERRORS) return;
  const { interrupted } = context;
  const isThere = async () =>
    interrupted.aborted || (await ask("ssh", [...sshArguments(access), "--", "true"])).code !== SSH_FAILED;
  await comesTrue(isThere, errors * BETWEEN_TRIES_MILLIS, POLL_MILLIS);
}

/** The exit code of ssh when it could not log in. */
const SSH_FAILED = 255;

/** The error of a command; when it was ssh that failed, with what the bastion in between has to say, where there is one. */
export async function withTheWay(error: unknown, access: SshAccess): Promise<Error> {
  const failed = error instanceof Error ? error : new Error(String(error));
  const way = failed.message.startsWith("exit status 255:") ? await saidOnTheWay(access) : "";
  return way === "" ? failed : new Error(`${failed.message}\n${way}`, { cause: failed });
}

/** @throws Error for a password, which OpenSSH's client does not take from a program */
export function accessOf(connection: Wire | undefined): SshAccess {
  const { proxy, ...login } = connection as WireMap;
  const privateKey = login["privateKey"];
  if (login["password"]) throw new Error("the stand-in engine logs in with keys, not with a password");
  return {
    ...loginOf(login),
    ...(typeof privateKey === "string" && { privateKeyFile: keyFile(privateKey) }),
    ...(proxy !== undefined && proxy !== null && { bastion: loginOf(proxy as WireMap) }),
  };
}

function loginOf(login: WireMap): SshLogin {
  const hostKey = login["hostKey"];
  return {
    address: login["host"] as string,
    port: Number(login["port"] ?? 22),
    user: (login["user"] ?? "root") as string,
    ...(typeof hostKey === "string" && { hostKey }),
  };
}
