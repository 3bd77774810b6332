/** What an earlier release has recorded says where its brokers are, and a later one moves none of them unseen. */
import { parseConfig } from "../../../core/load/parseConfig";
import { changeFrom } from "../../../core/change/change";
import { planOfRecord, recordOf } from "../../../core/change/record";
import { plan } from "../../../core/plan/plan";
import type { ClusterPlan } from "../../../core/plan/model";
import { planOf } from "../../support/plans";

type Values = Record<string, unknown>;
const THREE: Values[] = [{ name: "a" }, { name: "b" }, { name: "c" }];
const hosts = (n: number) => Array.from({ length: n }, (_, i) => ({ name: `h${i + 1}`, address: `10.0.0.${i + 1}` }));
const interleaved = (n: number, groups = THREE) =>
  planOf({ target: "ssh", store: "jdbc", jdbc: { url: "jdbc:postgresql://db/mq", passwordFile: "/pw" }, placement: "interleaved", hosts: hosts(n), groups }); // prettier-ignore
const placesOf = ({ groups }: ClusterPlan) => groups.map(({ brokers }) => brokers.map(({ host }) => host).join(" "));
/** As releases wrote it that placed by number. */
const byNumber = ({ stack, config }: ClusterPlan) => JSON.stringify({ stack, config });

test("brokers that a record places by number are there, and moving them is refused", () => {
  const next = interleaved(5);
  expect(placesOf(next)).toEqual(["h1 h2 h3", "h1 h4 h5", "h2 h3 h4"]);
  const before = planOfRecord(byNumber(next));
  expect(placesOf(before)).toEqual(["h1 h2 h3", "h1 h2 h3", "h1 h2 h3"]);
  const { faults } = changeFrom(before, next);
  expect(new Set(faults.filter(({ path }) => path.endsWith(".hosts")).map(({ path }) => path))).toEqual(
    new Set(["groups[1].hosts", "groups[2].hosts"]),
  );
  expect(faults.map(({ fix }) => fix).join()).toContain("write hosts: [h1, h2, h3] on group b");
});

test("a group that names its hosts stays where it is, as the refusal says", () => {
  const before = planOfRecord(byNumber(interleaved(5)));
  const stay = { hosts: ["h1", "h2", "h3"] };
  const next = interleaved(5, [{ name: "a" }, { name: "b", ...stay }, { name: "c", ...stay }]);
  expect(changeFrom(before, next).faults).toEqual([]);
});

test("hosts that carried nothing may leave, and nothing moves", () => {
  const before = planOfRecord(byNumber(interleaved(5)));
  expect(changeFrom(before, interleaved(3)).faults).toEqual([]);
});

test("a record names the hosts of brokers that are spread, and means the same plan again", () => {
  const spread = interleaved(5);
  const read = planOfRecord(recordOf(spread));
  expect(placesOf(read)).toEqual(placesOf(spread));
  expect(changeFrom(read, spread).faults).toEqual([]);
});

test.each<[string, ClusterPlan]>([
  ["groups that have as many brokers as there are hosts", interleaved(3)],
  ["a host for each broker", planOf({})],
  ["machines that nobody listed", planOf({ placement: "interleaved" })],
])("a record of %s is the configuration alone, as it always was", (_what, planned) => {
  expect(recordOf(planned)).toBe(byNumber(planned));
  expect(placesOf(planOfRecord(byNumber(planned)))).toEqual(placesOf(planned));
});

test("a host more in a running cluster would move brokers, and is refused with what keeps them", () => {
  const before = planOfRecord(recordOf(interleaved(3)));
  const { faults } = changeFrom(before, interleaved(4));
  expect(faults.find(({ path }) => path === "groups[1].hosts")?.fix).toContain("hosts: [h1, h2, h3] on group b");
  const { stack, config } = interleaved(4, THREE.map((group) => ({ ...group, hosts: ["h1", "h2", "h3"] }))); // prettier-ignore
  const raw = Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]); // prettier-ignore
  const kept = plan(stack, parseConfig("test", Object.fromEntries(raw) as Record<string, string>));
  expect(changeFrom(before, kept).faults).toEqual([]);
  expect(kept.warnings.join()).toContain("Nothing runs on h4");
});
