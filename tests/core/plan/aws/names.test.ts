/** Names that AWS limits. */
import { privateName, roleName } from "../../../../core/plan/aws/names";
import { PROJECT, configOf, valuesOfFile } from "../../../support/raw";
import { plan } from "../../../../core/plan/plan";

/** What the engine adds, and what IAM takes. */
const SUFFIX = "-0a1b2c3";
const MOST = 64;

test("a role's name is the resource's, or a short one that no other has", () => {
  expect(roleName("activemq-ec2-orders-1-role")).toBe("activemq-ec2-orders-1-role");
  const long = [1, 2].map((n) => roleName(`activemq-ec2-${"g".repeat(40)}-${n}-role`));
  expect(new Set(long).size).toBe(2);
  for (const name of long) expect(name).toMatch(/^activemq-ec2-g{36}-[0-9a-f]{6}$/);
});

test.each(["hostPerBroker", "hostPerGroup"])("the longest group name fits, placement %s", (placement) => {
  const values = valuesOfFile(PROJECT, "config", "Pulumi.dev.yaml");
  const aws = { ...(values["aws"] as object), volumes: { brokerDataGiB: 500 } };
  const { aws: planned } = plan("dev", configOf({ ...values, aws, placement, groups: [{ name: "g".repeat(40) }] }));
  expect(planned?.machines.length).toBeGreaterThan(3);
  for (const { host, dnsName } of planned?.machines ?? []) {
    // In the project itself, and below the longest name that another program may give a cluster.
    for (const cluster of ["activemq", "c".repeat(30)]) {
      expect(`${roleName(`${cluster}-ec2-${host}-role`)}${SUFFIX}`.length).toBeLessThanOrEqual(MOST);
    }
    expect(dnsName).toBe(privateName({ dnsZone: "dev.activemq.internal" }, host));
    expect(host.length).toBeLessThanOrEqual(63);
  }
});
