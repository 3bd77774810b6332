import { removeScratch } from "../../../core/host/openSsh";
import { purge } from "../../../operate/down/purge";
import { FakeHosts } from "../../support/fakeHosts";

let hosts: FakeHosts;
beforeAll(() => {
  hosts = new FakeHosts({
    target: "ssh",
    store: "kahaDB",
    groups: [{ name: "a", brokers: 1 }],
    hosts: [{ name: "m1", address: "m1.invalid", roles: ["broker"] }],
  });
});
afterAll(() => {
  hosts.remove();
  removeScratch();
});

test("a host that cannot be reached, and had something of the stack, is a failure that names it", async () => {
  await expect(purge(hosts.plan, [{ name: "m1" }])).rejects.toThrow(/its data is still in .*\nm1: ssh: .*m1\.invalid/);
});

test("one that was forgotten is not, and is told", async () => {
  expect(await purge(hosts.plan, [])).toEqual(["m1"]);
});
