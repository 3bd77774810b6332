/** AMQP, STOMP and MQTT, each spoken by a client of its own ecosystem to the brokers that its URL names; OpenWire by examples/. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accountsOf } from "../../operate/drill/accounts";
import type { Account } from "../../operate/drill/client";
import { engineFor } from "../../operate/engines/engine";
import { loadPlan } from "../../operate/project";
import { PROJECT } from "../config/raw";
import { engineHere } from "../lab/drivers";
import { Project, group, port } from "./project";
import { ROUND_TRIPS } from "./transportClients";

jest.setTimeout(300_000);

const stack = "transports";
const project = new Project();
const TRANSPORTS = Object.keys(ROUND_TRIPS) as (keyof typeof ROUND_TRIPS)[];

/** Brokers without slaves, to see their clients, not their stores. */
const brokerGroup = (name: string, first: number) => {
  const { ports, ...rest } = group(name, first, 1);
  const more = { amqp: port(25672) + first, stomp: port(26013) + first, mqtt: port(21883) + first };
  return { ...rest, ports: { ...ports, ...more } };
};

const examples = join(project.directory, "examples");
/** The Spring client, built meanwhile. */
let built: Promise<string>;
let account: Account;
let outputs: Record<string, { readonly value: unknown }>;

beforeAll(async () => {
  cpSync(join(PROJECT, "examples"), examples, { recursive: true });
  built = maven("package", join(examples, "spring-client"));
  project.write(stack, {
    store: "kahaDB",
    groups: [brokerGroup("a", 0), brokerGroup("b", 1)],
    transports: { amqp: true, stomp: true, mqtt: true },
  });
  await project.up(stack);
  ({ account } = await accountsOf(project.directory, loadPlan(stack, project.directory)));
  outputs = await engineFor(project.directory, stack).outputs();
});
afterAll(async () => {
  await built;
  project.remove();
});

/** The addresses in a transport's URL, which is an output of the stack. */
function brokersOf(transport: string): URL[] {
  const url = String(outputs[`${transport}Url`]?.value);
  return [...url.matchAll(new RegExp(`${transport}://[^,)?]+`, "g"))].map(([address]) => new URL(address));
}

/** As such clients do: one address after the other. */
async function throughUrl(transport: (typeof TRANSPORTS)[number], text: string): Promise<string> {
  const refusals: unknown[] = [];
  for (const broker of brokersOf(transport)) {
    try {
      return await ROUND_TRIPS[transport](broker, account, `transports.${transport}`, text);
    } catch (error) {
      refusals.push(error);
    }
  }
  throw new Error(refusals.join(", "));
}

it.each(TRANSPORTS)("%s: the URL names every broker, and each takes and gives a message", async (transport) => {
  const brokers = brokersOf(transport);
  expect(brokers).toHaveLength(2);
  for (const broker of brokers) {
    const text = `to ${broker.port}`;
    expect(await ROUND_TRIPS[transport](broker, account, `transports.${transport}`, text)).toBe(text);
  }
});

it.each([
  ["amqp", "Failed to authenticate"],
  ["stomp", "User name [app] or password is invalid"],
  ["mqtt", "Connection refused: Not authorized"],
] as const)("%s: nobody gets in with a wrong password", async (transport, refusal) => {
  const [broker = new URL("none:")] = brokersOf(transport);
  const wrong = { ...account, password: "wrong" };
  await expect(ROUND_TRIPS[transport](broker, wrong, "transports.refused", "x")).rejects.toThrow(refusal);
});

describe("with one of two brokers gone", () => {
  const host = (verb: string) =>
    spawnSync(join(project.directory, ".amq", stack, "hosts", "a-1", "bin", "amq-host"), [verb, "a-1"]);

  beforeAll(() => {
    expect(host("halt").status).toBe(0);
  });

  it.each(TRANSPORTS)("%s: the same URL leads to the other", async (transport) => {
    expect(await throughUrl(transport, "still there")).toBe("still there");
  });
});

it("OpenWire: the Spring client of examples/, in a stack that reads this one's outputs", async () => {
  expect(await built).toBe("");
  const projectDir = join(examples, "on-this-machine");
  const state = join(project.directory, ".amq", "state");
  writeFileSync(
    join(projectDir, "Pulumi.dev.yaml"),
    readFileSync(join(projectDir, "Pulumi.dev.yaml"), "utf8").replace("/local\n", `/${stack}\n`),
  );
  const passphrase = readFileSync(join(state, "passphrase"), "utf8").trim();
  // Each engine keeps its stacks in the folder of its name.
  const stateDir = join(state, engineHere.name);
  const { ok, said, outputs: theirs } = await engineHere.run("up", { projectDir, stack: "dev", stateDir, passphrase });
  expect([ok, ok ? "" : said]).toEqual([true, ""]);
  expect(theirs["said"]?.value).toBe("received 3");
});

/** @returns what it has to complain of */
function maven(goal: string, folder: string): Promise<string> {
  const child = spawn("mvn", ["-q", "-B", goal], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      resolve(code === 0 ? "" : said);
    });
  });
}
