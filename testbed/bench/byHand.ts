/** The processes of a stack started directly and all at once: what `amq up` is held against. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, openSync, closeSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "../../core/util/process";
import { until } from "../../core/util/until";
import { credentialsText } from "../../core/plan/users";
import type { Service } from "../../core/host/service";
import { cacheDirectory } from "../../core/host/runtimes";
import type { ClusterPlan } from "../../core/plan/model";

/** As long as a visit waits between two looks (core/host/script/visit.sh). */
const LOOK_MILLIS = 500;
/** As long as the supervisor waits: a LevelDB broker crashes at about one start in ten. */
const AGAIN_MILLIS = 2000;
const MOST_SECONDS = 180;

interface Place {
  readonly service: Service;
  /** Where it works: data, logs. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

export class ByHand {
  private readonly processes = new Map<string, ChildProcess>();
  private readonly places: readonly Place[];
  private stopping = false;
  /** Processes that ended by themselves and were started again. */
  crashes = 0;

  /**
   * @param rendered what `amq plan --out` wrote; credentials are added beside it
   * @param folder   where data and logs go; removed by {@link stop}
   */
  constructor(
    private readonly plan: ClusterPlan,
    services: readonly Service[],
    private readonly rendered: string,
    private readonly folder: string,
    private readonly signal: AbortSignal,
  ) {
    this.places = services.map((service) => {
      const own = join(folder, service.name);
      return {
        service,
        folder: own,
        environment: {
          ...process.env,
          AMQ_SERVICE: own,
          AMQ_CONF: this.conf(service),
          AMQ_RUNTIMES: cacheDirectory(),
        },
      };
    });
  }

  /**
   * Starts everything at once and waits until every group has a master with its slaves in sync and every bridge is up,
   * asking the same probes as `amq up`.
   * @returns seconds that took
   * @throws Error when it takes too long
   */
  async start(): Promise<number> {
    this.writeCredentials();
    for (const { folder } of this.places) mkdirSync(join(folder, "log"), { recursive: true });
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    for (const place of this.places) this.launch(place);
    const patience = { millis: MOST_SECONDS * 1000, everyMillis: LOOK_MILLIS, signal: this.signal };
    const { seen, asWanted } = await until(
      () => this.missing(),
      ({ length }) => length === 0,
      patience,
    );
    if (!asWanted) throw new Error(`by hand: ${seen.join(", ")} after ${MOST_SECONDS} s`);
    return seconds();
  }

  /** Ends every process and removes what they wrote. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(
      [...this.processes.values()].map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await ended;
      }),
    );
    rmSync(this.folder, { recursive: true, force: true });
  }

  private conf(service: Service): string {
    return join(this.rendered, service.host, service.name);
  }

  private writeCredentials(): void {
    const values = new Map<string, string>();
    for (const service of this.places.map((place) => place.service)) {
      if (service.credentials.length === 0) continue;
      for (const key of service.credentials) if (!values.has(key)) values.set(key, randomBytes(16).toString("hex"));
      const own = Object.fromEntries(service.credentials.map((key) => [key, values.get(key) ?? ""]));
      writeFileSync(join(this.conf(service), "credentials.properties"), credentialsText(own), { mode: 0o600 });
    }
  }

  private launch(place: Place): void {
    const log = openSync(join(place.folder, "log", "console.log"), "a");
    // `run` becomes the process, so the pid is its own.
    const child = spawn(join(this.conf(place.service), "run"), {
      env: place.environment,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.processes.set(place.service.name, child);
    child.on("error", () => undefined); // then it has no exit either, and the wait ends with what is missing
    child.once("exit", () => {
      if (this.stopping) return;
      this.crashes += 1;
      setTimeout(() => {
        if (!this.stopping) this.launch(place);
      }, AGAIN_MILLIS);
    });
  }

  /**
   * What is not as it shall be yet. Asks no further than the first that is not, in each group: probes are processes too, and
   * take from those that start.
   */
  private async missing(): Promise<string[]> {
    const members = await this.healthy(this.plan.ensemble?.members ?? [], "leader", "follower");
    if (!members.ready) return ["the ensemble"];
    const groups = await Promise.all(
      this.plan.groups.map(async ({ name, brokers }) => ({
        name,
        ...(await this.healthy(brokers, "master", "slave")),
      })),
    );
    const unready = groups.filter(({ ready }) => !ready).map(({ name }) => `group ${name}`);
    if (unready.length > 0) return unready;
    const down = groups.map(async ({ first }) => {
      if (first === undefined || first.service.bridges.length === 0) return [];
      const up = (await this.probe(first, "bridges")).split("\n");
      return first.service.bridges.filter((bridge) => !up.includes(bridge));
    });
    return (await Promise.all(down)).flat().map((bridge) => `bridge ${bridge}`);
  }

  /** Whether one has the first role and all others the second, and which one. */
  private async healthy(
    names: readonly { readonly name: string }[],
    firstRole: string,
    otherRole: string,
  ): Promise<{ readonly ready: boolean; readonly first?: Place }> {
    let first: Place | undefined;
    for (const { name } of names) {
      const place = this.places.find(({ service }) => service.name === name);
      if (place === undefined) throw new Error(`no service ${name}`);
      const role = await this.probe(place, "role");
      if (role === firstRole && first === undefined) first = place;
      else if (role !== otherRole) return { ready: false };
    }
    return { ready: names.length === 0 || first !== undefined, ...(first && { first }) };
  }

  private probe({ service, environment }: Place, question: string): Promise<string> {
    return ask(join(this.conf(service), "probe"), [question], { env: environment }).then(
      ({ stdout }) => stdout.trim(),
      () => "",
    );
  }
}
