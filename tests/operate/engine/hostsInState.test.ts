/** The state without a host, made from what the program really registers, in both engines' formats. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plan } from "../../../core/plan/plan";
import { render } from "../../../core/render/render";
import { runtimeIds, runtimesOf } from "../../../core/render/runtimes";
import type { RuntimeIds } from "../../../core/host/service";
import { parseConfig } from "../../../core/load/parseConfig";
import { runtimeDirectory } from "../../../core/host/runtimes";
import { nameOf, readResource } from "../../../components/resourceNames";
import { hostsIn, unprotectedIn, withoutHost } from "../../../operate/engine/hostsInState";
import { type Registered, recordRegistrations } from "../../support/recorder";
import { toRaw } from "../../support/raw";
import { type Entry, exportedState, standInState } from "./states";

const directory = mkdtempSync(join(tmpdir(), "amq-hosts-in-state-"));
const cache = process.env["AMQ_CACHE"];
let remote: Map<string, Registered>;
let local: Map<string, Registered>;
let shared: Map<string, Registered>;
let ids: RuntimeIds;

beforeAll(async () => {
  // Runtimes that are there: nothing is downloaded for this.
  process.env["AMQ_CACHE"] = directory;
  writeFileSync(join(directory, "key"), "a private key\n");
  const machine = (name: string, last: number, role: string) => ({ name, address: `10.0.0.${last}`, roles: [role] });
  const machines = {
    target: "ssh",
    placement: "interleaved",
    groups: [{ name: "a" }, { name: "b" }],
    ssh: { user: "ops", privateKeyFile: join(directory, "key") },
    hosts: [
      ...[1, 2].map((n) => machine(`m${n}`, n, "broker")),
      // One name and one address begin like another's.
      machine("m22", 22, "broker"),
      ...[4, 5, 6].map((n) => machine(`z${n}`, n, "zookeeper")),
    ],
  };
  const planned = plan("test", parseConfig("test", toRaw(machines)));
  const here = plan("test", parseConfig("test", toRaw({ target: "local", groups: [{ name: "a" }, { name: "b" }] })));
  for (const name of runtimesOf(planned)) {
    mkdirSync(runtimeDirectory(name), { recursive: true });
    writeFileSync(join(runtimeDirectory(name), ".complete"), "");
  }
  ids = runtimeIds();
  const registered = await recordRegistrations();
  const { PlannedCluster } = await import("../../../components/plannedCluster");
  const { sshTarget } = await import("../../../components/ssh/sshTarget");
  const { localTarget } = await import("../../../components/local/localTarget");
  const all = async (cluster: InstanceType<typeof PlannedCluster>) => {
    await new Promise((resolve) => cluster.failoverUrl.apply(resolve));
    // Copies: the next cluster has resources of the same names.
    const found = new Map([...registered].map(([name, one]) => [name, { ...one }]));
    registered.clear();
    return found;
  };
  const services = { services: render(planned, ids), ...sshTarget(planned, runtimesOf(planned)) };
  remote = await all(new PlannedCluster("c", { plan: planned, ...services }));
  const nfs = {
    target: "ssh",
    store: "sharedKahaDB",
    sharedKahaDB: { directory: "/srv/activemq" },
    groups: [{ name: "a", brokers: 2 }],
    ssh: { user: "ops", privateKeyFile: join(directory, "key") },
    hosts: [1, 2].map((n) => machine(`m${n}`, n, "broker")),
  };
  const onNfs = plan("test", parseConfig("test", toRaw(nfs)));
  for (const name of runtimesOf(onNfs)) mkdirSync(runtimeDirectory(name), { recursive: true });
  for (const name of runtimesOf(onNfs)) writeFileSync(join(runtimeDirectory(name), ".complete"), "");
  const nfsServices = { services: render(onNfs, runtimeIds()), ...sshTarget(onNfs, runtimesOf(onNfs)) };
  shared = await all(new PlannedCluster("c", { plan: onNfs, ...nfsServices }));
  const localServices = { services: render(here, ids), ...localTarget("/a place", here, []) };
  local = await all(new PlannedCluster("c", { plan: here, ...localServices }));
});
afterAll(() => {
  if (cache === undefined) delete process.env["AMQ_CACHE"];
  else process.env["AMQ_CACHE"] = cache;
  rmSync(directory, { recursive: true, force: true });
});

const ofBroker = (group: string, name: string) => [
  `c-preflight-${name}`,
  ...["stage", "credentials", "settle", "pass1", "pass2"].map((step) => `c-${group}-${step}-${name}`),
  `c-bridges-${name}`,
];

/** After each member but the last, every host with brokers waits until they are whole. */
const afterMembers = (host: string) =>
  ["pass1-zookeeper-1", "pass1-zookeeper-2", "pass1-zookeeper-3", "pass2-zookeeper-1", "pass2-zookeeper-2"].map(
    (visit) => `c-zookeeper-${visit}-then-${host}`,
  );

