/** What an engine's state says of machines, in both engines' formats. */
import { instancesIn, mayRun } from "../../../operate/engine/instancesInState";

const entry = (host: string | undefined, instanceState?: string) => ({
  urn: `urn:pulumi:dev::activemq::aws:ec2/instance:Instance::dev-ec2-${host ?? "bastion"}-instance`,
  type: "aws:ec2/instance:Instance",
  id: `i-${host ?? "bastion"}`,
  inputs: { tags: { Name: "x", ...(host !== undefined && { "activemq-host": host }) } },
  outputs: { ...(instanceState !== undefined && { instanceState }) },
});

test("hosts' machines, without the bastion and what is no machine", () => {
  const volume = { ...entry("a-1"), type: "aws:ebs/volume:Volume" };
  expect(
    instancesIn([entry("a-1", "running"), entry("a-2", "stopped"), entry("a-3"), entry(undefined), volume]),
  ).toEqual([
    { host: "a-1", id: "i-a-1", state: "running" },
    { host: "a-2", id: "i-a-2", state: "stopped" },
    { host: "a-3", id: "i-a-3", state: "" },
  ]);
});

test("a machine of which nothing is known may serve", () => {
  const states = ["running", "pending", "", "stopping", "stopped", "shutting-down", "terminated"];
  expect(states.filter((state) => mayRun({ host: "a-1", id: "i", state }))).toEqual(["running", "pending", ""]);
});
