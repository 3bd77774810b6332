/** The resources that the program registers: parents, order, secrets, removal. Against Pulumi's mocks; nothing runs. */
import type { PlannedCluster as Cluster } from "../../components/plannedCluster";
import { plan } from "../../core/plan/plan";
import { render } from "../../core/render/render";
import { configOf, type Values } from "../support/raw";
import { type Registered, recordRegistrations } from "../support/recorder";

const SECRET = "4dabf18193072939515e22adb298388d";
let registered: Map<string, Registered>;
let cluster: Cluster;
/** While passwords rotate, and after. */
let rotating: Cluster;
let rotated: Cluster;

beforeAll(async () => {
  registered = await recordRegistrations();
  const { PlannedCluster } = await import("../../components/plannedCluster");
  const { localHost } = await import("../../components/local/localHost");
  const clusterOf = (name: string, more: Values) => {
    const groups = [{ name: "a" }, { name: "b" }];
    const planned = plan("test", configOf({ target: "local", groups, ...more }));
    return new PlannedCluster(name, {
      plan: planned,
      services: render(planned, (runtime) => `${runtime}-x`),
      check: "check the change",
      access: () => (host) => localHost(`/hosts/${host.name}`, "/runtimes"),
      runtimes: () => [],
    });
  };
  cluster = clusterOf("c", {});
  const users = [{ name: "app" }, { name: "app-2" }];
  rotating = clusterOf("rotating", { users, passwords: { generation: 2 } });
  rotated = clusterOf("rotated", { users, passwords: { generation: 2, acceptPrevious: false } });
  await Promise.all(
    [cluster, rotating, rotated].map((each) => new Promise((resolve) => each.failoverUrl.apply(resolve))),
  );
});

const get = (name: string): Registered => {
  const found = registered.get(name);
  if (found === undefined)
    throw new Error(`${name} was not registered; there are ${[...registered.keys()].join(", ")}`);
  return found;
};
const create = (name: string) => get(name).inputs["create"];

it.each([
  ["c-zookeeper", "activemq:index:ZooKeeperEnsemble", "c"],
  ["c-a", "activemq:index:BrokerGroup", "c"],
  ["c-a-1", "activemq:index:Host", "c"],
  ["c-a-1-prepare", "command:local:Command", "c-a-1"],
  ["c-a-stage-a-1", "command:local:Command", "c-a"],
  ["c-a-replication-token", "random:index/randomPassword:RandomPassword", "c-a"],
  ["c-password-user-app", "random:index/randomPassword:RandomPassword", "c"],
])("%s is a %s below %s", (name, type, parent) => {
  expect(get(name)).toMatchObject({ type, parent });
});

it("asks whether the change may be made before anything is touched", () => {
  expect(get("c-change").inputs).toMatchObject({ create: "cat", update: "check the change" });
  expect(JSON.parse(get("c-change").inputs["stdin"] as string)).toMatchObject({
    stack: "test",
    config: { groups: [{ name: "a" }, { name: "b" }] },
  });
  const prepares = [...registered.keys()].filter((name) => /^c-.*-prepare$/.test(name));
  expect(prepares).toHaveLength(9);
  for (const prepare of prepares) expect(get(prepare).dependsOn).toContain("c-change");
});

it("checks every port before the first process starts", () => {
  const preflights = [...registered.keys()].filter((name) => name.startsWith("c-preflight-"));
  expect(preflights).toHaveLength(9);
  for (const first of ["c-zookeeper-stage-zookeeper-1", "c-a-stage-a-1", "c-b-stage-b-3"]) {
    expect(get(first).dependsOn).toEqual(expect.arrayContaining(preflights));
  }
});

