/** What the program registers for target aws, input by input: the two shipped stacks in one program. */
import { connections } from "../../../operate/plan/planTextAws";
import { expectGolden } from "../../support/golden";
import { cleanUp, openText, type Program, run, secretValue, shipped } from "./awsProgram";

const NUMBERS = [1, 2, 3];
const AGAIN = ["orders", "payments", "zookeeper"].flatMap((name) => NUMBERS.map((n) => `${name}-${n}`));
const ELSEWHERE = [
  { name: "payments-1", zone: "eu-central-1c", keepsVolumeOf: "eu-central-1b" },
  { name: "zookeeper-1", volumeId: "vol-0123456789abcdef0" },
];
let program: Program;

beforeAll(async () => {
  program = await run(
    {
      prod: shipped("prod"),
      dev: shipped("dev"),
      again: shipped(
        "prod",
        { hosts: ELSEWHERE, network: { cidr: "10.20.0.0/16", interfaceEndpoints: ["secretsmanager"] } },
        { transports: { amqp: true } },
      ),
    },
    {
      // `again` runs but for a machine that was lost; of `dev` one was made when its first run broke off.
      machines: { again: AGAIN.filter((host) => host !== "payments-2"), dev: ["orders-1"] },
      elsewhere: { "payments-1": "10.20.32.30" },
      order: ["orders-2", "orders-3", "zookeeper-3"],
    },
  );
});
afterAll(cleanUp);

const inputs = (key: string) => program.get(key).inputs;
const depends = (key: string) => program.get(key).dependsOn;

it("registers what it always has: another URN is another machine", () => {
  const ids = /(classic-5\.16|zookeeper-3\.9)-[0-9a-f]{12}/g;
  const urns = [...program.registered.values()]
    .map(({ urn }) => urn.replaceAll(ids, "$1-<content>"))
    .filter((urn) => /::(prod|dev)(-|$)/.test(urn))
    .sort();
  expect(new Set(urns).size).toBe(urns.length);
  expectGolden("tests/components/aws/golden/aws.urns.txt", `${urns.join("\n")}\n`);
});

