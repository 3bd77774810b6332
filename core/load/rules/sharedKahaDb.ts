/** Rules about the directory of store sharedKahaDB. */
import { needsSharedDirectory } from "../../plan/sharedDirectory";
import { onAws, type Rule, whole } from "./rule";

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

const files = onAws((aws, config) => {
  if (aws.fileSystem === undefined || needsSharedDirectory(config)) return [];
  return [
    {
      path: "aws.fileSystem",
      value: aws.fileSystem,
      problem: "No group's store shares a file system.",
      allowed: "with store sharedKahaDB only",
      fix: "write store: sharedKahaDB, or remove the key",
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
      problem:
        config.target === "aws"
          ? "On target aws the program makes a file system of its own, and mounts that."
          : `On target ${config.target} the program mounts nothing.`,
      allowed: "with target ssh only",
      fix:
        config.target === "aws"
          ? "remove the key, or write target: ssh and your own machines"
          : "remove the key; a directory that you have mounted yourself goes into sharedKahaDB.directory",
    },
  ];
});

export const sharedKahaDbRules: readonly Rule[] = [unused, files, directory, mount];