it("waits for every broker between two members of the ensemble", () => {
  const gates = ["a-1", "a-2", "a-3", "b-1", "b-2", "b-3"].map((host) => `c-zookeeper-pass1-zookeeper-1-then-${host}`);
  expect(get("c-zookeeper-pass1-zookeeper-2").dependsOn).toEqual(expect.arrayContaining(gates));
  expect(get(gates[0] ?? "").dependsOn).toContain("c-zookeeper-pass1-zookeeper-1");
  expect(create(gates[0] ?? "")).toBe("/hosts/a-1/bin/amq-host await a-1");
  expect([...registered.keys()].filter((name) => name.startsWith("c-zookeeper-pass2-zookeeper-3-then-"))).toEqual([]);
  expect([...registered.keys()].filter((name) => name.includes("-then-zookeeper"))).toEqual([]);
});

it("gives brokers their files once the ensemble has its own, so that they are removed before it", () => {
  const members = ["zookeeper-1", "zookeeper-2", "zookeeper-3"].map((member) => `c-zookeeper-stage-${member}`);
  expect(get("c-a-stage-a-1").dependsOn).toEqual(expect.arrayContaining(members));
});

it("touches no broker that runs before the ensemble's last visit", () => {
  for (const settle of ["c-a-settle-a-1", "c-b-settle-b-3"]) {
    expect(get(settle).dependsOn).toContain("c-zookeeper-pass2-zookeeper-3");
  }
  expect(get("c-a-stage-a-1").dependsOn.filter((name) => name.includes("-pass"))).toEqual([]);
});

it("changes groups beside each other", () => {
  const commands = [...registered.values()].filter(({ name }) => name.startsWith("c-b-"));
  expect(commands.flatMap(({ dependsOn }) => dependsOn).filter((name) => name.startsWith("c-a-"))).toEqual([]);
});

it("visits a group one by one, slaves' pass first", () => {
  const chain = ["c-a-pass1-a-1", "c-a-pass1-a-2", "c-a-pass1-a-3", "c-a-pass2-a-1", "c-a-pass2-a-2", "c-a-pass2-a-3"];
  expect(get("c-a-pass1-a-1").dependsOn).toEqual(
    expect.arrayContaining(["c-a-settle-a-1", "c-a-settle-a-2", "c-a-settle-a-3"]),
  );
  for (const [i, name] of chain.slice(1).entries()) expect(get(name).dependsOn).toContain(chain[i]);
  expect(create("c-a-pass2-a-1")).toBe("/hosts/a-1/bin/amq-host visit a-1 2");
});

it("gives a visit what its own host staged, never a digest known beforehand", () => {
  expect(get("c-a-pass1-a-2").inputs["stdin"]).toBe("stdout of c-a-stage-a-2 stdout of c-a-credentials-a-2");
  expect(get("c-a-settle-a-2").inputs["stdin"]).toContain("stdout of c-a-stage-a-1");
});

it("asks for bridges after every group, again after any change", () => {
  const gate = get("c-bridges-a-1");
  expect(gate.dependsOn).toEqual(expect.arrayContaining(["c-a-pass2-a-3", "c-b-pass2-b-3"]));
  expect(gate.inputs["stdin"]).toContain("stdout of c-b-stage-b-2");
  expect(create("c-bridges-a-1")).toBe("/hosts/a-1/bin/amq-host bridges a-1 a-to-b");
});

it("sends credentials as a secret, files in clear without any", () => {
  expect(get("c-a-credentials-a-1").inputs["stdin"]).toMatchObject({ [SECRET]: expect.any(String) as string });
  expect(JSON.stringify(get("c-a-credentials-a-1").inputs["stdin"])).toContain("made-for-c-password-user-app");
  expect(get("c-a-credentials-a-1").inputs["logging"]).toBe("none");
  for (const { name, inputs } of registered.values()) {
    if (!name.includes("-credentials-")) expect(JSON.stringify(inputs)).not.toContain("made-for-");
  }
});

it("keeps one group's replication token from the other", () => {
  expect(JSON.stringify(get("c-a-credentials-a-1").inputs["stdin"])).not.toContain("made-for-c-b-replication-token");
});

