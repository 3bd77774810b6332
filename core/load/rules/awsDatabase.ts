/** Rules about the database of store jdbc on target aws: one that is made, or one that is given. */
import { makesDatabase, needsDatabase } from "../../plan/database";
import { databaseConfig } from "../../plan/aws/rds";
import { rdsAuthorities } from "../../plan/aws/rdsAuthorities";
import { isOpenToTheWorld } from "../../plan/aws/plan";
import { parseNetwork } from "../../util/ipv4";
import type { AwsConfig } from "../../../config/awsSchema";
import type { Fault } from "../../../config/faults";
import type { ClusterConfig } from "../../../config/schema";
import { notNetwork } from "./aws";
import { onAws, type Rule, whole } from "./rule";

/** RDS puts a database into a group of subnets of two zones at least, also one without a standby. */
const ZONES_FOR_DATABASE = 2;

const onMade = (judge: (aws: AwsConfig, config: ClusterConfig) => readonly Fault[]): Rule =>
  onAws((aws, config) => (makesDatabase(config) ? judge(aws, config) : []));

const unused = onAws((aws, config) => {
  if (aws.database === undefined || makesDatabase(config)) return [];
  const given = needsDatabase(config);
  return [
    {
      path: "aws.database",
      value: aws.database,
      problem: given ? "jdbc.url names a database, so none is made." : "No group's store keeps anything in a database.",
      allowed: "with store jdbc and without jdbc.url",
      fix: given ? "remove one of the two" : "write store: jdbc, or remove the key",
    },
  ];
});

const cidrs = whole((config) => {
  const { url, cidrs: given } = config.jdbc;
  const isGiven = needsDatabase(config) && config.target === "aws" && url !== undefined;
  if (isGiven && given === undefined) {
    return [
      {
        path: "jdbc.cidrs",
        problem: "Brokers may connect to nothing that is not written down, and the database of jdbc.url is somewhere.",
        allowed: "the networks that it is in, such as [10.8.0.0/24]",
        fix: "write them down; the database's side must let in the subnets of aws.zones, which `amq plan` lists",
      },
    ];
  }
  if (!isGiven && given !== undefined) {
    const fix = "remove the key";
    const problem = "No security group has to let brokers out to a given database.";
    return [{ path: "jdbc.cidrs", value: given, problem, allowed: "on target aws, with store jdbc and jdbc.url", fix }];
  }
  return (given ?? []).flatMap((cidr, i): Fault[] => {
    const at = { path: `jdbc.cidrs[${i}]`, value: cidr };
    if (parseNetwork(cidr) === undefined) return [notNetwork(at)];
    if (!isOpenToTheWorld(cidr)) return [];
    const problem = "The brokers could connect to anybody on the internet.";
    return [{ ...at, problem, allowed: "networks of at most /8", fix: "write the networks that the database is in" }];
  });
});

const zones = onMade((aws) => {
  if (aws.zones.length >= ZONES_FOR_DATABASE) return [];
  return [
    {
      path: "aws.zones",
      value: aws.zones,
      problem: "RDS wants subnets in two zones, also for a database without a standby.",
      allowed: "two zones or more where a database is made",
      fix: "add a zone",
    },
  ];
});

const storage = onMade((aws) => {
  const { storageGiB, maxStorageGiB } = databaseConfig(aws);
  // AWS wants a tenth more at least, or else nothing to be enlarged.
  const least = storageGiB + Math.ceil(storageGiB / 10);
  if (maxStorageGiB === undefined || maxStorageGiB === storageGiB || maxStorageGiB >= least) return [];
  return [
    {
      path: "aws.database.maxStorageGiB",
      value: maxStorageGiB,
      problem: `AWS enlarges a disk of ${storageGiB} GiB to ${least} GiB or more, or not at all.`,
      allowed: `${storageGiB}, or ${least} and more`,
      fix: "correct it, or remove the line for twice the size",
    },
  ];
});

/** Names that AWS keeps for itself, or PostgreSQL for its own. */
const RESERVED = /^(admin|rds.*|pg_.*|public|postgres)$/i;

const user = onMade((_aws, { jdbc }) => {
  if (/^[A-Za-z]\w{0,62}$/.test(jdbc.user) && !RESERVED.test(jdbc.user)) return [];
  return [
    {
      path: "jdbc.user",
      value: jdbc.user,
      problem: "RDS takes no such name for the database's first user.",
      allowed: "a letter, then letters, digits and underscores; not admin, postgres, rds... or pg_...",
      fix: "choose another one, or remove the key for `activemq`",
    },
  ];
});

const port = onMade((_aws, { jdbc }) => {
  if (jdbc.port >= 1150) return [];
  const problem = "RDS listens on no port below 1150.";
  return [{ path: "jdbc.port", value: jdbc.port, problem, allowed: "1150 to 65535", fix: "remove the key for 5432" }];
});

const authorities = onMade(({ region }, { jdbc }) => {
  if (jdbc.caCertificates !== undefined || rdsAuthorities(region) !== undefined) return [];
  return [
    {
      path: "jdbc.caCertificates",
      problem: `It is not known whom AWS lets sign the certificates of databases in ${region}, so brokers could not tell the database from somebody else.`,
      allowed: "the region's certificates as AWS publishes them",
      fix: `download https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem, and write its text here (jdbc.caCertificates: |)`,
    },
  ];
});

export const awsDatabaseRules: readonly Rule[] = [unused, cidrs, zones, storage, user, port, authorities];
