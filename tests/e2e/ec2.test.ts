/** The unmodified program for target aws on a lab that plays EC2 (testbed/lab/ec2): two groups without slaves, behind a bastion; in order. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { accountsOf } from "../../operate/drill/accounts";
import { ClientProcess, idsIn, resolveClient } from "../../operate/drill/client";
import { clientLocationFor } from "../../operate/drill/clientLocation";
import { loadPlan } from "../../operate/project";
import { describeLab } from "./machines";
import { Project } from "../../testbed/harness/testProject";

const stack = "cloud";
const zone = "cloud.activemq.internal";

describeLab("target aws, EC2 played by a lab", () => {
  const project = new Project();
  const lab = (...words: string[]) => project.amq("lab", "ec2", ...words);

  /** @returns what the client said at its end */
  async function client(queue: string, ...words: string[]) {
    const plan = loadPlan(stack, project.directory);
    const { account } = await accountsOf(project.directory, plan);
    const { through } = await clientLocationFor(plan, project.directory);
    const args = [...words, "--url", plan.urls.groups["a"] ?? "", "--queue", queue];
    return new ClientProcess(account, args, new AbortController().signal, through).result();
  }

  beforeAll(() => {
    process.env["AMQ_LAB"] = "ec2";
    resolveClient();
    project.writeStack(stack, {
      target: "aws",
      store: "kahaDB",
      aws: {
        region: "eu-central-1",
        zones: ["eu-central-1a", "eu-central-1b"],
        image: { id: "ami-0123456789abcdef0" },
        instanceTypes: { broker: "t4g.small", zookeeper: "t4g.micro" },
        volumes: { brokerDataGiB: 8 },
        network: { cidr: "10.31.0.0/20" },
        dnsZone: zone,
        login: { bastion: { cidrs: ["192.0.2.0/24"] } },
        protect: false,
      },
      limits: { storeMiB: 1024, tempMiB: 512 },
      groups: [
        { name: "a", brokers: 1 },
        { name: "b", brokers: 1 },
      ],
      topology: "none",
    });
  });
  afterAll(async () => {
    await lab("down");
    project.remove();
    delete process.env["AMQ_LAB"];
  });

  it("comes up through the bastion, and says that it is a lab; a second time nothing changes", async () => {
    expect(await project.up(stack)).toContain("EC2 played by a lab on this machine");
    await project.whole(stack);
    expect(await project.up(stack)).toContain("nothing changed");
  });

  it.each([
    ["client", "a-1", 61616, 0],
    ["client", "a-1", 22, 1],
    ["b-1", "a-1", 61616, 1],
    ["b-1", "a-1", 22, 1],
    ["cloud-bastion", "a-1", 22, 0],
    ["cloud-bastion", "a-1", 61616, 1],
  ])("from %s to %s, port %i: exit code %i", async (from, to, port, code) => {
    const answer = await lab("connect", from, `${to}.${zone}`, String(port));
    expect([answer.code, answer.stdout.trim()]).toEqual([
      code,
      `${from} -> ${to}.${zone}:${port}: ${code === 0 ? "open" : "closed"}`,
    ]);
  });

  it("gives a machine that was terminated another one, with its address and its messages", async () => {
    const [acked, received] = ["acked", "received"].map((name) => join(project.directory, name));
    await client("kept", "send", "--count", "3", "--prefix", "m", "--acked", acked ?? "");
    expect((await lab("terminate", "a-1")).code).toBe(0);
    await project.up(stack);
    await project.whole(stack);
    await client("kept", "receive", "--count", "3", "--idle", "20", "--received", received ?? "");
    expect(idsIn(received ?? "").sort()).toEqual(idsIn(acked ?? "").sort());
    expect(idsIn(acked ?? "")).toHaveLength(3);
  });

  it("goes down without a trace", async () => {
    const { code, stderr } = await project.amq("down", stack);
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(existsSync(join(project.directory, ".amq"))).toBe(false);
  });
});
