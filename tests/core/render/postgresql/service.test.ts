import { execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, type Server, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service } from "../../../../core/host/service";
import { databaseService } from "../../../../core/render/postgresql/service";
import { RUNTIMES, fileOf, planOf } from "../../../support/plans";

const GROUPS = [{ name: "a" }, { name: "b", brokers: 1 }];

function serviceOf(change: { port?: number } = {}): Service {
  const plan = planOf({ store: "jdbc", groups: GROUPS, jdbc: { maxConnections: 7, user: "mq" } });
  const { database } = plan;
  if (database?.server === undefined) throw new Error("no server");
  return databaseService(plan, database, { ...database.server, ...change }, RUNTIMES);
}

test("the row", () => {
  expect({ ...serviceOf(), files: [] }).toEqual({
    name: "postgresql",
    host: "postgresql",
    kind: "postgresql",
    files: [],
    credentials: ["jdbc.password"],
    listens: ["127.0.0.1:5432"],
    bridges: [],
  });
});

test("its settings: reached from this machine with a password, and every pool fits", () => {
  const conf = fileOf(serviceOf(), "postgresql.conf").text;
  const settings = new Map([...conf.matchAll(/^(\w+) = (.*)$/gm)].map(([, key, value]) => [key, value]));
  expect(Object.fromEntries(settings)).toMatchObject({
    listen_addresses: "'127.0.0.1'",
    port: "5432",
    unix_socket_directories: "''",
    max_connections: String(4 * 7 + 10),
    fsync: "on",
    synchronous_commit: "on",
    password_encryption: "'scram-sha-256'",
  });
  const hba = fileOf(serviceOf(), "pg_hba.conf").text.split("\n");
  expect(hba.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    'host activemq "mq" 127.0.0.0/8 scram-sha-256',
  ]);
});

describe("on a host", () => {
  const root = mkdtempSync(join(tmpdir(), "postgre sql-"));
  const open: Server[] = [];
  afterAll(() => {
    rmSync(root, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  /** Runs the script with programs that write down what they were given. */
  function started(password: string): { calls: string[]; home: string } {
    const bin = join(root, "runtimes", RUNTIMES("postgresql-16"), "server", "bin");
    const [home, conf] = [join(root, "sér vice"), join(root, "con $f")];
    for (const folder of [bin, home, conf]) mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(bin, "initdb"),
      `#!/bin/bash\nfor word; do case $word in --pgdata=*) mkdir "\${word#*=}"; touch "\${word#*=}/PG_VERSION" ;; --pwfile=*) echo "password: $(cat "\${word#*=}")" >>"$OUT" ;; esac; done\necho "initdb $*" >>"$OUT"\n`,
    );
    writeFileSync(
      join(bin, "postgres"),
      `#!/bin/bash\necho "postgres $*" >>"$OUT"\n[[ $1 != --single ]] || sed 's/^/sql: /' >>"$OUT"\n`,
    );
    writeFileSync(join(conf, "credentials.properties"), `jdbc.password=${password}\n`);
    writeFileSync(join(conf, "run"), fileOf(serviceOf(), "run").text);
    for (const file of ["initdb", "postgres"]) chmodSync(join(bin, file), 0o755);
    const out = join(root, "calls");
    rmSync(out, { force: true });
    execFileSync("bash", [join(conf, "run")], {
      env: {
        PATH: process.env["PATH"],
        OUT: out,
        AMQ_SERVICE: home,
        AMQ_CONF: conf,
        AMQ_RUNTIMES: join(root, "runtimes"),
      },
    });
    return { calls: readFileSync(out, "utf8").trimEnd().split("\n"), home };
  }

  test("run makes the database once, gives its user the password at every start, and shows it to nobody", () => {
    const first = started("s3cret");
    expect(first.calls).toContain("password: s3cret");
    expect(first.calls).toContain("sql: CREATE DATABASE activemq");
    expect(first.calls).toContain(`sql: ALTER ROLE "mq" PASSWORD 's3cret'`);
    expect(first.calls.filter((line) => /^(initdb|postgres) .*s3cret/.test(line))).toEqual([]);
    expect(existsSync(join(first.home, "data", "postgresql", "PG_VERSION"))).toBe(true);
    const second = started("another");
    expect(second.calls.filter((line) => /initdb|CREATE/.test(line))).toEqual([]);
    expect(second.calls).toContain(`sql: ALTER ROLE "mq" PASSWORD 'another'`);
    const [server = ""] = second.calls.slice(-1);
    expect(server).toContain(`-D ${join(first.home, "data", "postgresql")}`);
    expect(server).toContain(`config_file=${join(root, "con $f")}/postgresql.conf`);
  });

  /** What a server that answers so is taken for, and what it was sent. */
  async function probe(answer: Buffer): Promise<{ role: string; sent: Buffer }> {
    let sent = Buffer.alloc(0);
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (data) => {
        sent = data;
        socket.end(answer);
      });
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const file = join(root, "probe");
    writeFileSync(file, fileOf(serviceOf({ port: (server.address() as AddressInfo).port }), "probe").text);
    return new Promise((resolve) => {
      execFile("bash", [file, "role"], (_error, stdout) => {
        resolve({ role: stdout, sent });
      });
    });
  }

  const message = (letter: string, text: string) =>
    Buffer.concat([Buffer.from(letter), Buffer.from([0, 0, 0, 4 + text.length]), Buffer.from(text)]);
  test.each([
    ["asks for the password", message("R", "\0\0\0\nSCRAM-SHA-256\0\0"), "serving"],
    ["starts", message("E", "SFATAL\0C57P03\0Mthe database system is starting up\0\0"), "starting"],
    ["says nothing", Buffer.alloc(0), "starting"],
  ])("probe role of one that %s", async (_what, answer, role) => {
    const found = await probe(answer);
    expect(found.role).toBe(`${role}\n`);
    const body = "\0\x03\0\0user\0mq\0database\0activemq\0\0";
    expect(found.sent.toString("latin1")).toBe(`\0\0\0${String.fromCharCode(4 + body.length)}${body}`);
  });
});
