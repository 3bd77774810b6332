/** The real engine, through Pulumi's Automation API. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as automation from "@pulumi/pulumi/automation";
import { askSync } from "../../core/util/process";
import { recordIn } from "./recordInState";
import type { Engine, RunEvents, RunResult, Step } from "./engine";
import { nameOf } from "../../components/resourceNames";
import { type StateEntry, hostsIn, unprotectedIn, withoutHost } from "./hostsInState";
import { instancesIn } from "./instancesInState";
import { removeStateHomeIfUnused, stateHome } from "./state";

/** As `pulumi stack export` prints it; what is not named here is kept as it is. */
interface ExportedState {
  readonly deployment: {
    readonly resources?: readonly StateEntry[];
    readonly pending_operations?: readonly { readonly resource: StateEntry }[] | null;
  };
}

/** @param projectDir the folder of Pulumi.yaml */
export function pulumiCli(projectDir: string, stack: string): Engine {
  const backend = backendFor(projectDir);
  const open = () =>
    automation.LocalWorkspace.createOrSelectStack(
      { stackName: stack, workDir: projectDir },
      { envVars: backend.environment() },
    );
  /** Nothing is made for a question: neither the stack nor the folder that its state would be in. */
  const exists = () => backend.ours === undefined || existsSync(backend.ours);
  /** @throws Error with what it says when it fails */
  const pulumi = (words: readonly string[], input = "") => {
    const env = { ...process.env, ...backend.environment() };
    const args = [...words, "--stack", stack, "--non-interactive"];
    const { code, stdout, stderr } = askSync("pulumi", args, { cwd: projectDir, env, input });
    if (code !== 0) throw new Error(`pulumi ${words.join(" ")}, stack ${stack}: ${stderr.trim()}`);
    return stdout;
  };
  /** Undefined when there is no such stack. Unless told otherwise with secrets in clear. */
  const exported = (options: readonly string[] = ["--show-secrets"]) => {
    if (!exists()) return undefined;
    try {
      return JSON.parse(pulumi(["stack", "export", ...options])) as ExportedState;
    } catch (error) {
      if (/no stack named .* found/.test(String(error))) return undefined;
      throw error;
    }
  };
  return {
    standIn: false,
    description: `pulumi, state in ${backend.location}`,
    up: async (events, { refresh = false } = {}) =>
      run(events, async (onEvent) => {
        const { summary } = await (await open()).up({ onEvent, ...(refresh && { refresh }) });
        return summary.resourceChanges;
      }),
    destroy: async (events, options = {}) =>
      run(events, async (onEvent) => {
        const { summary } = await (
          await open()
        ).destroy({
          onEvent,
          ...(options.keepProtected === true && { excludeProtected: true }),
        });
        return summary.resourceChanges;
      }),
    outputs: async () => {
      if (!exists()) return {};
      const outputs = await automation.LocalWorkspace.selectStack(
        { stackName: stack, workDir: projectDir },
        { envVars: backend.environment() },
      ).then(
        (found) => found.outputs(),
        (error: unknown) => {
          if (error instanceof automation.StackNotFoundError) return {};
          throw error;
        },
      );
      return Object.fromEntries(
        Object.entries(outputs).map(([name, output]) => [
          name,
          { value: output.value as unknown, secret: output.secret },
        ]),
      );
    },
    // Nothing secret is in it, so no passphrase is needed.
    record: () => Promise.resolve().then(() => recordIn(exported([])?.deployment.resources ?? [])),
    unprotected: (type) => Promise.resolve().then(() => unprotectedIn(exported([])?.deployment.resources ?? [], type)),
    isEmpty: () =>
      Promise.resolve().then(() => {
        const left = exported([])?.deployment.resources ?? [];
        return left.every(({ type }) => type === "pulumi:pulumi:Stack");
      }),
    hosts: () => Promise.resolve().then(() => hostsIn(exported()?.deployment.resources ?? [])),
    // The states of machines are no secrets.
    instances: () => Promise.resolve().then(() => instancesIn(exported([])?.deployment.resources ?? [])),
    forget: (host) =>
      Promise.resolve().then(() => {
        const state = exported();
        if (state === undefined) return [];
        const { resources = [], pending_operations: pending } = state.deployment;
        const { kept, removed } = withoutHost(resources, host);
        const deployment = { ...state.deployment, resources: kept, ...withoutPending(resources, pending, host) };
        // By standard input: the Automation API would write the secrets to a file that everybody can read.
        pulumi(["stack", "import"], JSON.stringify({ ...state, deployment }));
        return [...removed].map(nameOf);
      }),
    remove: () => {
      // Not through the Automation API: without --preserve-config the stack file, which is the user's, would go too.
      pulumi(["stack", "rm", "--yes", "--preserve-config"]);
      if (backend.ours) removeStateHomeIfUnused(projectDir, join(backend.ours, ".pulumi", "stacks", "activemq"));
      return Promise.resolve();
    },
  };
}

