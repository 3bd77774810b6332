/** Store jdbc on real processes: what it promises, and what changes with it. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { PlanJson } from "../../operate/plan/plan";
import { Project, group, port } from "../../testbed/harness/testProject";
import { javaSays } from "./java";
import { RETAINED } from "./retained";
import { NOTHING_MISSED, casesOf, printed } from "./subscriptionCases";

type Whose = Readonly<Record<"product" | "ours", string>>;

/** Cases of SubscriptionCheck with what happens in a database: name, what is left, what the product's classes give and what ours do. */
const TRANSACTIONS: readonly (readonly [string, string, string, string, Whose?])[] = [
  ["published in a transaction that ends later", "1", "", "1 2"],
  [
    "published in a transaction that ends later, read",
    "1 2",
    "1 2",
    "1 2",
    { product: "reads [2] and then []", ours: "reads [2] and then [1, 2]" },
  ],
  ["acknowledged while a transaction is under way elsewhere", "", "", ""],
  ["selector, unused messages are removed", "", "", "", { product: "3 rows", ours: "0 rows" }],
  ["published in a transaction that is rolled back", "3", "3", "3"],
  ["subscribed while a message is published", "1", "", "1"],
  ["acknowledged in a prepared transaction that the next master commits", "3", "3", "3"],
  ["acknowledged singly in a prepared transaction that the next master commits", "1 2", "", "1 2 3"],
  [
    "acknowledged singly in a prepared transaction that is committed",
    "1 2",
    "",
    "1 2 3",
    { product: "committed", ours: "committed" },
  ],
  ["an acknowledgment that the database refuses", "1", "", "1 2"],
  ["an acknowledgment in a transaction that the database refuses", "1", "", "1 2"],
];

const project = new Project();
afterAll(() => {
  project.remove();
});

