/**
 * AMQP, STOMP and MQTT, over TCP and inside WebSockets, each spoken by a client of its own ecosystem to the brokers that its URL
 * names; OpenWire by examples/.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accountsOf } from "../../operate/drill/accounts";
import type { Account } from "../../operate/drill/client";
import { loadPlan } from "../../operate/project";
import { PROJECT } from "../support/raw";
import { engineHere } from "../operate/engine/drivers";
import { until } from "../../testbed/harness/patience";
import { WebSocket } from "ws";
import { Project, group, port } from "../../testbed/harness/testProject";
import { ROUND_TRIPS, type RoundTrip, retain, retained } from "./transportClients";
import { OPTIONAL_TRANSPORTS, forOptionalTransports } from "../../core/products/transports";
import { engineFor } from "../../operate/engine/engineFor";

const stack = "transports";
const project = new Project();
/** The release that the store of `stack` gets is the newest. */
const older = "transports-5-16";
const ON = forOptionalTransports(() => true);

/** Brokers without slaves, to see their clients, not their stores. */
const REFUSALS = {
  AMQP: "Failed to authenticate",
  STOMP: "User name [app] or password is invalid",
  MQTT: "Connection refused: Not authorized",
} as const;

const brokerGroup = (name: string, first: number) => {
  const { ports, ...rest } = group(name, first, 1);
  const more = forOptionalTransports((transport) => port(26013) + 10 * OPTIONAL_TRANSPORTS.indexOf(transport) + first);
  return { ...rest, ports: { ...ports, ...more } };
};

const examples = join(project.directory, "examples");
/** The Spring client, built meanwhile. */
let built: Promise<string>;
let account: Account;
let outputs: Outputs;
let olderAccount: Account;
let olderOutputs: Outputs;

type Outputs = Record<string, { readonly value: unknown }>;

beforeAll(async () => {
  cpSync(join(PROJECT, "examples"), examples, { recursive: true });
  built = maven("package", join(examples, "spring-client"));
  project.write(stack, {
    store: "kahaDB",
    groups: [brokerGroup("a", 0), brokerGroup("b", 1)],
    transports: ON,
  });
  project.write(older, { store: "kahaDB", release: "5.16", groups: [brokerGroup("a", 2)], transports: ON });
  await project.up(stack);
  await project.up(older);
  ({ account } = await accountsOf(project.directory, loadPlan(stack, project.directory)));
  outputs = await engineFor(project.directory, stack).outputs();
  ({ account: olderAccount } = await accountsOf(project.directory, loadPlan(older, project.directory)));
  olderOutputs = await engineFor(project.directory, older).outputs();
});
afterAll(async () => {
  await built;
  project.remove();
});

/** The addresses in a transport's URL, which is an output of the stack. */
function brokersOf(transport: string, from = outputs): URL[] {
  const url = String(from[`${transport}Url`]?.value);
  return [...url.matchAll(new RegExp(`${transport}://[^,)?]+`, "g"))].map(([address]) => new URL(address));
}

/** As such clients do: one address after the other. */
async function throughUrl(transport: string, roundTrip: RoundTrip, text: string): Promise<string> {
  const refusals: unknown[] = [];
  for (const broker of brokersOf(transport)) {
    try {
      return await roundTrip(broker, account, `transports.${transport}`, text);
    } catch (error) {
      refusals.push(error);
    }
  }
  throw new Error(refusals.join(", "));
}

describe.each(ROUND_TRIPS)("%s: %s", (transport, protocol, roundTrip) => {
  const destination = `transports.${transport}.${protocol}`;

  it("the URL names every broker, and each takes and gives a message", async () => {
    const brokers = brokersOf(transport);
    expect(brokers).toHaveLength(2);
    for (const broker of brokers) {
      const text = `to ${broker.port}, à la ☃`;
      expect(await roundTrip(broker, account, destination, text)).toBe(text);
    }
  });

  it("a message of a mebibyte comes through whole", async () => {
    const [broker = new URL("none:")] = brokersOf(transport);
    const text = "é".repeat(2 ** 19);
    expect((await roundTrip(broker, account, destination, text)) === text).toBe(true);
  });

  it("nobody gets in with a wrong password", async () => {
    const [broker = new URL("none:")] = brokersOf(transport);
    const wrong = { ...account, password: "wrong" };
    await expect(roundTrip(broker, wrong, "transports.refused", "x")).rejects.toThrow(REFUSALS[protocol]);
  });

  it("the same from a broker of 5.16", async () => {
    const [broker = new URL("none:")] = brokersOf(transport, olderOutputs);
    expect(await roundTrip(broker, olderAccount, destination, "x")).toBe("x");
    const wrong = { ...olderAccount, password: "wrong" };
    await expect(roundTrip(broker, wrong, "transports.refused", "x")).rejects.toThrow(REFUSALS[protocol]);
  });
});

