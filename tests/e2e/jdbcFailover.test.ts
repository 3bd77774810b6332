/** Store jdbc on a PostgreSQL of two servers: what becomes of messages whose commit is not answered, and of all when the primary dies. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountsOf } from "../../operate/drill/accounts";
import { ClientProcess, idsIn, resolveClient } from "../../operate/drill/client";
import { loadPlan } from "../../operate/project";
import { ask } from "../../core/util/process";
import { limit } from "../../testbed/harness/patience";
import { Project, group, port } from "../../testbed/harness/testProject";
import { DatabaseWay } from "./databaseWay";
import { underLoad } from "./load";
import { PostgresPair } from "./postgresPair";
import { javaCommand } from "./java";

const STACK = "jdbc-failover";
const SERVERS = [port(25433), port(25434)] as const;
const ACCOUNT = { user: "activemq", password: "of-the-pair" };
const PATIENCE_SECONDS = 60;
/** The name of every queue under load begins so. */
const LOAD = "queue://load.";

const project = new Project();
const pair = new PostgresPair();
const ways = SERVERS.map((server) => new DatabaseWay(server));
const directory = mkdtempSync(join(tmpdir(), "amq-jdbc-failover-"));

beforeAll(async () => {
  await pair.start(SERVERS, "activemq", ACCOUNT);
  const hosts = (await Promise.all(ways.map((way) => way.open()))).map((own) => `127.0.0.1:${own}`);
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, `${ACCOUNT.password}\n`, { mode: 0o600 });
  project.write(STACK, {
    store: "jdbc",
    groups: [group("a", 0, 3, false)],
    jdbc: { url: `jdbc:postgresql://${hosts.join(",")}/activemq?targetServerType=primary`, passwordFile },
  });
  await project.up(STACK);
  resolveClient();
});
afterAll(async () => {
  // First of all: this process carries nothing while it waits for brokers to stop, and they would wait for it.
  await Promise.all(ways.map((way) => way.close()));
  project.remove();
  await pair.remove();
  rmSync(directory, { recursive: true, force: true });
});

async function client() {
  const plan = loadPlan(STACK, project.directory);
  return { url: plan.urls.failover, ...(await accountsOf(project.directory, plan)) };
}

/** @returns how many messages a consumer gets until none comes for a while */
async function received(queue: string, count: number): Promise<number> {
  const { url, account } = await client();
  const file = join(directory, queue);
  const words = ["receive", "--url", url, "--queue", queue, "--received", file, "--count", String(count)];
  const seconds = String(Math.ceil(limit(PATIENCE_SECONDS) / 1000));
  await new ClientProcess(account, [...words, "--seconds", seconds], new AbortController().signal).result();
  return idsIn(file).length;
}

it("gives out a message whose commit was not answered", async () => {
  const { url, account } = await client();
  const [text, queue] = ["in doubt", "doubt.transacted"];
  const broken = ways[0]?.breakOnce(text, "COMMIT\0");
  const words = [url, account.user, queue, text];
  const { stdout } = await ask(...javaCommand("classic-6.3", "TransactedSend", words), {
    env: { ...process.env, PASSWORD: account.password },
    timeoutMillis: limit(PATIENCE_SECONDS),
  });
  await broken;
  // Its client cannot know. The database does.
  expect(stdout).toBe("in doubt\n");
  expect(await received(queue, 1)).toBe(1);
});

it("loses nothing and holds nothing back when the primary dies under load", async () => {
  const { counts } = await underLoad(project.directory, STACK, async () => {
    // A kill alone may meet no write between its commit and its answer.
    await ways[0]?.breakOnce(LOAD, "INSERT 0 1");
    await pair.failOver();
    await project.until(STACK, ({ whole }) => whole, PATIENCE_SECONDS, "the group is not back");
  });
  expect(counts).toMatchObject({ lost: 0 });
  expect(counts.sent).toBeGreaterThan(100);
});
