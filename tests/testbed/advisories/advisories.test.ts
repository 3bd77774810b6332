/** The look at the advisories, against a server on this machine. */
import { VULNERABILITIES } from "../../../core/products/vulnerabilities";
import { advisories } from "../../../testbed/advisories/advisories";
import { pinned } from "../../../testbed/advisories/pinned";
import { CONTROL_ENTRIES, type Entry, FakeOsv } from "./fakeOsv";

let osv: FakeOsv | undefined;
afterEach(async () => {
  await osv?.stop();
  osv = undefined;
});

/** Runs the command against a source that has these entries. @returns its exit code and what it said */
async function run(entries: readonly Entry[], options: { strict?: boolean; instead?: FakeOsv["instead"] } = {}) {
  osv = new FakeOsv(entries);
  osv.instead = options.instead;
  const url = await osv.start();
  const said: string[] = [];
  const code = await advisories({ url, firstWaitMillis: 1 }, options.strict === true, (text) => said.push(text));
  return { code, said: said.join("\n") };
}

const version = (name: string, runtime: string) =>
  pinned().find((one) => one.name === name && one.runtimes.includes(runtime))?.version ?? "";
const BROKER = "org.apache.activemq:activemq-broker";
const [OLD, NEW] = [version(BROKER, "classic-5.16"), version(BROKER, "classic-6.3")];
const broker = (id: string, of: string, more: Partial<Entry> = {}): Entry => ({ ecosystem: "Maven", name: BROKER, version: of, id, ...more }); // prettier-ignore

it("is content when every advisory is in a table, by its own number or by another one", async () => {
  const known = VULNERABILITIES.map(({ id }, i) => broker(`GHSA-${i}`, OLD, { aliases: [id] }));
  const postgres = { ecosystem: "Bitnami", name: "postgresql", version: version("postgresql", "postgresql-16") };
  const { code, said } = await run([
    ...CONTROL_ENTRIES,
    ...known,
    broker("CVE-2026-40046", OLD),
    { ...postgres, id: "BIT-postgresql-2026-2004", aliases: ["CVE-2026-2004"] },
  ]);
  // One of the controls is about a version that is pinned: the brokers' ZooKeeper client.
  expect([code, said]).toEqual([0, expect.stringContaining(`${known.length + 3} in the tables, 0 missing`)]);
});

it.each<[string, Omit<Entry, "id">]>([
  ["ActiveMQ", { ecosystem: "Maven", name: BROKER, version: NEW }],
  ["ZooKeeper", { ecosystem: "Bitnami", name: "zookeeper", version: version("zookeeper", "zookeeper-3.9") }],
  ["PostgreSQL", { ecosystem: "Bitnami", name: "postgresql", version: version("postgresql", "postgresql-16") }],
  ["the JDBC driver", { ecosystem: "Maven", name: "org.postgresql:postgresql", version: version("org.postgresql:postgresql", "classic-6.3") }], // prettier-ignore
])("fails for one of %s that is in no table, names what has it, and says what to do", async (_product, asked) => {
  expect(asked.version).toMatch(/^\d/);
  const { code, said } = await run([...CONTROL_ENTRIES, { ...asked, id: "GHSA-new", aliases: ["CVE-2099-1"] }]);
  expect(code).toBe(1);
  expect(said).toContain("MISSING: CVE-2099-1, GHSA-new: what GHSA-new is");
  expect(said).toContain(`    ${asked.name} ${asked.version} (runtime/`);
  expect(said).toContain("https://osv.dev/vulnerability/GHSA-new");
  expect(said).toContain("What to do with each");
});

it("tells one advisory once, however many records and packages have it", async () => {
  const { code, said } = await run([
    ...CONTROL_ENTRIES,
    broker("GHSA-new", OLD, { aliases: ["CVE-2099-1"] }),
    broker("GHSA-new", NEW, { aliases: ["CVE-2099-1"] }),
    { ecosystem: "Bitnami", name: "activemq", version: OLD, id: "BIT-new", aliases: ["CVE-2099-1"] },
  ]);
  expect([code, said.match(/^MISSING/gm)?.length]).toEqual([1, 1]);
  for (const line of [`${BROKER} ${OLD}`, `${BROKER} ${NEW}`, `activemq ${OLD}`]) expect(said).toContain(line);
});

