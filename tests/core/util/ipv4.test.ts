import * as fc from "fast-check";
import {
  NETWORK_FORM,
  addressAt,
  formatAddress,
  formatNetwork,
  lastOf,
  networkAround,
  overlap,
  parseAddress,
  parseNetwork,
  partOf,
  sizeOf,
} from "../../../core/util/ipv4";

const networks = fc
  .record({ prefix: fc.integer({ min: 0, max: 32 }), bits: fc.nat({ max: 2 ** 31 }) })
  .map(({ prefix, bits }) => ({ prefix, first: bits - (bits % 2 ** (32 - prefix)) }));

it.each([
  ["10.0.0.0/16", { first: 167772160, prefix: 16 }],
  ["0.0.0.0/0", { first: 0, prefix: 0 }],
  ["255.255.255.255/32", { first: 2 ** 32 - 1, prefix: 32 }],
])("%s is a network", (text, network) => {
  expect(parseNetwork(text)).toEqual(network);
});

it.each(["10.0.0.1/16", "10.0.0.0/33", "10.0.0.0", "10.0.0.256/32", "10.0.0/8", "010.0.0.0/8", "10.0.0.0/08", ""])(
  "%s is none",
  (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  },
);

it.each(["0.0.0.0", "192.168.2.86", "255.255.255.255"])("reads and writes the address %s", (text) => {
  expect(formatAddress(parseAddress(text) ?? NaN)).toBe(text);
});

it.each(["", "1.2.3", "1.2.3.256", "1.2.3.4.5", "::1", " 1.2.3.4", "1.2.3.04"])(
  "does not take %p for an address",
  (text) => {
    expect(parseAddress(text)).toBeUndefined();
  },
);

it("the form that a schema checks lets every network through", () => {
  fc.assert(
    fc.property(networks, (network) => {
      expect(formatNetwork(network)).toMatch(NETWORK_FORM);
    }),
  );
  expect("10.0.0.0").not.toMatch(NETWORK_FORM);
});

it.each([
  ["192.168.2.0/24", "192.168.2.86/32", true],
  ["192.168.2.0/24", "192.168.0.0/16", true],
  ["192.168.2.0/24", "192.168.2.128/25", true],
  ["192.168.2.0/24", "192.168.3.0/24", false],
  ["192.168.2.0/24", "192.168.1.255/32", false],
  ["0.0.0.0/0", "255.255.255.255/32", true],
])("%s and %s overlap: %p", (a, b, expected) => {
  const [one, other] = [parseNetwork(a), parseNetwork(b)];
  if (one === undefined || other === undefined) throw new Error("no network");
  expect(overlap(one, other)).toBe(expected);
  expect(overlap(other, one)).toBe(expected);
});

it("an address is in the network around it, and the network's last address is its last", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
      const network = networkAround(address, prefix);
      expect(parseNetwork(formatNetwork(network))).toEqual(network);
      expect(network.first <= address && address <= lastOf(network)).toBe(true);
      expect(lastOf(network) - network.first + 1).toBe(sizeOf(network));
    }),
  );
});

it("reads what it writes", () => {
  fc.assert(
    fc.property(networks, (network) => {
      expect(parseNetwork(formatNetwork(network))).toEqual(network);
    }),
  );
});

it("counts a network's addresses from its first", () => {
  const network = parseNetwork("10.1.2.0/23");
  if (network === undefined) throw new Error("no network");
  expect([addressAt(network, 0), addressAt(network, 256), addressAt(network, 511)]).toEqual([
    "10.1.2.0",
    "10.1.3.0",
    "10.1.3.255",
  ]);
  expect(sizeOf(network)).toBe(512);
  expect(parseAddress("10.1.3.255")).toBe(network.first + 511);
});

it("cuts a network into parts that lie in it and share nothing", () => {
  fc.assert(
    fc.property(
      networks.filter(({ prefix }) => prefix <= 28),
      (network) => {
        const parts = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => partOf(network, network.prefix + 3, n));
        expect(parts.reduce((sum, part) => sum + sizeOf(part), 0)).toBe(sizeOf(network));
        for (const [i, part] of parts.entries()) {
          expect(overlap(part, network)).toBe(true);
          for (const other of parts.slice(i + 1)) expect(overlap(part, other)).toBe(false);
        }
      },
    ),
  );
});
