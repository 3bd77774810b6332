import { parseNetwork } from "../../../../core/util/ipv4";
import { conflict, machineAddress, subnetOf } from "../../../../testbed/lab/hosts/subnet";

const subnet = (text: string) => {
  const network = parseNetwork(text);
  if (network === undefined) throw new Error(`${text} is no network`);
  return network;
};

describe("conflict", () => {
  const lab = subnet("192.168.2.0/24");
  const link = (local: string, prefixlen: number) => [{ ifname: "eth0", addr_info: [{ local, prefixlen }] }];

  it("finds an address of this machine in the subnet", () => {
    expect(conflict(lab, link("192.168.2.7", 24), [])).toBe(
      "this machine has the address 192.168.2.7/24 on eth0, which is in 192.168.2.0/24",
    );
  });

  it.each(["192.168.0.0/16", "192.168.2.0/24", "192.168.2.9", "192.0.0.0/8"])("finds a route to %s", (dst) => {
    expect(conflict(lab, [], [{ dst, dev: "tun0" }])).toContain(`a route to ${dst} through tun0`);
  });

  it.each(["default", "0.0.0.0/1", "128.0.0.0/1", "192.168.3.0/24", "127.0.0.0/8"])("lets a route to %s be", (dst) => {
    expect(conflict(lab, link("10.0.0.2", 24), [{ dst }])).toBeUndefined();
  });
});

describe("this machine's own address", () => {
  const lab = subnetOf(subnet("192.168.2.86/32").first);

  it.each([
    { taken: [86], last: 254 },
    { taken: [86, 254], last: 1 },
    { taken: [1, 254], last: 253 },
  ])("with $taken taken it is $last", ({ taken, last }) => {
    expect(machineAddress(lab, new Set(taken.map((n) => lab.first + n)))).toBe(lab.first + last);
  });

  it("is refused when the hosts leave none", () => {
    const all = new Set(Array.from({ length: 254 }, (_, i) => lab.first + 1 + i));
    expect(() => machineAddress(lab, all)).toThrow("the hosts use every address of 192.168.2.0/24");
  });
});
