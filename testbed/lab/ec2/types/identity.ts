/** IAM, the private zone and Secrets Manager: kept as data; the lab's S3 and its name server read them. */
import type { WireMap } from "../../../../operate/engine/standIn/values";
import { type Account, ACCOUNT_ID, inputOf, listOf, newId, refuse, textOf, type AccountEntry } from "../account";
import type { AwsType } from "../awsType";
import { autoName } from "./storage";

const named = (inputs: WireMap, context: { readonly name: string }) =>
  typeof inputs["name"] === "string" ? inputs["name"] : autoName(context);
const iamArn = (what: string, { id, values }: AccountEntry) =>
  `arn:aws:iam::${ACCOUNT_ID}:${what}${typeof values["path"] === "string" ? values["path"] : "/"}${id}`;

function document(made: AccountEntry, name: string): void {
  try {
    JSON.parse(textOf(made, name));
  } catch {
    refuse("MalformedPolicyDocument", `${name} of ${made.id} is not JSON`);
  }
}

const role: AwsType = {
  kind: "Role",
  fixed: ["name", "path"],
  changeable: ["assumeRolePolicy", "permissionsBoundary", "tags"],
  id: named,
  computed: (made) => {
    document(made, "assumeRolePolicy");
    return { name: made.id, arn: iamArn("role", made) };
  },
};

const rolePolicy: AwsType = {
  kind: "RolePolicy",
  fixed: ["role", "name"],
  changeable: ["policy"],
  references: { role: "Role" },
  id: (inputs, context) => `${inputOf(inputs, "role")}:${named(inputs, context)}`,
  computed: (made) => {
    document(made, "policy");
    return {};
  },
};

const policy: AwsType = {
  kind: "Policy",
  fixed: ["name", "path", "description"],
  changeable: ["policy", "tags"],
  id: (inputs, context) =>
    `arn:aws:iam::${ACCOUNT_ID}:policy${inputOf(inputs, "path") || "/"}${named(inputs, context)}`,
  computed: (made) => {
    document(made, "policy");
    return { arn: made.id };
  },
};

const instanceProfile: AwsType = {
  kind: "InstanceProfile",
  fixed: ["name", "path"],
  changeable: ["role", "tags"],
  references: { role: "Role" },
  id: named,
  computed: (made) => ({ name: made.id, arn: iamArn("instance-profile", made) }),
};

const zone: AwsType = {
  kind: "Zone",
  fixed: ["name"],
  changeable: ["comment", "forceDestroy", "vpcs", "tags"],
  id: () => newId("Z").replace("-", "").toUpperCase(),
  computed: (made, account) => {
    for (const vpc of (made.values["vpcs"] ?? []) as WireMap[]) account.get("Vpc", inputOf(vpc, "vpcId"));
    return { zoneId: made.id, arn: `arn:aws:route53:::hostedzone/${made.id}` };
  },
};

const record: AwsType = {
  kind: "Record",
  fixed: ["zoneId", "name", "type"],
  changeable: ["ttl", "records"],
  references: { zoneId: "Zone" },
  id: (inputs) => ["zoneId", "name", "type"].map((name) => inputOf(inputs, name)).join("_"),
  computed: (made, account) => {
    const name = textOf(made, "name");
    const within = textOf(account.get("Zone", textOf(made, "zoneId")), "name");
    if (!name.endsWith(`.${within}`)) refuse("InvalidChangeBatch", `${name} is not in the zone ${within}`);
    if (textOf(made, "type") !== "A") throw new Error("the lab that plays EC2 knows records of type A alone");
    if (listOf(made, "records").length === 0) refuse("InvalidChangeBatch", `${name} has no address`);
    return { fqdn: name };
  },
};

const secret: AwsType = {
  kind: "Secret",
  fixed: ["name"],
  changeable: ["description", "recoveryWindowInDays", "kmsKeyId", "tags"],
  id: (inputs, context) => `arn:aws:secretsmanager:lab:${ACCOUNT_ID}:secret:${named(inputs, context)}`,
  computed: ({ id }) => ({ arn: id }),
};

/** Its text is in the engine's state alone, encrypted there: nobody reads it in the lab. */
const secretVersion: AwsType = {
  kind: "SecretVersion",
  fixed: ["secretId"],
  changeable: ["secretString"],
  references: { secretId: "Secret" },
  id: (inputs) => `${inputOf(inputs, "secretId")}|${newId("version")}`,
  begin: (made, lab) => {
    lab.account.put({ ...made, values: { ...made.values, secretString: null } });
    return Promise.resolve({ arn: textOf(made, "secretId") });
  },
  change: (now, _before, lab) => {
    lab.account.put({ ...now, values: { ...now.values, secretString: null } });
    return Promise.resolve();
  },
};

export const identityTypes: Readonly<Record<string, AwsType>> = {
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/policy:Policy": policy,
  "aws:iam/instanceProfile:InstanceProfile": instanceProfile,
  "aws:route53/zone:Zone": zone,
  "aws:route53/record:Record": record,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretVersion:SecretVersion": secretVersion,
};

/** The policies of a role, as their documents' texts. */
export function policiesOf(account: Account, roleName: string): string[] {
  return account
    .all("RolePolicy")
    .filter((one) => textOf(one, "role") === roleName)
    .map((one) => textOf(one, "policy"));
}
