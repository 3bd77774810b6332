/** The process one run lives in: takes its orders from `engine.ts` over IPC. */
import { createRequire } from "node:module";
import * as path from "node:path";
import type { HostMessage, HostRequest, EngineEvent, EngineResult } from "./engine";
import { labDirectory, playsEc2 } from "./ec2/switch";
import { Deployment } from "./engine/deployment";
import { takeLock } from "./engine/lock";
import { runProgram } from "./engine/program";
import { readProject } from "./engine/project";
import { StackState, stateFile } from "./engine/state";
import { addFunctions, addHandlers } from "./handlers";

function send(message: HostMessage): Promise<void> {
  // The parent may be gone; then nobody wants to know.
  if (!process.connected) return Promise.resolve();
  return new Promise((resolve) =>
    process.send?.(message, undefined, {}, () => {
      resolve();
    }),
  );
}

const emit = (event: EngineEvent) => void send({ event });

async function run({ action, options }: HostRequest): Promise<EngineResult> {
  const { stack, passphrase } = options;
  const stateDir = path.resolve(options.stateDir);
  const preview = action === "preview";
  const file = stateFile(stateDir, stack);
  const project = readProject(options.projectDir, stack);
  // Where the program runs, its commands run too.
  process.chdir(project.folder);
  let leaveLab = () => Promise.resolve();
  const release = preview ? () => undefined : takeLock(`${file}.lock`);
  try {
    const state = StackState.open(file, project.name, stack, passphrase);
    const deployment = new Deployment(state, preview, emit, action === "destroy" && options.keepProtected === true);
    const interrupt = () => {
      deployment.interrupt();
    };
    process.on("message", interrupt).on("disconnect", interrupt).on("SIGINT", interrupt).on("SIGTERM", interrupt);
    // So that an empty event loop is noticed.
    process.channel?.unref();
    emit({ kind: "log", severity: "info", message: "stand-in engine (not the pulumi CLI): for trying and testing" });
    const outputsOf = (name: string) => stackOutputs(name, stateDir, passphrase);
    if (playsEc2()) leaveLab = playEc2(options.projectDir);
    if (action === "up") await deployment.refresh();
    if (action !== "destroy") await runProgram({ project, stack, preview, emit, outputsOf }, deployment);
    return await deployment.finish();
  } finally {
    await leaveLab();
    release();
  }
}

/** Loads what plays EC2; returns how to leave it. Not import(): that is left to Node, which reads no TypeScript. */
function playEc2(projectDir: string): () => Promise<void> {
  const { ec2Functions, ec2Handlers } = createRequire(__filename)("./ec2/handlers") as typeof import("./ec2/handlers");
  addFunctions(ec2Functions(labDirectory(projectDir)));
  const { handlers, close } = ec2Handlers(labDirectory(projectDir), (message) => {
    emit({ kind: "log", severity: "info", message });
  });
  addHandlers(handlers);
  emit({
    kind: "log",
    severity: "warn",
    message: "EC2 is played by a lab on this machine: nothing is made in an account",
  });
  return close;
}

/** The outputs of the stack that a StackReference names: `<stack>` or `organization/<project>/<stack>`.
 * @throws Error when it was never brought up */
function stackOutputs(name: string, stateDir: string, passphrase: string) {
  const parts = name.split("/");
  const project = parts.length > 1 ? parts.at(-2) : undefined;
  const state = StackState.read(stateFile(stateDir, parts.at(-1) ?? ""), project, passphrase);
  if (!state) throw new Error(`unknown stack "${name}": there is no state of it in ${stateDir}`);
  return state.outputs;
}

process.once("message", (request: HostRequest) => {
  run(request)
    .then(
      (result) => send({ result }),
      (error: unknown) => send({ error: error instanceof Error ? error.message : String(error) }),
    )
    .finally(() => process.exit());
});
