/** Nine containers: two groups of three and an ensemble, a host for each, everything else as users get it. */
import type { Layout } from "./site";

const address = (last: number) => `192.168.5.${last}`;

export const NINE_HOSTS: Layout = {
  machines: [
    ...[1, 2, 3, 4, 5, 6].map((n) => ({ name: `broker-${n}`, address: address(10 + n), role: "broker" as const })),
    ...[1, 2, 3].map((n) => ({ name: `zookeeper-${n}`, address: address(20 + n), role: "zookeeper" as const })),
  ],
  kernel: "shared",
  keys: { groups: [{ name: "a" }, { name: "b" }], topology: "mesh" },
};
