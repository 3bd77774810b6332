/** How the real CLI is asked to forget a host. A script stands for it: it prints a state, and keeps what it is told. */
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiCli } from "../../../operate/engine/pulumiCli";

const directory = mkdtempSync(join(tmpdir(), "amq-pulumi-cli-"));
const before = { ...process.env };
beforeAll(() => {
  const script = join(directory, "pulumi");
  writeFileSync(
    script,
    `#!/bin/sh
echo "$@" >> "${directory}/calls"
case $2 in
  export) cat "${directory}/state" || { echo "error: no stack named 'test' found" >&2; exit 255; } ;;
  import) cat > "${directory}/imported" ;;
esac
`,
  );
  chmodSync(script, 0o755);
  process.env["PATH"] = `${directory}:${process.env["PATH"] ?? ""}`;
  process.env["PULUMI_BACKEND_URL"] = "file:///nowhere";
  process.env["PULUMI_CONFIG_PASSPHRASE"] = "x";
});
afterAll(() => {
  process.env = before;
  rmSync(directory, { recursive: true, force: true });
});

const urn = (type: string, name: string) => `urn:pulumi:test::activemq::${type}::${name}`;
const cluster = urn("activemq:index:ActiveMqCluster", "c");
const command = (name: string, host: string, more: object = {}) => ({
  urn: urn("command:local:Command", name),
  type: "command:local:Command",
  inputs: { create: `/x/hosts/${host}/bin/amq-host list` },
  ...more,
});
const host = (name: string) => ({
  urn: urn("activemq:index:ActiveMqCluster$activemq:index:Host", `c-${name}`),
  type: "activemq:index:Host",
  parent: cluster,
});
const onTwo = command("c-stage-two", "two");
const onOne = command("c-stage-one", "one", { dependencies: [onTwo.urn], custom: true });

test("a stack that there is not has no hosts", async () => {
  const engine = pulumiCli(directory, "test");
  expect(await engine.hosts()).toEqual([]);
  expect(await engine.forget("one")).toEqual([]);
});

test("what it imports is what it exported, without the host; no secret touches the disk", async () => {
  const state = {
    version: 3,
    deployment: {
      manifest: { version: "v3" },
      secrets_providers: { type: "passphrase" },
      resources: [{ urn: cluster, type: "activemq:index:ActiveMqCluster" }, host("one"), host("two"), onTwo, onOne],
      pending_operations: [
        { resource: command("c-settle-two", "two"), type: "updating" },
        { resource: onOne, type: "updating" },
      ],
    },
  };
  writeFileSync(join(directory, "state"), JSON.stringify(state));
  const temporary = readdirSync(tmpdir()).filter((name) => name.startsWith("automation-"));
  const engine = pulumiCli(directory, "test");
  expect(await engine.hosts()).toEqual([{ name: "one" }, { name: "two" }]);
  expect(await engine.forget("two")).toEqual(["c-two", "c-stage-two"]);
  const [first, , , , last] = state.deployment.resources;
  expect(JSON.parse(readFileSync(join(directory, "imported"), "utf8"))).toEqual({
    ...state,
    deployment: {
      ...state.deployment,
      resources: [first, host("one"), { ...last, dependencies: [] }],
      pending_operations: [state.deployment.pending_operations[1]],
    },
  });
  expect(readFileSync(join(directory, "calls"), "utf8").trim().split("\n").at(-1)).toBe(
    "stack import --stack test --non-interactive",
  );
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("automation-"))).toEqual(temporary);
});

test("tells what the last change was made from, and asks for no secret", async () => {
  const engine = pulumiCli(directory, "test");
  rmSync(join(directory, "state"), { force: true });
  expect(await engine.record()).toBeUndefined();
  const record = {
    ...command("c-change", "none"),
    urn: urn("activemq:index:ActiveMqCluster$command:local:Command", "c-change"),
    parent: cluster,
    outputs: { stdout: '{"stack":"test"}' },
  };
  writeFileSync(join(directory, "state"), JSON.stringify({ deployment: { resources: [onTwo, record] } }));
  writeFileSync(join(directory, "calls"), "");
  expect(await engine.record()).toBe('{"stack":"test"}');
  expect(readFileSync(join(directory, "calls"), "utf8")).toBe("stack export --stack test --non-interactive\n");
});
