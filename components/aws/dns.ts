import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "./tags";

/** Short, because a client that holds on to an address has nothing from a host that moved. */
const TTL_SECONDS = 60;

export interface PrivateDnsArgs {
  /** The zone's name. */
  readonly zone: string;
  readonly vpcId: pulumi.Input<string>;
  readonly region: string;
  /** Names, with the zone's, and what they lead to. */
  readonly records: ReadonlyMap<string, pulumi.Input<string>>;
  readonly tags: Tags;
}

/** A private zone with the hosts' names, which only the VPC can resolve. */
export class PrivateDns extends pulumi.ComponentResource {
  /** All of them: a name that is asked for too early is remembered as missing. */
  readonly records: readonly pulumi.Resource[];

  constructor(name: string, args: PrivateDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:PrivateDns", name, {}, opts);
    const zone = new route53.Zone(
      `${name}-zone`,
      {
        name: args.zone,
        comment: "Hosts of an ActiveMQ cluster",
        vpcs: [{ vpcId: args.vpcId, vpcRegion: args.region }],
        // Only what the program made is in it.
        forceDestroy: false,
        tags: named(args.tags, args.zone),
      },
      { parent: this },
    );
    this.records = [...args.records].map(
      ([record, address]) =>
        new route53.Record(
          `${name}-${record}`,
          { zoneId: zone.zoneId, name: record, type: "A", ttl: TTL_SECONDS, records: [address] },
          { parent: this },
        ),
    );
    this.registerOutputs({});
  }
}
