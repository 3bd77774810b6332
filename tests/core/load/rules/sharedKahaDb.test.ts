import { expectRow, groups, hosts, type Row } from "./bases";

const SHARED = { target: "local", store: "sharedKahaDB", groups: groups({ brokers: 2 }) };
const SSH = { ...SHARED, target: "ssh", hosts: hosts(4, "10.0.0.") };
const DIRECTORY = "/srv/activemq";
const MOUNT = "nfs.lan:/export/activemq";

describe("rules of the shared directory", () => {
  it.each<Row>([
    ["a directory of the stack's", SHARED, [], []],
    ["a directory of the user's on this machine", { ...SHARED, sharedKahaDB: { directory: DIRECTORY } }, [], []],
    ["machines that have it mounted", { ...SSH, sharedKahaDB: { directory: DIRECTORY } }, [], []],
    ["machines that mount it", { ...SSH, sharedKahaDB: { directory: DIRECTORY, mount: MOUNT } }, [], []],
    [
      "a directory without the store",
      { ...SHARED, store: "jdbc", sharedKahaDB: { directory: DIRECTORY, mount: MOUNT } },
      ["sharedKahaDB.directory", "sharedKahaDB.mount"],
      ["No group's store shares a directory", "store: sharedKahaDB"],
    ],
    ["machines without a directory", SSH, ["sharedKahaDB.directory"], ["each broker would be a master", "NFSv4"]],
    [
      "a mount on this machine",
      { ...SHARED, sharedKahaDB: { directory: DIRECTORY, mount: MOUNT } },
      ["sharedKahaDB.mount"],
      ["with target ssh only"],
    ],
    [
      "a relative directory",
      { ...SHARED, sharedKahaDB: { directory: "srv/activemq" } },
      ["sharedKahaDB.directory"],
      ["an absolute path"],
    ],
    [
      "a directory that a shell would read otherwise",
      { ...SHARED, sharedKahaDB: { directory: "/srv/$(date)" } },
      ["sharedKahaDB.directory"],
      ["letters, digits"],
    ],
    [
      "a mount that is no export",
      { ...SSH, sharedKahaDB: { directory: DIRECTORY, mount: "/dev/sda1" } },
      ["sharedKahaDB.mount"],
      ["nfs.example.com:/export/activemq"],
    ],
    ["an old release", { ...SHARED, release: "5.16" }, ["store"], ["Release 5.16 has no sharedKahaDB"]],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
