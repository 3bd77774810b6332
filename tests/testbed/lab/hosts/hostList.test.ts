import { DEFAULT_HOSTS, formatHosts, networkOf, parseHosts } from "../../../../testbed/lab/hosts/hostList";

const host = (name: string, address: string) => ({ name, address });

describe("parseHosts", () => {
  it("reads what formatHosts writes", () => {
    expect(parseHosts(formatHosts(DEFAULT_HOSTS))).toEqual(DEFAULT_HOSTS);
  });

  it("leaves out spaces around a host", () => {
    expect(parseHosts("a=10.1.2.3, b=10.1.2.4")).toEqual([host("a", "10.1.2.3"), host("b", "10.1.2.4")]);
  });

  it.each(["", "a", "a=1.2.3.4,", "a=b=c"])("refuses %p with an example of what is allowed", (text) => {
    expect(() => parseHosts(text)).toThrow("name=address, several with commas between, as in host-1=192.168.2.86,");
  });
});

describe("networkOf", () => {
  it("gives this machine the last address", () => {
    expect(networkOf(DEFAULT_HOSTS)).toEqual({
      subnet: { first: 0xc0a80200, prefix: 24 },
      machine: "192.168.2.254",
    });
  });

  it.each([
    [["10.0.0.254"], "10.0.0.1"],
    [["10.0.0.254", "10.0.0.1"], "10.0.0.253"],
  ])("keeps off the hosts' addresses %p", (addresses, machine) => {
    expect(networkOf(addresses.map((address, i) => host(`h${i}`, address))).machine).toBe(machine);
  });

  it("refuses hosts that leave it no address", () => {
    const all = Array.from({ length: 254 }, (_, i) => host(`h${i}`, `10.0.0.${i + 1}`));
    expect(() => networkOf(all)).toThrow("the hosts use every address of 10.0.0.0/24");
  });

  it.each([
    ["no host", [], "at least one"],
    ["a name with capitals", [host("A", "10.0.0.1")], '"A" is not a host name'],
    ["a name twice", [host("a", "10.0.0.1"), host("a", "10.0.0.2")], 'the name "a" is there twice'],
    ["an address twice", [host("a", "10.0.0.1"), host("b", "10.0.0.1")], "the address 10.0.0.1 is there twice"],
    ["two subnets", [host("a", "10.0.0.1"), host("b", "10.0.1.1")], "in 10.0.0.0/24 and 10.0.1.0/24"],
    ["no address", [host("a", "10.0.0.256")], '"10.0.0.256" is not an address'],
    ["a loopback address", [host("a", "127.0.0.2")], "not 127.x.x.x"],
    ["a multicast address", [host("a", "224.0.0.2")], "not 127.x.x.x"],
    ["the subnet's own address", [host("a", "10.0.0.0")], "the first or the last of its subnet 10.0.0.0/24"],
    ["the broadcast address", [host("a", "10.0.0.255")], "the first or the last of its subnet 10.0.0.0/24"],
  ])("refuses %s", (_, hosts, problem) => {
    expect(() => networkOf(hosts)).toThrow(problem);
  });

  it("says every fault at once", () => {
    expect(() => networkOf([host("A", "x"), host("b", "127.0.0.1")])).toThrow(/"A"[^]*A: "x"[^]*b: "127.0.0.1"/);
  });
});