it("reads every page", async () => {
  const [{ id } = { id: "" }] = VULNERABILITIES;
  const { code, said } = await run([...CONTROL_ENTRIES, broker(id, OLD), broker("CVE-2099-1", OLD), broker("CVE-2099-2", OLD)]); // prettier-ignore
  expect([code, said.match(/^MISSING: CVE-2099-\d/gm)]).toEqual([1, ["MISSING: CVE-2099-1", "MISSING: CVE-2099-2"]]);
});

it("fails when the table calls a release fixed that the source does not", async () => {
  const fixed = VULNERABILITIES.find(({ id }) => id === "CVE-2026-34197");
  expect(fixed).toBeDefined();
  const { code, said } = await run([...CONTROL_ENTRIES, broker("GHSA-x", NEW, { aliases: ["CVE-2026-34197"] })]);
  expect([code, said]).toEqual([1, expect.stringContaining("DISPUTED")]);
});

it("leaves out what was withdrawn", async () => {
  const { code, said } = await run([...CONTROL_ENTRIES, broker("GHSA-w", NEW, { withdrawn: "2026-01-01T00:00:00Z" })]);
  expect([code, said]).toEqual([0, expect.stringContaining("0 missing")]);
});

it("tells what other jars have, and fails for them when asked to", async () => {
  const name = "com.fasterxml.jackson.core:jackson-databind";
  const entries = [...CONTROL_ENTRIES, { ecosystem: "Maven", name, version: version(name, "classic-6.3"), id: "GHSA-j" }]; // prettier-ignore
  const lenient = await run(entries);
  expect([lenient.code, lenient.said]).toEqual([0, expect.stringContaining("NOT JUDGED: GHSA-j")]);
  await osv?.stop();
  const strict = await run(entries, { strict: true });
  expect([strict.code, strict.said]).toEqual([1, expect.stringContaining("MISSING: GHSA-j")]);
});

describe("knows nothing, and says so,", () => {
  const silent = CONTROL_ENTRIES.slice(1);
  const wrong = CONTROL_ENTRIES.map((entry, i) => (i === 0 ? { ...entry, aliases: ["CVE-2000-1"] } : entry));
  it.each<[string, readonly Entry[], FakeOsv["instead"]]>([
    ["when a source has never heard of ActiveMQ", silent, undefined],
    ["when it knows another advisory than the one that everybody knows", wrong, undefined],
    ["when everything is refused", [], () => ({ status: 503, text: "busy" })],
    ["when an answer has another form", CONTROL_ENTRIES, () => ({ status: 200, text: '{"results":"none"}' })],
    ["when an answer is no JSON", CONTROL_ENTRIES, () => ({ status: 200, text: "<html>" })],
    ["when there are fewer answers than questions", CONTROL_ENTRIES, () => ({ status: 200, text: '{"results":[]}' })],
    [
      "when a record cannot be read",
      CONTROL_ENTRIES,
      (path) => (path.startsWith("/v1/vulns/") ? { status: 404, text: "{}" } : undefined),
    ],
  ])("%s", async (_what, entries, instead) => {
    const { code, said } = await run(entries, { instead });
    expect([code, said]).toEqual([2, expect.stringContaining("NOT KNOWN: http://127.0.0.1:")]);
  });

  it("when nobody is there", async () => {
    osv = new FakeOsv([]);
    const url = await osv.start();
    await osv.stop();
    osv = undefined;
    const said: string[] = [];
    expect(await advisories({ url, firstWaitMillis: 1 }, false, (text) => said.push(text))).toBe(2);
    expect(said.join()).toContain("ECONNREFUSED");
  });
});

it("tries again after a passing fault", async () => {
  let faults = 2;
  const instead = () => (faults-- > 0 ? { status: 500, text: "" } : undefined);
  expect((await run(CONTROL_ENTRIES, { instead })).code).toBe(0);
});
