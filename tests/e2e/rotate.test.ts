/** New passwords for everybody in two runs, while clients send and receive. Two groups without slaves: each has one broker to ask. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accountsOf } from "../../operate/drill/accounts";
import { type Account, ClientProcess, resolveClient } from "../../operate/drill/client";
import { loadPlan } from "../../operate/project";
import { underLoad } from "./load";
import { Project } from "../../testbed/harness/testProject";

const stack = "rotate";
const project = new Project();
const write = (passwords: Record<string, unknown>) => {
  project.write(stack, { store: "kahaDB", passwords });
};

/** The passwords that a broker has, by user name; those of the generation before as `<user> before`. */
function passwordsAt(broker: string): Record<string, string> {
  const file = join(project.directory, ".amq", stack, "hosts", broker, broker, "active", "credentials.properties");
  const lines = readFileSync(file, "utf8").matchAll(/^(?:user\.)?([a-z]+)(\.previous)?\.password=(\S+)$/gm);
  return Object.fromEntries(
    [...lines].map(([, user = "", previous, password = ""]) => [previous ? `${user} before` : user, password]),
  );
}

/** What the group's broker answers to whoever logs in so. */
async function login(group: string, account: Account): Promise<string> {
  const url = loadPlan(stack, project.directory).urls.groups[group] ?? "";
  const client = new ClientProcess(account, ["check", "--url", url, "--timeout", "60"], new AbortController().signal);
  const { ok, error } = await client.result();
  return ok === true ? "welcome" : (error ?? "no answer");
}

/** Every account with the given passwords, each at one of the two brokers. */
async function logins(passwords: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const users = ["app", "admin", "bridge"];
  const answers = await Promise.all(
    users.map(async (user, i) => login(i === 1 ? "b" : "a", { user, password: passwords[user] ?? "" })),
  );
  return Object.fromEntries(users.map((user, i) => [user, answers[i] ?? ""]));
}

const WELCOME = { app: "welcome", admin: "welcome", bridge: "welcome" };
const refused = (user: string) => expect.stringMatching(`SecurityException.*\\[${user}\\]`) as string;
const REFUSED = { app: refused("app"), admin: refused("admin"), bridge: refused("bridge") };

const bridgesUp = async () => (await project.status(stack)).bridges.map(({ up }) => up);
const output = async () => (await accountsOf(project.directory, loadPlan(stack, project.directory))).account.password;

/** What a broker's log says of refused log-ins. */
const refusals = (broker: string) =>
  readFileSync(join(project.directory, ".amq", stack, "hosts", broker, broker, "log", "activemq.log"), "utf8")
    .split("\n")
    .filter((line) => line.includes("or password is invalid"));

let old: Record<string, string>;
let fresh: Record<string, string>;

beforeAll(async () => {
  resolveClient();
  write({});
  await project.up(stack);
  old = passwordsAt("a-1");
  expect(Object.keys(old).sort()).toEqual(["admin", "app", "bridge"]);
});
afterAll(() => {
  project.remove();
});

it("accepts old and new passwords after the first run, in which clients with the old one lose nothing", async () => {
  write({ generation: 2 });
  const { counts } = await underLoad(project.directory, stack, () => project.up(stack));
  expect(counts).toMatchObject({ lost: 0 });
  expect(counts.sent).toBeGreaterThan(100);

  const { app = "", admin = "", bridge = "", ...before } = passwordsAt("a-1");
  fresh = { app, admin, bridge };
  expect(before).toEqual({ "app before": old["app"], "admin before": old["admin"], "bridge before": old["bridge"] });
  expect(passwordsAt("b-1")).toEqual(passwordsAt("a-1"));
  expect(new Set([...Object.values(old), ...Object.values(fresh)]).size).toBe(6);
  expect(await output()).toBe(app);

  expect(await logins(old)).toEqual(WELCOME);
  expect(await logins(fresh)).toEqual(WELCOME);
  expect(await bridgesUp()).toEqual([true, true]);
  expect([...refusals("a-1"), ...refusals("b-1")]).toEqual([]);
});

it.each([
  ["nobody", "", ""],
  ["a wrong password", "app", "wrong"],
  ["one user's password for another one", "admin", "app"],
])("refuses %s meanwhile", async (_, user, password) => {
  const answer = await login("a", { user, password: old[password] ?? password });
  expect(answer).toMatch(/SecurityException: User name \[.*\] or password is invalid/);
  expect(refusals("a-1").join("\n")).toContain(`[${user}]`);
});

it("accepts the new passwords alone after the second run, in which clients with the new one lose nothing", async () => {
  write({ generation: 2, acceptPrevious: false });
  const { counts } = await underLoad(project.directory, stack, () => project.up(stack));
  expect(counts).toMatchObject({ lost: 0 });
  expect(counts.sent).toBeGreaterThan(100);

  expect(passwordsAt("a-1")).toEqual(fresh);
  expect(await output()).toBe(fresh["app"]);
  expect(await logins(old)).toEqual(REFUSED);
  expect(await logins(fresh)).toEqual(WELCOME);
  expect(await bridgesUp()).toEqual([true, true]);
});
