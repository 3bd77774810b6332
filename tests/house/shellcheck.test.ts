/** ShellCheck over every script: those that are files here, and those that hosts get, as they get them. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostScript } from "../../core/host/hostScript";
import { stacksOf } from "../../core/load/stackNames";
import { plan } from "../../core/plan/plan";
import { userData } from "../../core/render/host/userData";
import { render } from "../../core/render/render";
import { askSync } from "../../core/util/process";
import { RUNTIMES } from "../support/plans";
import { PROJECT, configOf, valuesOfFile } from "../support/raw";
import { type Script, findShellCheck, findings } from "../support/shellcheck";

/** Parts of a script, which are checked as the whole that they are put together to. */
const PARTS = ["core/host/script/", "core/render/", "tests/core/render/host/golden/"];

function files(): [string, Script][] {
  return askSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.sh"], { cwd: PROJECT })
    .stdout.split("\n")
    .filter((name) => name !== "" && PARTS.every((part) => !name.startsWith(part)))
    .map((name) => {
      const file = join(PROJECT, name);
      return [name, { text: readFileSync(file, "utf8"), folder: dirname(file) }];
    });
}

/** A change of these texts is an update of every running stack: what is no fault is named here, not there. */
const IN_HOST_SCRIPT = [
  1007, // `local stopping= seconds` is an empty variable and another one
  2155, // a machine that cannot say its name is not what the file of a lock's trial fails on
];

function hostScripts(): [string, Script][] {
  return (["supervise", "systemd"] as const).map((supervisor) => [
    `bin/amq-host with ${supervisor}`,
    { text: hostScript("/opt/runtimes", supervisor), ignore: IN_HOST_SCRIPT },
  ]);
}

function firstBoots(): [string, Script][] {
  const args = { machine: "Orders-1", region: "eu-central-1", bucket: "artefacts" };
  return [
    ["the first boot of a host", { text: userData({ ...args, dnsName: "orders-1.example" }) }],
    ["the first boot of a bastion", { text: userData(args) }],
  ];
}

/** What is run on hosts of the shipped stacks, each text once: brokers of a group differ by a number. */
function rendered(): [string, Script][] {
  const scripts = new Map<string, [string, Script]>();
  for (const stack of stacksOf(PROJECT)) {
    const planned = plan(stack, configOf(valuesOfFile(PROJECT, "config", `Pulumi.${stack}.yaml`)));
    for (const service of render(planned, RUNTIMES)) {
      for (const { path, text, executable } of service.files) {
        if (executable !== true) continue;
        const alike = `${path} ${text.replaceAll(service.name, "").replaceAll(/\d+/g, "")}`;
        if (!scripts.has(alike)) scripts.set(alike, [`${path} of ${service.name} in ${stack}`, { text }]);
      }
    }
  }
  return [...scripts.values()];
}

const shellCheck = findShellCheck();
if ("missing" in shellCheck) console.warn(`skipped: ${shellCheck.missing}`);
const check = "missing" in shellCheck ? it.skip : it;
const command = "command" in shellCheck ? shellCheck.command : "";

check.each([...files(), ...hostScripts(), ...firstBoots(), ...rendered()])("%s", (_name, script) => {
  const found = findings(command, script);
  expect(found.map((one) => `line ${one.line}:${one.column} SC${one.code} ${one.message}`)).toEqual([]);
});

check("finds a fault where there is one", () => {
  const text = "#!/bin/bash\nrm -rf $1\n";
  expect(findings(command, { text })).toMatchObject([{ line: 2, code: 2086 }]);
  expect(findings(command, { text, ignore: [2086] })).toEqual([]);
});
