/** Rules about the ensemble. */
import { needsEnsemble } from "../../plan/placement";
import { type Rule, whole } from "./rule";

const members = whole((config) => {
  const { members: count } = config.zookeeper;
  if (count % 2 === 1) return [];
  return [
    {
      path: "zookeeper.members",
      value: count,
      problem: `${count} members survive no more losses than ${count - 1}: a majority of an even number is one more.`,
      allowed: "3, 5 or 7",
      fix: `write ${count - 1} or ${count + 1}`,
    },
  ];
});

const portLists: readonly Rule[] = (["client", "peer", "election"] as const).map((purpose) =>
  whole(({ zookeeper }) => {
    const ports = zookeeper.ports[purpose];
    if (!Array.isArray(ports) || ports.length === zookeeper.members) return [];
    return [
      {
        path: `zookeeper.ports.${purpose}`,
        value: ports,
        problem: `There are ${ports.length} ports for ${zookeeper.members} members.`,
        allowed: "a list with one port for each member, or one number to count up from",
        fix: "make the list as long as there are members, or set zookeeper.members",
      },
    ];
  }),
);

const session = whole(({ zookeeper }) => {
  const { sessionTimeoutMillis, tickTimeMillis } = zookeeper;
  const least = 2 * tickTimeMillis;
  const most = 20 * tickTimeMillis;
  if (sessionTimeoutMillis >= least && sessionTimeoutMillis <= most) return [];
  return [
    {
      path: "zookeeper.sessionTimeoutMillis",
      value: sessionTimeoutMillis,
      problem: `ZooKeeper would make it ${sessionTimeoutMillis < least ? least : most} without a word: it grants 2 to 20 tickTimes, and tickTimeMillis is ${tickTimeMillis}.`,
      allowed: `${least} to ${most}`,
      fix: "change the session or zookeeper.tickTimeMillis",
    },
  ];
});

/**
 * A client must leave a frozen master before ZooKeeper lets another one take over, or the frozen one acknowledges what nobody
 * else has once it thaws. Finding out takes up to two durations.
 */
const inactivity = whole((config) => {
  if (!needsEnsemble(config)) return [];
  const { maxInactivityMillis } = config.client;
  const { sessionTimeoutMillis } = config.zookeeper;
  if (2 * maxInactivityMillis < sessionTimeoutMillis) return [];
  return [
    {
      path: "client.maxInactivityMillis",
      value: maxInactivityMillis,
      problem: `Clients would hold on to a frozen master while another one takes over: the session is ${sessionTimeoutMillis}.`,
      allowed: `less than half of zookeeper.sessionTimeoutMillis: up to ${Math.ceil(sessionTimeoutMillis / 2) - 1}`,
      fix: "shorten it, or lengthen the session",
    },
  ];
});

export const zooKeeperRules: readonly Rule[] = [members, ...portLists, session, inactivity];
