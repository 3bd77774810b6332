import * as pulumi from "@pulumi/pulumi";
import { credentialsText } from "../core/plan/users";
import type { Host } from "./host";
import { TYPES } from "./resourceNames";
import { rollOut } from "./rollout";
import type { Service } from "../core/host/service";
import { DATABASE_PASSWORD } from "../core/plan/database";

export interface DatabaseServerArgs {
  /** The server's service, as rendered. */
  readonly service: Service;
  readonly hosts: ReadonlyMap<string, Host>;
  /** What must be done before the server is touched. */
  readonly after: readonly pulumi.Resource[];
  readonly password: pulumi.Output<string>;
}

/** The PostgreSQL server that brokers keep their messages in, where the program runs one. */
export class DatabaseServer extends pulumi.ComponentResource {
  /** Resources that brokers wait for. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DatabaseServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPES.database, name, {}, opts);
    const credentials = args.password.apply((password) => credentialsText({ [DATABASE_PASSWORD]: password }));
    const { hosts, after } = args;
    this.ready = rollOut(
      name,
      { services: [args.service], hosts, after, credentials: pulumi.secret(credentials) },
      this,
    ).done;
    this.registerOutputs({});
  }
}
