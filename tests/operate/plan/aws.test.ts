/** What amq does on target aws, as far as it can be known without an account. */
import { readFileSync } from "node:fs";
import { removeScratch } from "../../../core/host/openSsh";
import { accessFrom } from "../../../operate/hosts/awsAccess";
import {
  downRefusal,
  drillRefusal,
  forgetRefusal,
  keptVolumes,
  notYetProtected,
  upRefusal,
} from "../../../operate/up/awsRefusals";
import { loadPlan } from "../../../operate/project";

const prod = loadPlan("prod");
const dev = loadPlan("dev");
const local = loadPlan("local");
afterAll(removeScratch);

describe("up", () => {
  it("is refused on the stand-in engine, with what it takes", () => {
    expect(upRefusal(prod, true)).toMatch(/takes the pulumi CLI and an account.*amq plan prod/);
  });

  it("is left to the engine otherwise", () => {
    expect(upRefusal(prod, false)).toBeUndefined();
    expect(upRefusal(local, true)).toBeUndefined();
  });
});

describe("down", () => {
  it("is refused with --keep-data where nothing would be kept", () => {
    expect(downRefusal(dev, true)).toMatch(/protect: true/);
  });

  it("is refused with --keep-data while volumes would still go", () => {
    expect(notYetProtected(prod, ["a-data"])).toMatch(
      /a-data would be deleted.*amq up prod.*amq down prod --keep-data/,
    );
  });

  it("says what a protected stack leaves, and how that goes", () => {
    expect(keptVolumes(prod)).toMatch(/activemq-stack=prod.*amq up prod.*unprotect --all --stack prod/);
  });

  it("is left to the engine otherwise", () => {
    expect(downRefusal(dev, false)).toBeUndefined();
    for (const keepData of [true, false]) expect(downRefusal(prod, keepData)).toBeUndefined();
    expect(downRefusal(local, true)).toBeUndefined();
  });
});

it("touches no stack of another target while a lab plays EC2: its state is another engine's", () => {
  process.env["AMQ_LAB"] = "ec2";
  try {
    for (const refusal of [upRefusal(local, true), downRefusal(local, false), forgetRefusal(local, "group1-1")]) {
      expect(refusal).toMatch(/local was not touched: AMQ_LAB .* target local/);
    }
    expect(upRefusal(dev, true)).toBeUndefined();
  } finally {
    delete process.env["AMQ_LAB"];
  }
});

it("forgets no machine that the program makes", () => {
  expect(forgetRefusal(dev, "orders-1")).toMatch(/made again.*amq up dev.*pulumi up --refresh --stack dev/);
  expect(forgetRefusal(local, "group1-1")).toBeUndefined();
});

it("drills no cluster that clients reach from its VPC alone", () => {
  expect(drillRefusal(dev)).toMatch(/dev\.activemq\.internal/);
  expect(drillRefusal(local)).toBeUndefined();
});

describe("logging in", () => {
  const output = (value: unknown, secret = false) => ({ value, secret });
  const outputs = {
    sshHostKeys: output({ "orders-1": "ssh-ed25519 AAAAhost", bastion: "ssh-ed25519 AAAAbastion" }),
    bastionAddress: output("203.0.113.7"),
    sshPrivateKey: output("a private key", true),
  };

  it("takes keys from the outputs, addresses from the plan", () => {
    const access = accessFrom(dev, "orders-1", outputs);
    expect(access).toMatchObject({
      address: "10.30.0.20",
      user: "ec2-user",
      hostKey: "ssh-ed25519 AAAAhost",
      bastion: { address: "203.0.113.7", hostKey: "ssh-ed25519 AAAAbastion" },
    });
    expect(readFileSync(access?.privateKeyFile ?? "", "utf8")).toBe("a private key\n");
  });

  it("never goes to a host whose key is not known", () => {
    expect(accessFrom(dev, "orders-2", outputs)).toBeUndefined();
    expect(accessFrom(dev, "orders-1", {})).toBeUndefined();
  });
});
