/** Retained messages of MQTT, without and with our plugin. Store jdbc: jdbc.test.ts; a broker that is killed: transports.test.ts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClassicRuntime } from "../../core/products/releases";
import { javaSays } from "./java";
import { RETAINED } from "./retained";

const directory = mkdtempSync(join(tmpdir(), "amq-test-"));
/** What the index of LevelDB reaches into: a broker's JVM options open it too. */
const options = ["--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"];

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const check = (runtime: ClassicRuntime, who: string, store: string) =>
  javaSays(runtime, "RetainedCheck", [who, store, join(directory, `${runtime}-${who}-${store}`)], { options });

it.each<[ClassicRuntime, string]>([
  ["classic-5.16", "kahadb"],
  ["classic-5.16", "leveldb"],
  ["classic-6.3", "kahadb"],
])("%s, %s: retained messages are in the store, until they are cleared", (runtime, store) => {
  expect(check(runtime, "ours", store)).toBe(RETAINED);
});

it("the product has them in memory", () => {
  expect(check("classic-6.3", "product", "kahadb").split("\n").slice(0, 3)).toEqual([
    "at once: [changed 2, kept 1]",
    "after a restart: []",
    "after another one, and idle: []",
  ]);
});
