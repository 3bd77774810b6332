import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bridgePasswordKey, brokerUsers, credentialsText, passwordKeys, placeholder } from "../../../core/plan/users";
import type { ClusterConfig } from "../../../config/schema";

const USERS: ClusterConfig["users"] = [
  { name: "app", role: "application" },
  { name: "ops", role: "admin" },
];

describe("brokerUsers", () => {
  test.each([
    ["from the start", { generation: 1, acceptPrevious: true }],
    ["after a rotation", { generation: 2, acceptPrevious: false }],
  ])("gives every user the group of its role, and adds the bridges' own: %s", (_, passwords) => {
    expect(brokerUsers({ users: USERS, passwords })).toEqual([
      { name: "app", group: "applications", passwordKey: "user.app.password" },
      { name: "ops", group: "admins", passwordKey: "user.ops.password" },
      { name: "bridge", group: "bridges", passwordKey: "bridge.password" },
    ]);
  });

  test.each([2, 7])("while passwords rotate, generation %d, gives every account a second one", (generation) => {
    const users = brokerUsers({ users: USERS, passwords: { generation, acceptPrevious: true } });
    expect(users.map(({ passwordKey, previousPasswordKey }) => [passwordKey, previousPasswordKey])).toEqual([
      ["user.app.password", "user.app.previous.password"],
      ["user.ops.password", "user.ops.previous.password"],
      ["bridge.password", "bridge.previous.password"],
    ]);
  });

  test.each([
    [1, true, "bridge.password"],
    [1, false, "bridge.password"],
    [2, true, "bridge.previous.password"],
    [2, false, "bridge.password"],
  ])("generation %d, acceptPrevious %s: bridges dial with %s", (generation, acceptPrevious, key) => {
    expect(bridgePasswordKey({ generation, acceptPrevious })).toBe(key);
  });

  test("no user's key is the bridges' key", () => {
    expect(passwordKeys.user("bridge")).not.toBe(passwordKeys.bridge);
    expect(placeholder(passwordKeys.bridge)).toBe("${bridge.password}");
  });
});

describe("credentialsText", () => {
  const odd: Record<string, string> = {
    plain: "s3cret",
    empty: "",
    "with space": " leading and inner ",
    "colon:equals=": "a=b:c",
    "#hash": "#no comment",
    "!bang": "!",
    back: String.raw`C:\new\table\u0041`,
    lines: "one\ntwo\r\n\tthree\f",
    unicode: "pässwörd ☃ 😀",
    dollar: "$HOME $ {x}",
  };

  test("is sorted, one line a key, and the same for any order", () => {
    expect(credentialsText({ b: "2", a: "1" })).toBe("a=1\nb=2\n");
    expect(credentialsText({})).toBe("");
    expect(credentialsText(odd).split("\n")).toHaveLength(Object.keys(odd).length + 1);
  });

  test("reads back in java.util.Properties as it was, whatever is in it", () => {
    const folder = mkdtempSync(join(tmpdir(), "users-"));
    try {
      writeFileSync(join(folder, "credentials.properties"), credentialsText(odd));
      // Both sides as code units in hex: what the terminal's encoding does to the output is not the question.
      writeFileSync(
        join(folder, "Read.java"),
        `import java.io.*; import java.util.*; import java.util.stream.*;
         class Read {
           static String hex(String s) { return s.chars().mapToObj(Integer::toHexString).collect(Collectors.joining(".")); }
           public static void main(String[] a) throws Exception {
             Properties p = new Properties();
             try (InputStream in = new FileInputStream("credentials.properties")) { p.load(in); }
             p.forEach((k, v) -> System.out.println(hex((String) k) + " " + hex((String) v)));
           }
         }`,
      );
      const read = execFileSync("java", ["-XX:TieredStopAtLevel=1", "Read.java"], { cwd: folder, encoding: "utf8" });
      const hex = (text: string) =>
        Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16)).join(".");
      const expected = Object.entries(odd).map(([key, value]) => `${hex(key)} ${hex(value)}`);
      expect(read.split("\n").filter(Boolean).sort()).toEqual(expected.sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("refuses what Spring would resolve again, and does not print the value", () => {
    expect(() => credentialsText({ key: "a${b}c" })).toThrow(/the value of key/);
    expect(() => credentialsText({ key: "a${b}c" })).not.toThrow(/a\$\{b\}c/);
  });
});
