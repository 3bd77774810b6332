/** Rules about the directory of store sharedKahaDB. */
import { needsSharedDirectory } from "../../components/broker/sharedDirectory";
import { type Rule, whole } from "./rule";

const keys = ["directory", "mount"] as const;

/** What names a directory means nothing without a store that is in one. */
const unused = whole((config) => {
  if (needsSharedDirectory(config)) return [];
  return keys.flatMap((key) => {
    const value = config.sharedKahaDB[key];
    if (value === undefined) return [];
    return [
      {
        path: `sharedKahaDB.${key}`,
        value,
        problem: "No group's store shares a directory.",
        allowed: "with store sharedKahaDB only",
        fix: "write store: sharedKahaDB, or remove the key",
      },
    ];
  });
});

/** The program makes no file system there yet, and its security groups let brokers reach no other. */
const target = whole((config) => {
  if (!needsSharedDirectory(config) || config.target !== "aws") return [];
  return [
    {
      path: "store",
      value: config.store,
      problem: "Target aws has no shared file system yet, and its security groups let brokers reach no other.",
      allowed: "on target aws: replicatedLevelDB or kahaDB",
      fix: "choose one of them, or write target: ssh and your own machines and file system",
    },
  ];
});

const directory = whole((config) => {
  if (!needsSharedDirectory(config) || config.target !== "ssh" || config.sharedKahaDB.directory !== undefined)
    return [];
  return [
    {
      path: "sharedKahaDB.directory",
      problem: "Without it, each host would keep messages of its own, and each broker would be a master.",
      allowed: "where an NFSv4 export, or another file system that all hosts share, is mounted on every host",
      fix: "write sharedKahaDB: { directory: /srv/activemq }, and mount: <server>:/<export> if the program shall mount it",
    },
  ];
});

const mount = whole((config) => {
  const { mount: value } = config.sharedKahaDB;
  if (!needsSharedDirectory(config) || value === undefined || config.target === "ssh") return [];
  return [
    {
      path: "sharedKahaDB.mount",
      value,
      problem: `On target ${config.target} the program mounts nothing.`,
      allowed: "with target ssh only",
      fix: "remove the key; a directory that you have mounted yourself goes into sharedKahaDB.directory",
    },
  ];
});

export const sharedKahaDbRules: readonly Rule[] = [unused, target, directory, mount];
