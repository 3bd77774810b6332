import { conflict, formatAddress, overlaps, parseAddress, subnetOf } from "../../../../testbed/lab/hosts/subnet";

const subnet = (text: string) => {
  const [address = "", length] = text.split("/");
  return subnetOf(parseAddress(address) ?? NaN, Number(length));
};

it.each(["0.0.0.0", "192.168.2.86", "255.255.255.255"])("reads and writes %s", (text) => {
  expect(formatAddress(parseAddress(text) ?? NaN)).toBe(text);
});

it.each(["", "1.2.3", "1.2.3.256", "1.2.3.4.5", "::1", " 1.2.3.4"])("does not take %p for an address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

it.each([
  ["192.168.2.0/24", "192.168.2.86/32", true],
  ["192.168.2.0/24", "192.168.0.0/16", true],
  ["192.168.2.0/24", "192.168.2.128/25", true],
  ["192.168.2.0/24", "192.168.3.0/24", false],
  ["192.168.2.0/24", "192.168.1.255/32", false],
  ["0.0.0.0/0", "255.255.255.255/32", true],
])("%s and %s overlap: %p", (a, b, expected) => {
  expect(overlaps(subnet(a), subnet(b))).toBe(expected);
  expect(overlaps(subnet(b), subnet(a))).toBe(expected);
});

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
