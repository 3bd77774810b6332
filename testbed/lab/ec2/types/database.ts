/** RDS for PostgreSQL: a real server at an address of the VPC. A standby is never there: what takes over is the same one. */
import { listOf, newId, refuse, type AccountEntry, textOf } from "../account";
import type { AwsType } from "../awsType";
import { arn } from "../arn";
import { networkInterfaceValues } from "../networkInterfaces";

/** Of PostgreSQL, as the lab has it. */
const MAJOR = "16";

const PREFIX = /^[a-z](-?[a-z0-9])*-$/;

/** AWS adds the rest. */
function prefixed(made: Pick<AccountEntry, "values">, name: string): string {
  const prefix = textOf(made, name);
  if (!PREFIX.test(prefix) || prefix.length > 36) refuse("InvalidParameterValue", `${name} ${prefix} is not valid`);
  return `${prefix}${newId("x").slice(2, 10)}`;
}

const subnetGroup: AwsType = {
  kind: "DbSubnetGroup",
  fixed: ["namePrefix"],
  changeable: ["description", "subnetIds", "tags"],
  references: { subnetIds: "Subnet" },
  id: (inputs) => prefixed({ values: inputs }, "namePrefix"),
  computed: (made, account) => {
    const zones = new Set(listOf(made, "subnetIds").map((id) => textOf(account.get("Subnet", id), "availabilityZone")));
    if (zones.size < 2) {
      refuse(
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        "the DB subnet group doesn't meet Availability Zone (AZ) coverage requirement: add subnets to cover at least 2",
      );
    }
    return { name: made.id, arn: arn("subgrp", made.id) };
  },
};

const parameterGroup: AwsType = {
  kind: "DbParameterGroup",
  fixed: ["namePrefix", "family", "description"],
  changeable: ["parameters", "tags"],
  id: (inputs) => prefixed({ values: inputs }, "namePrefix"),
  computed: (made) => {
    if (textOf(made, "family") !== `postgres${MAJOR}`) throw new Error(`the lab has PostgreSQL ${MAJOR} alone`);
    return { name: made.id, arn: arn("pg", made.id) };
  },
};

const instance: AwsType = {
  kind: "DbInstance",
  fixed: ["identifierPrefix", "engine", "dbName", "username", "storageEncrypted", "kmsKeyId", "dbSubnetGroupName"],
  changeable: [
    "engineVersion",
    "autoMinorVersionUpgrade",
    "allowMajorVersionUpgrade",
    "instanceClass",
    "multiAz",
    "storageType",
    "allocatedStorage",
    "maxAllocatedStorage",
    "password",
    "port",
    "vpcSecurityGroupIds",
    "publiclyAccessible",
    "parameterGroupName",
    "caCertIdentifier",
    "backupRetentionPeriod",
    "copyTagsToSnapshot",
    "deletionProtection",
    "skipFinalSnapshot",
    "finalSnapshotIdentifier",
    "applyImmediately",
    "tags",
  ],
  references: {
    dbSubnetGroupName: "DbSubnetGroup",
    vpcSecurityGroupIds: "SecurityGroup",
    parameterGroupName: "DbParameterGroup",
  },
  id: () => newId("db").toUpperCase(),
  computed: (made, account) => {
    check(made);
    const identifier = prefixed(made, "identifierPrefix");
    const [subnetId = ""] = listOf(account.get("DbSubnetGroup", textOf(made, "dbSubnetGroupName")), "subnetIds");
    const subnet = account.get("Subnet", subnetId);
    const values = { subnetId, securityGroups: listOf(made, "vpcSecurityGroupIds"), goesWith: made.id };
    const networkInterface: AccountEntry = { kind: "NetworkInterface", id: newId("eni"), values };
    account.put({ ...networkInterface, values: { ...values, ...networkInterfaceValues(networkInterface, account) } });
    const region = textOf(subnet, "availabilityZone").slice(0, -1);
    const address = `${identifier}.c0labplaysec2.${region}.rds.amazonaws.com`;
    return {
      identifier,
      address,
      endpoint: `${address}:${Number(made.values["port"])}`,
      arn: arn("db", identifier),
      machine: `${account.lab}-${account.nextMachine()}`,
      card: networkInterface.id,
    };
  },
  begin: async (made, lab) => {
    await lab.reconcile();
    await lab.database(made).start();
    return {};
  },
  change: async (now, before, lab) => {
    check(now);
    if (Number(now.values["allocatedStorage"]) < Number(before.values["allocatedStorage"])) {
      refuse("InvalidParameterCombination", "requested storage must be larger than the current one");
    }
    const groups = listOf(now, "vpcSecurityGroupIds");
    lab.account.change("NetworkInterface", textOf(now, "card"), { securityGroups: groups });
    const restarts = ["instanceClass", "engineVersion", "port", "parameterGroupName"];
    if (!restarts.some((name) => now.values[name] !== before.values[name])) return;
    await lab.database(before).stop();
    await lab.database(now).start();
  },
  end: async (doomed, lab) => {
    if (doomed.values["deletionProtection"] === true) {
      refuse("InvalidParameterCombination", "Cannot delete protected DB Instance, please disable deletion protection");
    }
    await lab.database(doomed).discard();
    lab.account.remove({ kind: "NetworkInterface", id: textOf(doomed, "card") });
  },
};

/** What RDS would not take, or the lab. */
function check(made: AccountEntry): void {
  const { values } = made;
  if (textOf(made, "engine") !== "postgres" || !textOf(made, "engineVersion").startsWith(MAJOR)) {
    throw new Error(`the lab has PostgreSQL ${MAJOR} alone`);
  }
  if (/^(admin|rds|postgres$)/.test(textOf(made, "username")))
    refuse("InvalidParameterValue", "MasterUsername is reserved");
  if (Number(values["allocatedStorage"]) < 20) refuse("InvalidParameterValue", "gp3 begins at 20 GiB");
  if (values["skipFinalSnapshot"] !== true && textOf(made, "finalSnapshotIdentifier") === "") {
    refuse(
      "InvalidParameterCombination",
      "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified",
    );
  }
}

export const databaseTypes: Readonly<Record<string, AwsType>> = {
  "aws:rds/subnetGroup:SubnetGroup": subnetGroup,
  "aws:rds/parameterGroup:ParameterGroup": parameterGroup,
  "aws:rds/instance:Instance": instance,
};
