import { refusal } from "../../../operate/forget/forget";
import { type Reach, absentHosts, reachOf } from "../../../operate/hosts/reach";
import { removeScratch } from "../../../core/host/openSsh";
import { FakeHosts } from "../../support/fakeHosts";

const ssh = (stderr: string) => ({ code: 255, stdout: "", stderr });
const timeout = "ssh: connect to host 10.0.0.2 port 22: Connection timed out";
const banner = "Connection closed by UNKNOWN port 65535";

test.each<[string, { code: number | null; stdout: string; stderr: string }, boolean, Reach["kind"]]>([
  ["its services", { code: 0, stdout: "a-1\nb-1", stderr: "" }, false, "there"],
  ["no service", { code: 0, stdout: "", stderr: "" }, false, "empty"],
  ["no amq-host", { code: 127, stdout: "", stderr: "" }, false, "empty"],
  ["nobody", ssh(timeout), false, "gone"],
  ["no route", ssh("ssh: connect to host 10.0.0.2 port 22: No route to host"), false, "gone"],
  ["no such name", ssh("ssh: Could not resolve hostname m2: Name or service not known"), false, "gone"],
  ["a closed port", ssh("ssh: connect to host 10.0.0.2 port 22: Connection refused"), false, "unsure"],
  ["another key", ssh("ops@10.0.0.2: Permission denied (publickey)."), false, "unsure"],
  ["nothing in time", { code: null, stdout: "", stderr: "no answer within 15 s" }, false, "unsure"],
  ["a bastion that is not there", ssh(`${timeout}\n${banner}`), true, "unsure"],
  [
    "a bastion that finds nobody",
    ssh(`channel 0: open failed: connect failed: No route to host\n${banner}`),
    true,
    "gone",
  ],
])("an answer of %s", (_name, answer, behindBastion, kind) => {
  expect(reachOf(answer, behindBastion).kind).toBe(kind);
});

test("of another key the line with the address is told, not the banner around it", () => {
  const said = [
    "@@@@@@@@@",
    "@  WARNING: CHANGED!  @",
    "Host key for 10.0.0.2 has changed and you have requested strict checking.",
  ];
  expect(reachOf(ssh(said.join("\n")), false)).toMatchObject({ kind: "unsure", reason: said[2] });
});

describe("forget", () => {
  const { plan, remove } = (() => {
    const hosts = new FakeHosts();
    return { plan: hosts.plan, remove: () => { hosts.remove(); } }; // prettier-ignore
  })();
  afterAll(remove);
  const gone: Reach = { kind: "gone", reason: timeout };
  const there: Reach = { kind: "there", services: ["a-2", "b-2"] };

  test.each<[string, Reach, Reach[], RegExp | undefined]>([
    ["a host that answers", there, [there], /it answers, and a-2, b-2 would go on there/],
    ["one that cannot be asked", { kind: "unsure", reason: "refused" }, [there], /cannot be asked \(refused\)/],
    ["one that is gone with all others", gone, [gone, gone], /no host of test answers .*network of this machine/],
    ["one that is gone", gone, [gone, there], undefined],
    ["the only one", gone, [], undefined],
    ["an empty machine", { kind: "empty" }, [there], undefined],
  ])("%s", (_name, found, others, refused) => {
    const reason = refusal(plan, "m2", found, others);
    if (refused === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(refused);
  });
});

test("a run that failed names the hosts that do not answer, and both ways on; for one that left the stack file, too", async () => {
  const hosts = new FakeHosts({
    target: "ssh",
    store: "kahaDB",
    groups: [{ name: "a", brokers: 1 }],
    hosts: [{ name: "m1", address: "m1.invalid", roles: ["broker"] }],
  });
  const known = ["m1", "m2"].map((name) => ({ name, login: { address: `${name}.invalid`, port: 22, user: "ops" } }));
  const said = await absentHosts(hosts.plan, known, "down");
  hosts.remove();
  removeScratch();
  expect(said.split("\n")).toEqual([
    expect.stringMatching(
      /^m1 does not answer \(ssh: .*m1\.invalid.*\): switch it on, then run npx amq down test again\. If it is gone for good, npx amq forget test m1 first\.$/,
    ),
    expect.stringMatching(/^m2 does not answer .* npx amq forget test m2 first\.$/),
  ]);
});