describe("the network", () => {
  it("has a private subnet in every zone, without a way out", () => {
    expect(inputs("ec2.Vpc prod-ec2-network-vpc")).toMatchObject({
      cidrBlock: "10.20.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
    for (const [zone, cidrBlock] of [
      ["a", "10.20.0.0/19"],
      ["b", "10.20.32.0/19"],
      ["c", "10.20.64.0/19"],
    ]) {
      expect(inputs(`ec2.Subnet prod-ec2-network-private-eu-central-1${zone}`)).toMatchObject({
        cidrBlock,
        availabilityZone: `eu-central-1${zone}`,
        mapPublicIpOnLaunch: false,
      });
    }
    const routes = program.ofType("ec2.Route").map(({ inputs: route }) => route["routeTableId"]);
    expect(routes.sort()).toEqual(["again", "dev", "prod"].map((stack) => `${stack}-ec2-network-public-routes`));
    expect(inputs("ec2.RouteTable prod-ec2-network-private")["routes"]).toBeUndefined();
  });

  it("reaches S3 through an endpoint that lets our bucket and the packages through", () => {
    const endpoint = inputs("ec2.VpcEndpoint prod-ec2-network-s3");
    expect(endpoint).toMatchObject({
      serviceName: "com.amazonaws.eu-central-1.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: ["prod-ec2-network-private", "prod-ec2-network-public-routes"],
    });
    const policy = JSON.parse(endpoint["policy"] as string) as { Statement: { Action: string; Resource: string }[] };
    expect(policy.Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      ["s3:GetObject", "arn:aws:s3:::prod-ec2-artefacts-bucket-0a1b2c3/*"],
      ["s3:GetObject", "arn:aws:s3:::al2023-repos-eu-central-1-de612dc2/*"],
    ]);
  });

  it("reaches other services of AWS in every zone, where they are asked for, from hosts and clients alone", () => {
    expect(inputs("ec2.VpcEndpoint again-ec2-endpoint-secretsmanager")).toMatchObject({
      serviceName: "com.amazonaws.eu-central-1.secretsmanager",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: ["a", "b", "c"].map((zone) => `again-ec2-network-private-eu-central-1${zone}`),
      securityGroupIds: ["again-ec2-allow-endpoints"],
    });
    const rules = program
      .ofType("vpc.SecurityGroupIngressRule")
      .filter(({ name }) => name.startsWith("again-ec2-allow-endpoints-"));
    expect(rules.map(({ inputs: rule }) => [rule["referencedSecurityGroupId"], rule["fromPort"]])).toEqual([
      ["again-ec2-allow-clients", 443],
      ["again-ec2-allow-hosts", 443],
    ]);
    const made = program.ofType("ec2.VpcEndpoint").filter(({ name }) => !name.startsWith("again-"));
    expect(made.map(({ inputs: one }) => one["vpcEndpointType"])).toEqual(["Gateway", "Gateway"]);
  });

  it("closes the security group that every VPC has", () => {
    expect(inputs("ec2.DefaultSecurityGroup prod-ec2-network-default")).toMatchObject({ ingress: [], egress: [] });
  });

  it("has a rule for each row of the plan, and no other", () => {
    for (const stack of ["prod", "dev"]) {
      const rules = program.plans[stack]?.aws?.security.rules ?? [];
      const made = ["Ingress", "Egress"].flatMap((way) =>
        program.ofType(`vpc.SecurityGroup${way}Rule`).filter(({ name }) => name.startsWith(`${stack}-`)),
      );
      expect(made.map(({ name }) => name).sort()).toEqual(rules.map(({ id }) => `${stack}-ec2-allow-${id}`).sort());
      expect(connections(rules).length).toBeGreaterThan(8);
    }
    expect(inputs("vpc.SecurityGroupIngressRule prod-ec2-allow-zookeeper-ingress-2181-brokers-orders")).toMatchObject({
      securityGroupId: "prod-ec2-allow-zookeeper",
      referencedSecurityGroupId: "prod-ec2-allow-brokers-orders",
      ipProtocol: "tcp",
      fromPort: 2181,
      toPort: 2181,
      description: "Brokers to ZooKeeper",
    });
    expect(inputs("vpc.SecurityGroupEgressRule prod-ec2-allow-hosts-egress-443-s3")["prefixListId"]).toBe("pl-s3");
    expect(inputs("vpc.SecurityGroupIngressRule prod-ec2-allow-bastion-ingress-22-192.0.2.0-24")["cidrIpv4"]).toBe(
      "192.0.2.0/24",
    );
    // Rules inside a group would fight those beside it.
    for (const { inputs: group } of program.ofType("ec2.SecurityGroup")) {
      expect([group["ingress"], group["egress"]]).toEqual([undefined, undefined]);
    }
  });

  it("knows every host by name, in a zone that the VPC alone sees", () => {
    expect(inputs("route53.Zone prod-ec2-dns-zone")).toMatchObject({
      name: "prod.activemq.internal",
      vpcs: [{ vpcId: "prod-ec2-network-vpc", vpcRegion: "eu-central-1" }],
    });
    expect(inputs("route53.Record prod-ec2-dns-payments-2.prod.activemq.internal")).toMatchObject({
      type: "A",
      ttl: 60,
      records: ["10.20.64.31"],
    });
    expect(depends("route53.Record prod-ec2-dns-payments-2.prod.activemq.internal")).toContain(
      "ec2.NetworkInterface prod-ec2-payments-2",
    );
  });
});

describe("machines that are replaced", () => {
  const instance = (host: string, stack = "again") => `ec2.Instance ${stack}-ec2-${host}-instance`;
  /** The host whose return a machine waits for. */
  const waitsFor = (host: string, stack = "again") =>
    depends(instance(host, stack)).flatMap((key) => /^command.Command (\w+-.+)-rejoined$/.exec(key)?.[1] ?? []);

  it("wait for the one before in their group to serve again, slaves first; the first ones for the whole ensemble", () => {
    expect(["zookeeper-3", "zookeeper-1", "zookeeper-2"].map((host) => waitsFor(host))).toEqual([
      [],
      ["again-zookeeper-3"],
      ["again-zookeeper-1"],
    ]);
    expect(["orders-2", "orders-3", "orders-1"].map((host) => waitsFor(host))).toEqual([
      ["again-zookeeper-2"],
      ["again-orders-2"],
      ["again-orders-3"],
    ]);
    // By name where nobody has said who is master; also the one that was lost.
    expect(["payments-1", "payments-2", "payments-3"].map((host) => waitsFor(host))).toEqual([
      ["again-zookeeper-2"],
      ["again-payments-1"],
      ["again-payments-2"],
    ]);
  });

  it("wait for nobody while most of their group are not there: the first ones are made side by side", () => {
    for (const stack of ["prod", "dev"]) {
      for (const n of NUMBERS)
        expect([waitsFor(`orders-${n}`, stack), waitsFor(`zookeeper-${n}`, stack)]).toEqual([[], []]);
    }
  });

  /** The hosts that a machine waits for to be whole, after which one came back. */
  const asksBefore = (host: string, stack = "again") =>
    depends(instance(host, stack)).flatMap((key) => {
      const [, after, asked] = /^command.Command \w+-ec2-(.+)-then-(.+)$/.exec(key) ?? [];
      return after === undefined ? [] : [`${after}: ${asked ?? ""}`];
    });
  const of = (group: string, ...numbers: number[]) => numbers.map((n) => `${group}-${n}`);

  it("wait for all of their group to be whole, those of the ensemble for all groups", () => {
    expect(asksBefore("orders-3").sort()).toEqual(of("orders-2: orders", 1, 3));
    expect(asksBefore("orders-1").sort()).toEqual(of("orders-3: orders", 1, 2));
    expect(asksBefore("zookeeper-3")).toEqual([]);
    // Not payments-2, which was lost, nor payments-1, which is on its way to another zone: they are asked when they are there.
    const everybody = [...of("orders", 1, 2, 3), "payments-3"];
    const after = (member: string, hosts: string[]) => hosts.map((host) => `${member}: ${host}`).sort();
    expect(asksBefore("zookeeper-1").sort()).toEqual(after("zookeeper-3", [...everybody, ...of("zookeeper", 1, 2)]));
    expect(asksBefore("orders-2").sort()).toEqual(after("zookeeper-2", [...everybody, ...of("zookeeper", 1, 3)]));
    expect(asksBefore("payments-3")).toEqual(["payments-2: payments-3"]);
  });

  it("are asked at their address, whichever machine is there, and anew when another one came back", () => {
    const question = "command.Command again-ec2-orders-2-then-orders-1";
    expect(inputs(question)["create"]).toBe(
      `sudo -n /bin/bash -c '[ ! -x /var/lib/activemq-cluster/again/bin/amq-host ] || AMQ_SETTLE_SECONDS=600 AMQ_MASTERLESS_SECONDS=1200 /var/lib/activemq-cluster/again/bin/amq-host await orders-1' # again-ec2-orders-2-instance m7g.large 100 GiB`,
    );
    expect(secretValue(inputs(question)["connection"])).toMatchObject({ host: "10.20.0.20", dialErrorLimit: 1 });
    expect(depends(question)).toContain("command.Command again-orders-2-rejoined");
    // Its own machine may be the one that waits for the answer.
    expect(depends(question)).not.toContain(instance("orders-1"));
    expect(depends(question)).not.toContain("command.Command again-orders-1-rejoined");
  });

  it("are asked once they were made, where they were not there before, and nobody waits for that", () => {
    expect(depends("command.Command again-ec2-payments-1-then-payments-2")).toEqual(
      expect.arrayContaining([
        "command.Command again-payments-1-rejoined",
        "command.Command again-payments-2-rejoined",
      ]),
    );
    const asked = program.ofType("command.Command").filter(({ name }) => /^prod-ec2-.*-then-/.test(name));
    // Each of three members all eight others, each of six brokers both of its group.
    expect(asked).toHaveLength(3 * 8 + 6 * 2);
    for (const { name, dependsOn } of asked) {
      const [, after = "", host = ""] = /^prod-ec2-(.+)-then-(.+)$/.exec(name) ?? [];
      const both = [after, host].map((one) => `command.Command prod-${one}-rejoined`);
      expect([name, dependsOn]).toEqual([name, expect.arrayContaining(both)]);
    }
    for (const stack of ["prod", "dev"]) {
      for (const host of [...of("orders", 1, 2, 3), ...of("zookeeper", 1, 2, 3)]) {
        expect([host, asksBefore(host, stack)]).toEqual([host, []]);
      }
    }
  });

  it("serve again before anything else is done there", () => {
    const rejoined = "command.Command again-orders-2-rejoined";
    expect(inputs(rejoined)).toMatchObject({
      create: expect.stringMatching(
        /amq-host rejoin 100'.* # again-ec2-orders-2-instance m7g.large 100 GiB$/,
      ) as string,
      stdin: "again-ec2-artefacts-bucket-0a1b2c3\n",
    });
    expect(depends(rejoined)).toEqual(expect.arrayContaining(["command.Command again-orders-2-setup"]));
    expect(program.get(rejoined).deletedWith).toBe(instance("orders-2"));
    const runtime = program.ofType("command.Command").find(({ name }) => name.startsWith("again-orders-2-runtime-"));
    expect(runtime?.dependsOn).toContain(rejoined);
  });
});

describe("a host that was moved to another zone", () => {
  it("has an interface, an address and an empty volume there", () => {
    expect(inputs("ec2.NetworkInterface again-ec2-payments-1")).toMatchObject({
      subnetId: "again-ec2-network-private-eu-central-1c",
      privateIps: ["10.20.64.30"],
    });
    expect(inputs("route53.Record again-ec2-dns-payments-1.prod.activemq.internal")["records"]).toEqual([
      "10.20.64.30",
    ]);
    expect(program.get("ebs.Volume again-ec2-payments-1-data-eu-central-1c")).toMatchObject({
      protect: true,
      inputs: { availabilityZone: "eu-central-1c" },
    });
    expect(inputs("ec2.VolumeAttachment again-ec2-payments-1-data")["volumeId"]).toBe(
      "again-ec2-payments-1-data-eu-central-1c",
    );
    expect(inputs("s3.BucketObjectv2 again-ec2-payments-1-volume-id")["content"]).toBe(
      "again-ec2-payments-1-data-eu-central-1c",
    );
  });

  it("leaves its old volume as it was, which can be forgotten and is not deleted", () => {
    expect(program.get("ebs.Volume again-ec2-payments-1-data")).toMatchObject({
      protect: false,
      retainOnDelete: true,
      inputs: { availabilityZone: "eu-central-1b" },
    });
  });

  it("takes over a volume that is named", () => {
    expect(program.get("ebs.Volume again-ec2-zookeeper-1-data").importId).toBe("vol-0123456789abcdef0");
    expect(program.get("ebs.Volume again-ec2-zookeeper-2-data").importId).toBe("");
  });
});

describe("a machine", () => {
  const instance = "ec2.Instance prod-ec2-orders-2-instance";

  it("is what the plan says", () => {
    expect(inputs(instance)).toMatchObject({
      ami: "ami-0123456789abcdef0",
      instanceType: "m7g.large",
      primaryNetworkInterface: { networkInterfaceId: "prod-ec2-orders-2" },
      placementGroup: "name of prod-ec2-brokers-orders",
      iamInstanceProfile: "name of prod-ec2-orders-2-profile",
      keyName: "pair prod-ec2-login",
      disableApiTermination: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { volumeType: "gp3", volumeSize: 10, encrypted: true, deleteOnTermination: true },
    });
    expect(inputs(instance)["networkInterfaces"]).toBeUndefined();
    expect(inputs("ec2.NetworkInterface prod-ec2-orders-2")).toMatchObject({
      subnetId: "prod-ec2-network-private-eu-central-1b",
      privateIps: ["10.20.32.21"],
      securityGroups: ["prod-ec2-allow-brokers-orders", "prod-ec2-allow-hosts"],
    });
    expect(inputs("ec2.Instance prod-ec2-zookeeper-3-instance")["instanceType"]).toBe("t4g.small");
  });

  it("boots after every name of its cluster, every rule, and the way to S3 and its own key", () => {
    const records = program.ofType("route53.Record").filter(({ name }) => name.startsWith("prod-"));
    const rules = [
      ...program.ofType("vpc.SecurityGroupEgressRule"),
      ...program.ofType("vpc.SecurityGroupIngressRule"),
    ].filter(({ name }) => name.startsWith("prod-"));
    expect(records).toHaveLength(9);
    expect(rules.length).toBeGreaterThan(20);
    const names = depends(instance).map((key) => key.split(" ")[1]);
    expect(names).toEqual(expect.arrayContaining([...records, ...rules].map(({ name }) => name)));
    expect(depends(instance)).toEqual(
      expect.arrayContaining([
        "ec2.VpcEndpoint prod-ec2-network-s3",
        "s3.BucketObjectv2 prod-ec2-orders-2-host-key",
        "iam.RolePolicy prod-ec2-orders-2-policy",
      ]),
    );
    expect(depends(instance).filter((key) => key.startsWith("ec2.Instance"))).toEqual([]);
  });

  it("is not replaced for another text of its first boot, and gives up address and volume before its successor comes", () => {
    expect(program.get(instance)).toMatchObject({ ignoreChanges: ["userData"], deleteBeforeReplace: true });
    const attachment = "ec2.VolumeAttachment prod-ec2-orders-2-data";
    expect(program.get(attachment).deleteBeforeReplace).toBe(true);
    expect(inputs(attachment)).toMatchObject({
      deviceName: "/dev/sdf",
      instanceId: "prod-ec2-orders-2-instance",
      volumeId: "prod-ec2-orders-2-data",
      stopInstanceBeforeDetaching: true,
    });
  });

  it("keeps its data on a volume of its own, which only an unprotected stack can lose", () => {
    expect(program.get("ebs.Volume prod-ec2-orders-2-data")).toMatchObject({
      protect: true,
      inputs: { availabilityZone: "eu-central-1b", size: 100, type: "gp3", encrypted: true },
    });
    expect(program.get("ebs.Volume dev-ec2-orders-2-data").protect).toBe(false);
    expect(inputs("ec2.Instance dev-ec2-orders-2-instance")["disableApiTermination"]).toBe(false);
  });

  it("has a host key that is known before it boots, and secret but for the bucket and the machine", () => {
    const object = inputs("s3.BucketObjectv2 prod-ec2-orders-2-host-key");
    expect(object["key"]).toBe("hosts/orders-2/ssh_host_ed25519_key");
    expect(secretValue(object["content"])).toBe("PRIVATE HALF of prod-ec2-orders-2-host-key\n");
    const policy = JSON.parse(inputs("iam.RolePolicy prod-ec2-orders-2-policy")["policy"] as string) as {
      Statement: unknown[];
    };
    const bucket = "arn:aws:s3:::prod-ec2-artefacts-bucket-0a1b2c3";
    expect(policy.Statement).toEqual([
      {
        Sid: "OwnArtefacts",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: [`${bucket}/hosts/orders-2/*`, `${bucket}/runtimes/*`],
      },
    ]);
  });
});

describe("commands", () => {
  const prepare = "command.Command prod-orders-2-prepare";
  const connection = (key: string) =>
    secretValue(inputs(key)["connection"]) as Record<string, unknown> & { proxy: Record<string, unknown> };

  it("log in at the fixed address, through the bastion, and check both host keys", () => {
    expect(connection(prepare)).toMatchObject({
      host: "10.20.32.21",
      user: "ec2-user",
      hostKey: "ssh-ed25519 AAAAprod-ec2-orders-2-host-key",
      proxy: { host: "203.0.113.7", user: "ec2-user", hostKey: "ssh-ed25519 AAAAprod-ec2-bastion-host-key" },
    });
    expect(JSON.stringify(connection(prepare)["privateKey"])).toContain("PRIVATE HALF of prod-ec2-login");
  });

  it("wait for the first boot, and are done anew on another machine", () => {
    const booted = "command.Command prod-ec2-orders-2-booted";
    expect(inputs(booted)["create"]).toContain("cloud-init status --wait");
    expect(depends(booted)).toEqual(
      expect.arrayContaining([
        "ec2.Instance prod-ec2-orders-2-instance",
        "ec2.VolumeAttachment prod-ec2-orders-2-data",
      ]),
    );
    const here = program.ofType("command.Command").filter(({ inputs: given, name }) => {
      return (
        name.startsWith("prod-") &&
        !/-ec2-.*-then-/.test(name) &&
        JSON.stringify(given["connection"] ?? "").includes('"10.20.32.21"')
      );
    });
    expect(here.length).toBeGreaterThan(8);
    for (const { name, inputs: given, dependsOn, deletedWith } of here) {
      expect([name, given["create"]]).toEqual([
        name,
        expect.stringMatching(/ # prod-ec2-orders-2-instance m7g\.large 100 GiB$/),
      ]);
      expect([name, deletedWith]).toEqual([name, "ec2.Instance prod-ec2-orders-2-instance"]);
      if (!name.endsWith("-booted")) expect([name, dependsOn.includes(booted)]).toEqual([name, true]);
    }
  });

  it("come after the check of the change, as all of AWS does", () => {
    expect(depends("pulumi:providers:aws prod-aws")).toContain("command.Command prod-change");
    expect(inputs("pulumi:providers:aws prod-aws")["region"]).toBe("eu-central-1");
    for (const [key, { name, type, provider }] of program.registered) {
      if (!type.startsWith("aws:")) continue;
      expect([key, provider]).toEqual([key, `${name.split("-")[0] ?? ""}-aws`]);
    }
  });
});

describe("runtimes", () => {
  it("are uploaded once for each content and fetched where they are needed", () => {
    const uploads = program.ofType("s3.BucketObjectv2").filter(({ name }) => name.startsWith("prod-archive-"));
    expect(uploads.map(({ name }) => name.replace(/-[0-9a-f]{12}$/, "")).sort()).toEqual([
      "prod-archive-classic-5.16",
      "prod-archive-zookeeper-3.9",
    ]);
    for (const { ignoreChanges } of uploads) expect(ignoreChanges).toEqual(["source"]);
    const fetches = program.ofType("command.Command").filter(({ name }) => name.startsWith("prod-orders-2-runtime-"));
    expect(fetches).toHaveLength(1);
    expect(fetches[0]?.inputs["create"]).toMatch(/amq-host fetch-runtime classic-5\.16-[0-9a-f]{12} eu-central-1'/);
    expect(fetches[0]?.inputs["stdin"]).toMatch(
      /^s3:\/\/prod-ec2-artefacts-bucket-0a1b2c3\/runtimes\/classic-5\.16-[0-9a-f]{12}\.tar\.gz\n$/,
    );
  });
});

describe("credentials", () => {
  it("are one secret for each user, told when the cluster serves, for whoever has the role's policy", () => {
    const version = inputs("secretsmanager.SecretVersion prod-ec2-credentials-app");
    expect(JSON.parse(secretValue(version["secretString"]) as string)).toEqual({
      url: program.plans["prod"]?.urls.failover,
      user: "app",
      password: "made-for-prod-password-user-app",
    });
    expect(inputs("secretsmanager.Secret prod-ec2-credentials-app")["recoveryWindowInDays"]).toBe(30);
    expect(inputs("secretsmanager.Secret dev-ec2-credentials-app")["recoveryWindowInDays"]).toBe(0);
    const policy = inputs("iam.Policy prod-ec2-credentials-client")["policy"] as string;
    expect(JSON.parse(policy)).toMatchObject({
      Statement: [
        {
          Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
          Resource: ["arn of prod-ec2-credentials-app"],
        },
      ],
    });
  });
});

it("says the other transports' URLs as well, in the secrets and the outputs", () => {
  const text = secretValue(inputs("secretsmanager.SecretVersion again-ec2-credentials-app")["secretString"]) as string;
  const url = expect.stringContaining("amqp://orders-1.prod.activemq.internal:") as string;
  expect(JSON.parse(text)).toMatchObject({ user: "app", amqpUrl: url });
  expect(program.outputs["again"]).toMatchObject({ amqpUrl: url });
});

it("says what downstream stacks need", () => {
  const { sshPrivateKey, ...outputs } = program.outputs["prod"] ?? {};
  expect(sshPrivateKey).toContain("PRIVATE HALF");
  expect(Object.keys(outputs).sort()).toEqual([
    "adminPolicyArn",
    "adminSecretArn",
    "bastionAddress",
    "brokerHosts",
    "brokers",
    "clientPolicyArn",
    "clientSecretArn",
    "clientSecurityGroupId",
    "failoverUrl",
    "failoverUrl-orders",
    "failoverUrl-payments",
    "outputsVersion",
    "password-admin",
    "password-app",
    "secretArn-admin",
    "secretArn-app",
    "sshHostKeys",
    "vpcId",
    "zookeeperConnect",
  ]);
  expect(outputs).toMatchObject({
    vpcId: "prod-ec2-network-vpc",
    clientSecurityGroupId: "prod-ec2-allow-clients",
    clientSecretArn: "arn of prod-ec2-credentials-app",
    adminSecretArn: "arn of prod-ec2-credentials-admin",
    clientPolicyArn: "arn of prod-ec2-credentials-client",
    bastionAddress: "203.0.113.7",
  });
  expect(Object.keys(outputs["sshHostKeys"] as object)).toHaveLength(10);
});

it("shows no secret in what it shows", () => {
  for (const { inputs: given } of program.registered.values()) {
    expect(openText(given)).not.toMatch(/PRIVATE HALF|made-for-/);
  }
});
