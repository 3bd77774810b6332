/** What a played database needs to start, from its entry in the account. */
import { isMap } from "../../../../operate/engine/standIn/values";
import { type AccountEntry, textOf, type Account } from "../account";

/** A database's server. @param lab where it is */
export function databaseArgs(made: AccountEntry, { account }: { readonly account: Account }) {
  return {
    lab: account.lab,
    machine: textOf(made, "machine"),
    endpoint: textOf(made, "address"),
    address: textOf(account.get("NetworkInterface", textOf(made, "card")), "privateIp"),
    port: Number(made.values["port"]),
    user: textOf(made, "username"),
    password: textOf(made, "password"),
    database: textOf(made, "dbName"),
    encryptedOnly: forcesEncryption(made, account),
  };
}

export function forcesEncryption(made: AccountEntry, account: Account): boolean {
  const { values } = account.get("DbParameterGroup", textOf(made, "parameterGroupName"));
  const parameters = values["parameters"];
  return (
    Array.isArray(parameters) &&
    parameters.some((one) => isMap(one) && one["name"] === "rds.force_ssl" && one["value"] === "1")
  );
}
