import { expectRow, LOCAL, SSH, type Row } from "./bases";

describe("rules of settings", () => {
  it.each<Row>([
    [
      "a store too large to replicate",
      { ...LOCAL, limits: { storeMiB: 40961 } },
      ["limits.storeMiB"],
      ["64 KiB", "up to 40960"],
    ],
    [
      "a store of too many small log files",
      { ...LOCAL, limits: { storeMiB: 410 }, replicatedLevelDB: { logSizeMiB: 1 } },
      ["limits.storeMiB"],
      ["up to 409", "log files of 1 MiB"],
    ],
    [
      "memory at 70 % of the heap",
      { ...LOCAL, limits: { heapMiB: 1000, memoryMiB: 700 } },
      ["limits.memoryMiB"],
      ["heap of 1000 MiB", "up to 699"],
    ],
    [
      "memory above the default heap",
      { ...LOCAL, limits: { memoryMiB: 200 } },
      ["limits.memoryMiB"],
      ["heap of 256 MiB"],
    ],
    [
      "equal users",
      { ...LOCAL, users: [{ name: "u" }, { name: "v" }, { name: "u", role: "admin" }] },
      ["users[2].name"],
      ["users[0] has the same name"],
    ],
    ["the bridges' user", { ...LOCAL, users: [{ name: "bridge" }] }, ["users[0].name"], ["makes this user"]],
    ["how to log in on local", { ...LOCAL, ssh: { user: "ops" } }, ["ssh"], ["logs in nowhere"]],
    [
      "a host's key on local",
      {
        ...LOCAL,
        placement: "hostPerGroup",
        groups: [{ name: "a" }],
        hosts: [{ name: "h", address: "127.0.1.1", hostKey: "ssh-ed25519 AAAA" }],
      },
      ["hosts[0].hostKey"],
      ["with target ssh only"],
    ],
    ["a directory on ssh", { ...SSH, directory: "x" }, ["directory"], ["target local only"]],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