/** Without what was under way on a host when a run broke off; judged with the rest, which says where the host is. */
function withoutPending(
  resources: readonly StateEntry[],
  pending: ExportedState["deployment"]["pending_operations"],
  host: string,
): Pick<ExportedState["deployment"], "pending_operations"> {
  if (!pending) return {};
  const all = [...resources, ...pending.map(({ resource }) => resource)];
  const { removed } = withoutHost(all, host);
  return { pending_operations: pending.filter(({ resource }) => !removed.has(resource.urn)) };
}

interface Backend {
  readonly location: string;
  /** The folder, when the backend is one of ours. */
  readonly ours?: string;
  readonly environment: () => Record<string, string>;
}

/** The user's own backend and passphrase where they have any; else a file backend in the project. */
function backendFor(projectDir: string): Backend {
  const given = process.env["PULUMI_BACKEND_URL"] ?? loggedInTo();
  const directory = join(projectDir, ".amq", "state", "pulumi");
  const environment = () => {
    const hasPassphrase =
      process.env["PULUMI_CONFIG_PASSPHRASE"] !== undefined ||
      process.env["PULUMI_CONFIG_PASSPHRASE_FILE"] !== undefined;
    if (given === undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });
    return {
      ...(given === undefined && { PULUMI_BACKEND_URL: `file://${directory}` }),
      ...(!hasPassphrase && { PULUMI_CONFIG_PASSPHRASE_FILE: stateHome(projectDir).passphraseFile }),
    };
  };
  return given === undefined
    ? { location: `file://${directory}`, ours: directory, environment }
    : { location: given, environment };
}

/** What `pulumi login` chose, if anything. */
function loggedInTo(): string | undefined {
  const file = join(process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "credentials.json");
  if (!existsSync(file)) return undefined;
  const { current } = JSON.parse(readFileSync(file, "utf8")) as { current?: string };
  return current === undefined || current === "" ? undefined : current;
}

type OnEvent = (event: automation.EngineEvent) => void;

async function run(
  events: RunEvents,
  action: (onEvent: OnEvent) => Promise<Partial<Record<string, number>> | undefined>,
): Promise<RunResult> {
  const failures = new Map<string, string>();
  try {
    const changes = await action((event) => {
      relay(event, events, failures);
    });
    const changed = Object.entries(changes ?? {}).reduce((sum, [op, n]) => (op === "same" ? sum : sum + (n ?? 0)), 0);
    return { ok: true, changed, failures: [] };
  } catch (error) {
    if (failures.size === 0) failures.set("pulumi", error instanceof Error ? error.message : String(error));
    return { ok: false, changed: 0, failures: [...failures].map(([name, message]) => ({ name, message })) };
  }
}

function relay(event: automation.EngineEvent, events: RunEvents, failures: Map<string, string>): void {
  const step = (state: Step["state"], metadata: { op: string; urn: string }) => {
    events.step({ state, operation: operationOf(metadata.op), urn: metadata.urn });
  };
  if (event.resourcePreEvent) step("started", event.resourcePreEvent.metadata);
  if (event.resOutputsEvent) step("done", event.resOutputsEvent.metadata);
  if (event.resOpFailedEvent) step("failed", event.resOpFailedEvent.metadata);
  if (event.diagnosticEvent?.severity === "error") {
    const { urn, message } = event.diagnosticEvent;
    const name = urn === undefined || urn === "" ? "program" : nameOf(urn);
    // Pulumi marks colours as <{%...%}>.
    failures.set(name, `${failures.get(name) ?? ""}${message.replaceAll(/<\{%.*?%\}>/g, "")}`);
  }
}

function operationOf(op: string): Step["operation"] {
  if (op.includes("replace")) return "replace";
  return op === "create" || op === "import" || op === "update" || op === "delete" ? op : "same";
}