describe("passwords", () => {
  const passwordsOf = (name: string) =>
    [...registered.values()]
      .filter(({ type, parent }) => type.endsWith("RandomPassword") && parent === name)
      .map((each) => each.name);
  /** credentials.properties as a host gets it, key by key. */
  const credentialsOf = (name: string) => {
    const { value } = get(name).inputs["stdin"] as { value: string };
    return Object.fromEntries(value.split("\n").map((line) => line.split("=") as [string, string]));
  };

  it("keep the names they have always had in the first generation", () => {
    expect(passwordsOf("c")).toEqual(["c-password-user-app", "c-password-user-admin", "c-password-bridge"]);
  });

  it("exist in both generations while they rotate, and no user's is another one's", () => {
    expect(passwordsOf("rotating")).toEqual([
      "rotating-password-2-user-app",
      "rotating-password-user-app",
      "rotating-password-2-user-app-2",
      "rotating-password-user-app-2",
      "rotating-password-2-bridge",
      "rotating-password-bridge",
    ]);
    expect(credentialsOf("rotating-b-credentials-b-2")).toMatchObject({
      "user.app.password": "made-for-rotating-password-2-user-app",
      "user.app.previous.password": "made-for-rotating-password-user-app",
      "user.app-2.password": "made-for-rotating-password-2-user-app-2",
      "user.app-2.previous.password": "made-for-rotating-password-user-app-2",
      "bridge.password": "made-for-rotating-password-2-bridge",
      "bridge.previous.password": "made-for-rotating-password-bridge",
    });
  });

  it("exist in the new generation alone once they have rotated, under the names they had meanwhile", () => {
    expect(passwordsOf("rotated")).toEqual([
      "rotated-password-2-user-app",
      "rotated-password-2-user-app-2",
      "rotated-password-2-bridge",
    ]);
    expect(Object.keys(credentialsOf("rotated-a-credentials-a-1")).filter((key) => key.includes("previous"))).toEqual(
      [],
    );
  });

  it("are new in the outputs from the first run on, and secret", async () => {
    for (const [each, name] of [
      [rotating, "rotating"],
      [rotated, "rotated"],
    ] as const) {
      const output = each.passwords["app"];
      if (output === undefined) throw new Error("no password of app");
      expect(await new Promise((resolve) => output.apply(resolve))).toBe(`made-for-${name}-password-2-user-app`);
      // Mocks pass no secretness on; the engine does.
      for (const password of passwordsOf(name)) expect(get(password).secrets).toContain("result");
    }
    for (const name of ["c", "rotating", "rotated"]) {
      expect(get(`${name}-a-credentials-a-1`).inputs["stdin"]).toMatchObject({
        [SECRET]: expect.any(String) as string,
      });
    }
  });

  it("leave the replication token as it is: all brokers of a group must have the same one", () => {
    expect(credentialsOf("rotating-a-credentials-a-1")["replication.token"]).toBe(
      "made-for-rotating-a-replication-token",
    );
    expect(credentialsOf("rotated-a-credentials-a-1")["replication.token"]).toBe(
      "made-for-rotated-a-replication-token",
    );
  });
});

it("removes a service with its files alone, also when its host is gone", () => {
  const removing = [...registered.values()]
    .filter(({ inputs }) => inputs["delete"] !== undefined)
    .map(({ name }) => name);
  expect(removing.filter((name) => /-(stage|prepare)/.test(name))).toHaveLength(removing.length);
  expect(get("c-a-stage-a-1").inputs["delete"]).toBe(
    "[ ! -x /hosts/a-1/bin/amq-host ] || /hosts/a-1/bin/amq-host remove a-1",
  );
});

it("gives no command triggers, and none but the check the previous output", () => {
  for (const [name, { type, inputs }] of registered) {
    if (type !== "command:local:Command") continue;
    expect(inputs["triggers"]).toBeUndefined();
    expect(inputs["addPreviousOutputInEnv"]).toBe(name.endsWith("-change"));
  }
});