describe("jdbc, in a database that the program runs, as spokes", () => {
  const stack = "jdbc";
  const keys = {
    store: "jdbc",
    topology: "spokes",
    groups: [
      { ...group("a", 0, 3, false), role: "producers" },
      { ...group("b", 3, 3, false), role: "consumers" },
    ],
  };
  const folder = (...path: string[]) => join(project.directory, ".amq", stack, "hosts", ...path);
  const databasePassword = () => {
    const credentials = readFileSync(folder("postgresql", "postgresql", "active", "credentials.properties"), "utf8");
    return /^jdbc\.password=(.{32})$/m.exec(credentials)?.[1] ?? "";
  };
  const rolesOf = async (group: number) => {
    const { groups } = await project.status(stack);
    return groups[group]?.brokers.map(({ role }) => role).sort();
  };

  beforeAll(async () => {
    project.write(stack, keys);
    await project.up(stack);
  });
  afterAll(() => {
    project.end(stack);
  });

  it("has one master in each group, slaves that wait for the lease, and no ZooKeeper", async () => {
    const { whole, ensemble, database } = await project.whole(stack);
    expect({ whole, ensemble, database }).toEqual({
      whole: true,
      ensemble: [],
      database: [{ name: "postgresql", role: "serving" }],
    });
    expect([await rolesOf(0), await rolesOf(1)]).toEqual([
      ["master", "slave", "slave"],
      ["master", "slave", "slave"],
    ]);
    const { stdout } = await project.amq("plan", stack);
    expect(stdout).toContain("none: the database leases the mastership of each group to one of its brokers");
  });

  it("shows the database's password in no rendered file, log or command line", () => {
    const password = databasePassword();
    expect(password).not.toBe("");
    const files = readdirSync(folder(), { recursive: true, encoding: "utf8" }).filter(
      (file) =>
        !file.endsWith("credentials.properties") &&
        /\.(log|xml|conf|properties)$|\/(run|probe)$/.test(file) &&
        statSync(folder(file)).isFile(),
    );
    expect(files.length).toBeGreaterThan(20);
    const commandLines = project.processes().map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    for (const text of [...files.map((file) => readFileSync(folder(file), "latin1")), ...commandLines]) {
      expect(text.includes(password)).toBe(false);
    }
  });

  /** Runs one of the Java programs on this database, in tables of its own. @returns its lines */
  const check = (program: string, ...words: string[]) => {
    const url = `jdbc:postgresql://127.0.0.1:${port(25432)}/activemq`;
    const env = { ...process.env, PASSWORD: databasePassword() };
    const options = ["-Dorg.apache.logging.log4j.level=OFF"];
    return javaSays("classic-6.3", program, [...words, url, "activemq"], { env, options })
      .trimEnd()
      .split("\n");
  };

  it("refuses what a broker writes whose lease another one has, and ends what it had begun", () => {
    expect(check("FenceCheck")).toEqual([
      "before: done",
      "after, too early: ERROR: after does not hold the lease of fence_msgs: before does",
      "before, in a transaction: done",
      "before, going on in it: FATAL: terminating connection due to administrator command",
      "before: ERROR: before does not hold the lease of fence_msgs: after does",
      "before: ERROR: before does not hold the lease of fence_msgs: after does",
      "before: ERROR: before does not hold the lease of fence_acks: after does",
      "after: done",
      "stored: 1 4",
      "an administrator: done",
    ]);
  });

  it("has retained messages of MQTT in the database", () => {
    const url = `jdbc:postgresql://127.0.0.1:${port(25432)}/activemq`;
    const env = { ...process.env, PASSWORD: databasePassword() };
    const data = join(project.directory, "retained");
    expect(javaSays("classic-6.3", "RetainedCheck", ["ours", "jdbc", data, url, "activemq"], { env })).toBe(RETAINED);
  });

  it("a durable subscriber gets what it has not acknowledged, where the product takes all before for acknowledged", () => {
    const inDatabase = (who: "product" | "ours") => [
      ...casesOf("jdbc", who).map((one) => printed(who, one)),
      ...TRANSACTIONS.map(([name, left, product, ours, more]) => {
        const got = who === "ours" ? ours : product;
        return [printed(who, { name, left, got }), ...(more === undefined ? [] : [more[who]])].join(", ");
      }),
    ];
    for (const who of ["product", "ours"] as const) expect(check("SubscriptionCheck", who)).toEqual(inDatabase(who));
  });

  it("subscribers of every kind miss nothing of what several producers publish, between failovers, and have nothing left", () => {
    expect(check("SubscriptionsAtOnceCheck", "2", "ours")).toEqual(NOTHING_MISSED);
    // Such a load finds something.
    expect(check("SubscriptionsAtOnceCheck", "2", "product").join("\n")).toMatch(/SINGLY: missed \[\d/);
  });

  it("a message that the database refuses gets no number, where the product's queue may count it meanwhile", () => {
    const rest = "in a transaction no number and then";
    const said = (who: string, refused: string) => [
      `${who}, refused: ${refused}, ${rest} no number`,
      `${who}, stored: a number, ${rest} a number`,
    ];
    expect(check("RefusedSendCheck", "product")).toEqual(said("product", "a number"));
    expect(check("RefusedSendCheck", "ours")).toEqual(said("ours", "no number"));
  });

  it("keeps the promise of experiment 6", async () => {
    expect(await project.drill(stack, "6")).toMatchObject({ lost: 0, ok: true });
  });

  // "frozen" takes minutes, and is in testbed/proof/faults.md; what it lost before there was a fence, the test of the fence above tells in seconds.
  it.each([
    ["a timed kill under eight producers", ["5"]],
    ["a database that is killed and away for 12 s", ["8"]],
    ["every process killed at once", ["everything"]],
  ])("loses no acknowledged message in %s", async (_what, words) => {
    const result = await project.drill(stack, ...words);
    expect(result).toMatchObject({ lost: 0, ok: true });
    expect(result.sent).toBeGreaterThan(100);
  });

  it("a change rolls: slaves first, the master last, one failover for each group", async () => {
    project.write(stack, { ...keys, limits: { heapMiB: 272 } });
    const { stdout } = await project.amq("plan", stack, "--json");
    const { change } = JSON.parse(stdout) as PlanJson;
    expect(change).toMatchObject({ refused: [], members: [], database: [] });
    expect(change?.groups.map(({ restarts, failovers }) => [restarts.map(({ role }) => role), failovers])).toEqual([
      [["slave", "slave", "master"], 1],
      [["slave", "slave", "master"], 1],
    ]);
    await project.up(stack);
    await project.whole(stack);
  });

  it("comes up whole again over the data that down kept, with another password for the database", async () => {
    expect((await project.amq("down", stack, "--keep-data")).code).toBe(0);
    expect(project.processes()).toEqual([]);
    await project.up(stack);
    await project.whole(stack);
  });

  it("goes down without leaving a process", async () => {
    expect((await project.amq("down", stack)).code).toBe(0);
    expect(project.processes()).toEqual([]);
  });
});