/** Nothing may name a resource that is not there: the real engine refuses such a state. */
function expectConsistent(kept: readonly Entry[]): void {
  const there = new Set(kept.map(({ urn }) => urn));
  for (const { urn, parent = "", dependencies, propertyDependencies } of kept) {
    const named = [...(dependencies ?? []), ...Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? [])];
    const missing = [parent, ...named].filter((other) => other.startsWith("urn:pulumi:") && !there.has(other));
    expect([urn, missing]).toEqual([urn, []]);
  }
}

describe.each([
  ["the stand-in's state", standInState],
  ["an exported state", exportedState],
])("%s", (_name, stateOf) => {
  test("a machine: everything that is done there, and nothing else", () => {
    const entries = stateOf(remote);
    const { kept, removed } = withoutHost(entries, "m2");
    const expected = [
      ...[
        "c-m2",
        "c-m2-prepare",
        "c-m2-setup",
        `c-m2-upload-${ids("classic-5.16")}`,
        `c-m2-runtime-${ids("classic-5.16")}`,
      ],
      ...ofBroker("a", "a-2"),
      ...ofBroker("b", "b-2"),
      ...afterMembers("m2"),
    ];
    expect([...removed].map(nameOf).sort()).toEqual(expected.sort());
    expect(kept).toHaveLength(entries.length - expected.length);
    expectConsistent(kept);
    expect(hostsIn(kept).map(({ name }) => name)).toEqual(["m1", "m22", "z4", "z5", "z6"]);
  });

  test("a folder of this machine", () => {
    const entries = stateOf(local);
    const { kept, removed } = withoutHost(entries, "a-1");
    const expected = ["c-a-1", "c-a-1-prepare", ...ofBroker("a", "a-1"), ...afterMembers("a-1")];
    expect([...removed].map(nameOf).sort()).toEqual(expected.sort());
    expectConsistent(kept);
  });

  test("hosts, and how they are logged in to", () => {
    expect(hostsIn(stateOf(remote))[1]).toEqual({ name: "m2", login: { address: "10.0.0.2", port: 22, user: "ops" } });
    expect(hostsIn(stateOf(local))[0]).toEqual({ name: "a-1" });
  });

  test("hosts that have seen the directory that brokers share", () => {
    const [first, ...others] = hostsIn(stateOf(shared));
    expect(first).toMatchObject({ name: "m1", shares: true });
    expect(others).toHaveLength(1);
    expect(hostsIn(stateOf(new Map([...shared].filter(([name]) => name !== "c-share-m2"))))[1]?.shares).toBeUndefined();
  });

  test("a host that it does not know changes nothing", () => {
    const entries = stateOf(local);
    expect(withoutHost(entries, "a-11")).toEqual({ kept: entries, removed: new Set() });
  });
});

test("nothing that the program registers has a name that is not read", () => {
  const all = [...remote.values(), ...local.values(), ...shared.values()].filter(({ name }) => name !== "c");
  expect(all.filter(({ urn }) => readResource(urn, "c") === undefined).map(({ name }) => name)).toEqual([]);
});

test("of a resource that was replaced, the old entry goes, too", () => {
  const entries = standInState(remote);
  const upload = entries.filter(({ urn }) => urn.endsWith(`c-m2-upload-${ids("classic-5.16")}`));
  const { kept, removed } = withoutHost([...entries, ...upload], "m2");
  expect(kept).toHaveLength(entries.length + 1 - removed.size - upload.length);
  expect(kept.filter(({ urn }) => urn.includes("c-m2-upload"))).toEqual([]);
});

test("deletedWith and replaceWith lose what went", () => {
  const entries = standInState(remote);
  const urnOf = (name: string) => entries.find(({ urn }) => nameOf(urn) === name)?.urn ?? "";
  const other = {
    urn: "urn:x",
    type: "x",
    custom: true,
    deletedWith: urnOf("c-m2"),
    replaceWith: [urnOf("c-m2-setup"), urnOf("c-m1")],
  };
  const { kept } = withoutHost([...entries, other], "m2");
  expect(kept.at(-1)).toEqual({ ...other, deletedWith: "", replaceWith: [urnOf("c-m1")] });
});

it("names what a destroy would delete of a type", () => {
  const entry = (name: string, more: object = {}) => ({
    urn: `urn:pulumi:s::p::t:a:Volume::${name}`,
    type: "t:a:Volume",
    ...more,
  });
  const state = [entry("bare"), entry("protected", { protect: true }), entry("forgotten", { retainOnDelete: true })];
  expect(unprotectedIn([...state, { urn: "urn:pulumi:s::p::t:a:Disk::disk", type: "t:a:Disk" }], "t:a:Volume")).toEqual(
    ["bare"],
  );
});
