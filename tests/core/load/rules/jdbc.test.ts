import { expectRow, type Row } from "./bases";
import { groups } from "./bases";

const JDBC = { target: "local", store: "jdbc", groups: groups({}, { brokers: 2 }) };
const GIVEN = { url: "jdbc:postgresql://db.lan:5432/mq", passwordFile: "~/pw" };

const PEM = "-----BEGIN CERTIFICATE-----\nMIIBszCC\n-----END CERTIFICATE-----\n";

describe("rules of the database", () => {
  it.each<Row>([
    ["a server that the program runs", JDBC, [], []],
    ["a database of the user's own", { ...JDBC, jdbc: GIVEN }, [], []],
    [
      "a database without the store",
      { ...JDBC, store: "kahaDB", groups: groups({ brokers: 1 }), jdbc: GIVEN },
      ["jdbc.url", "jdbc.passwordFile"],
      ["No group's store keeps anything in a database", "store: jdbc"],
    ],
    ["a url without a password", { ...JDBC, jdbc: { url: GIVEN.url } }, ["jdbc.passwordFile"], ["user activemq"]],
    ["a password without a url", { ...JDBC, jdbc: { passwordFile: "~/pw" } }, ["jdbc.passwordFile"], ["of its own"]],
    ["a database with an authority of the user's own", { ...JDBC, jdbc: { ...GIVEN, caCertificates: PEM } }, [], []],
    [
      "an authority that is no certificate",
      { ...JDBC, jdbc: { ...GIVEN, caCertificates: "~/ca.pem" } },
      ["jdbc.caCertificates"],
      ["-----BEGIN CERTIFICATE-----"],
    ],
    [
      "two words on how the server is checked",
      { ...JDBC, jdbc: { ...GIVEN, caCertificates: PEM, url: `${GIVEN.url}?sslmode=require` } },
      ["jdbc.caCertificates"],
      ["the option sslmode"],
    ],
    [
      "an authority without the store",
      { ...JDBC, store: "kahaDB", groups: groups({ brokers: 1 }), jdbc: { caCertificates: PEM } },
      ["jdbc.caCertificates"],
      [],
    ],
    [
      "a password in the url",
      { ...JDBC, jdbc: { ...GIVEN, url: `${GIVEN.url}?ssl=true&password=x` } },
      ["jdbc.url"],
      ["the option password"],
    ],
    [
      "several servers, one of which is the primary",
      { ...JDBC, jdbc: { ...GIVEN, url: "jdbc:postgresql://a:5433,b/mq?targetServerType=primary&sslmode=require" } },
      [],
      [],
    ],
    [
      "several servers, of which the driver would take any",
      { ...JDBC, jdbc: { ...GIVEN, url: "jdbc:postgresql://a:5433,b/mq" } },
      ["jdbc.url"],
      ["several servers", "write ?targetServerType=primary at the end"],
    ],
    [
      "several servers, of which the driver would prefer a standby",
      { ...JDBC, jdbc: { ...GIVEN, url: "jdbc:postgresql://a,b/mq?targetServerType=preferSecondary" } },
      ["jdbc.url"],
      ["several servers"],
    ],
    [
      "another database's url",
      { ...JDBC, jdbc: { ...GIVEN, url: "jdbc:mysql://db/mq" } },
      ["jdbc.url"],
      ["PostgreSQL"],
    ],
    [
      "groups that differ by their case",
      { ...JDBC, groups: groups({ name: "orders" }, { name: "Orders" }) },
      ["groups[1].name"],
      ["the same tables"],
    ],
    [
      "a host that is named like the server's",
      {
        ...JDBC,
        placement: "interleaved",
        hosts: ["a", "b", "postgresql"].map((name) => ({ name, address: "127.0.0.1" })),
      },
      ["hosts[2].name"],
      ["database server is on a host of this name"],
    ],
    [
      "a port that a broker has",
      {
        ...JDBC,
        jdbc: { port: 61616 },
        groups: groups({}, { ports: { openwire: 61619 } }, { ports: { openwire: 61616 } }),
      },
      ["jdbc.port"],
      ["61616"],
    ],
    ["an old release", { ...JDBC, release: "5.16" }, ["store"], ["Release 5.16 has no jdbc"]],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