describe("ws", () => {
  const address = () => brokersOf("ws")[0] ?? new URL("none:");
  const ended = (socket: WebSocket) =>
    new Promise((resolve) => {
      socket.on("close", resolve);
      socket.on("error", ({ message }) => {
        resolve(message);
      });
    });

  it("serves nothing but WebSockets", async () => {
    const { status, headers } = await fetch(address().href.replace("ws:", "http:"));
    expect([status, headers.get("server")]).toEqual([426, null]);
  });

  it("refuses a subprotocol that it does not know", async () => {
    expect(await ended(new WebSocket(address(), ["v13.stomp"]))).toBe("Unexpected server response: 400");
  });

  it("ends a connection of MQTT that sends text", async () => {
    const socket = new WebSocket(address(), ["mqtt"]);
    socket.on("open", () => {
      socket.send("CONNECT");
    });
    expect(await ended(socket)).toBe(1003);
  });

  /** Logs in without naming a subprotocol, in text. */
  async function stomp() {
    const socket = new WebSocket(address());
    const frames: (string | Buffer)[] = [];
    const frame = async () => {
      await until(20, () => frames.length > 0, 50);
      return frames.shift();
    };
    socket.on("message", (data: Buffer, binary) => frames.push(binary ? data : data.toString()));
    socket.on("open", () => {
      socket.send(`CONNECT\naccept-version:1.2\nhost:x\nlogin:${account.user}\npasscode:${account.password}\n\n\0`);
    });
    expect(await frame()).toMatch(/^CONNECTED\n[^]*\0\n?$/);
    return { socket, frame };
  }

  it("speaks STOMP where no subprotocol is named, and answers text by text, what is no text by bytes", async () => {
    const { socket, frame } = await stomp();
    const [queue, body] = ["/queue/transports.bytes", Buffer.from([0xff, 0x00, 0xfe])];
    socket.send(`SUBSCRIBE\nid:1\ndestination:${queue}\n\n\0`);
    socket.send(
      Buffer.concat([Buffer.from(`SEND\ndestination:${queue}\ncontent-length:3\n\n`), body, Buffer.from([0])]),
    );
    const bytes = await frame();
    expect(Buffer.isBuffer(bytes) && bytes.includes(body)).toBe(true);
    socket.send(`SEND\ndestination:${queue}\n\nhello\0`);
    expect(await frame()).toMatch(/^MESSAGE\n[^]*\n\nhello\0/);
    socket.close();
  });

  it("gives what a client that vanished did not acknowledge to another one", async () => {
    const subscribe = "SUBSCRIBE\nid:1\nack:client\ndestination:/queue/transports.vanished\n\n\0";
    const first = await stomp();
    first.socket.send(subscribe);
    first.socket.send("SEND\ndestination:/queue/transports.vanished\n\nhello\0");
    expect(await first.frame()).toMatch(/hello/);
    first.socket.terminate();
    const second = await stomp();
    second.socket.send(subscribe);
    expect(await second.frame()).toMatch(/redelivered:true[^]*hello/);
    second.socket.close();
  });
});

/** Asks the host of the first broker of a stack for something. */
const host = (verb: string, of = stack) =>
  spawnSync(join(project.directory, ".amq", of, "hosts", "a-1", "bin", "amq-host"), [verb, "a-1"]).status;

it("MQTT: what a topic retains is there after the broker's process was killed", async () => {
  const brokers = [
    [stack, brokersOf("mqtt"), account],
    [older, brokersOf("mqtt", olderOutputs), olderAccount],
  ] as const;
  for (const [of, [broker = new URL("none:")], who] of brokers) {
    await retain(broker, who, "transports/state", "before");
    await retain(broker, who, "transports/state", "at last");
    expect(host("kill", of)).toBe(0);
    expect(await retained(broker, who, "transports/#")).toBe("at last");
  }
});

describe("with one of two brokers gone", () => {
  beforeAll(() => {
    expect(host("halt")).toBe(0);
  });

  it.each(ROUND_TRIPS)("%s: the same URL leads %s to the other", async (transport, _protocol, roundTrip) => {
    expect(await throughUrl(transport, roundTrip, "still there")).toBe("still there");
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
