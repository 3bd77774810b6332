/** Whether a machine may read an object: by the policy of its role and by the one of the endpoint it comes through. Pure. */
import { type Account, listOf, type AccountEntry, textOf } from "./account";
import { policiesOf } from "./types/identity";

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

/** @param address where the request comes from. @returns why not; undefined when it may */
export function objectRefusal(account: Account, address: string, bucket: string, key: string): string | undefined {
  const networkInterface = account.all("NetworkInterface").find((one) => textOf(one, "privateIp") === address);
  const instance =
    networkInterface && account.all("Instance").find((one) => textOf(one, "card") === networkInterface.id);
  if (networkInterface === undefined || instance === undefined) return `no instance has the address ${address}`;
  const resource = `arn:aws:s3:::${bucket}/${key}`;
  const profile = account.find("InstanceProfile", textOf(instance, "iamInstanceProfile"));
  const role = profile && policiesOf(account, textOf(profile, "role"));
  if (!(role ?? []).some((policy) => allows(policy, resource))) return `the role of ${instance.id} does not allow it`;
  if (!endpointsOf(account, networkInterface).some((endpoint) => allows(textOf(endpoint, "policy"), resource))) {
    return `the policy of the endpoint does not allow it`;
  }
  return undefined;
}

function endpointsOf(account: Account, networkInterface: AccountEntry): readonly AccountEntry[] {
  const table = account
    .all("RouteTableAssociation")
    .find((one) => textOf(one, "subnetId") === textOf(networkInterface, "subnetId"));
  return account
    .all("VpcEndpoint")
    .filter(
      (endpoint) => table !== undefined && listOf(endpoint, "routeTableIds").includes(textOf(table, "routeTableId")),
    );
}

function allows(policy: string, resource: string): boolean {
  const { Statement: statements } = JSON.parse(policy) as { Statement: readonly Statement[] };
  const matching = statements.filter(
    (one) =>
      [one.Action].flat().includes("s3:GetObject") && [one.Resource ?? []].flat().some((r) => matches(r, resource)),
  );
  return matching.some(({ Effect }) => Effect === "Allow") && !matching.some(({ Effect }) => Effect === "Deny");
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`).test(text);
}
