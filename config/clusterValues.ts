/**
 * What a cluster is made from, as other programs write it: the keys of a stack file. Written by `npm run schema` from
 * config/schema.ts; do not edit.
 */

/** A cluster: the keys of a stack file. */
export interface ClusterValues {
  /** local: this machine. ssh: machines that exist. aws: EC2 machines that the program makes. */
  readonly target: "local" | "ssh" | "aws";
  /** Each a master and its slaves. */
  readonly groups: readonly GroupValues[];
  /**
   * The machines. On local: omit it, and every broker and member gets a folder at 127.0.0.1. Not on aws, which makes its own.
   * @default none
   */
  readonly hosts?: readonly HostValues[];
  /**
   * How brokers share machines.
   * @default "hostPerBroker"
   */
  readonly placement?: "hostPerBroker" | "hostPerGroup" | "interleaved";
  /**
   * How groups are joined.
   * @default "mesh"
   */
  readonly topology?: "mesh" | "duplex" | "spokes" | "none" | "custom";
  /**
   * With topology custom only: who dials whom.
   * @default none
   */
  readonly bridges?: readonly BridgeValues[];
  /**
   * Only these cross bridges, to where their consumers are; all others stay in the group they were sent to.
   * @default everything crosses
   */
  readonly dynamicallyIncludedDestinations?: readonly string[];
  /**
   * Never cross a bridge: stay in the group they were sent to.
   * @default none
   */
  readonly excludedDestinations?: readonly string[];
  /**
   * How a group keeps its messages. On aws there is no default: choose, informed (docs/stores.md).
   * @default "replicatedLevelDB"
   */
  readonly store?: "replicatedLevelDB" | "jdbc" | "sharedKahaDB" | "kahaDB";
  /**
   * ActiveMQ Classic release line, in quotes.
   * @default the newest one here that has the store
   */
  readonly release?: string;
  /**
   * With store replicatedLevelDB: how it copies messages.
   * @default that of each key
   */
  readonly replicatedLevelDB?: ReplicatedLevelDBValues;
  /**
   * With store jdbc: which database.
   * @default that of each key
   */
  readonly jdbc?: JdbcValues;
  /**
   * With store sharedKahaDB: which directory.
   * @default that of each key
   */
  readonly sharedKahaDB?: SharedKahaDBValues;
  /**
   * The ensemble that elects masters, where the store needs one.
   * @default that of each key
   */
  readonly zookeeper?: ZookeeperValues;
  /**
   * OpenWire is always on; the others when asked for.
   * @default that of each key
   */
  readonly transports?: TransportsValues;
  /**
   * Who may connect. A user for the bridges is added by the program.
   * @default [{"name":"app","role":"application"},{"name":"admin","role":"admin"}]
   */
  readonly users?: readonly UserValues[];
  /**
   * Which of the generated passwords brokers accept.
   * @default that of each key
   */
  readonly passwords?: PasswordsValues;
  /**
   * What each broker may use of its host.
   * @default that of each key
   */
  readonly limits?: LimitsValues;
  /**
   * Options of the printed client URLs.
   * @default that of each key
   */
  readonly client?: ClientValues;
  /**
   * With target ssh: how to log in to the hosts.
   * @default none
   */
  readonly ssh?: SshValues;
  /**
   * With target aws: region, network, machines and who may log in.
   * @default none
   */
  readonly aws?: AwsValues;
  /**
   * local: where hosts live.
   * @default .amq/<stack> in the project
   */
  readonly directory?: string;
}

/** With target aws: region, network, machines and who may log in. */
export interface AwsValues {
  /** Where everything is made. */
  readonly region: string;
  /** Availability zones, in an order that stays: hosts go to them in turn. Three, to survive the loss of one. */
  readonly zones: readonly string[];
  /** What machines boot from. */
  readonly image: AwsImageValues;
  /** How large machines are, by what they carry. */
  readonly instanceTypes: AwsInstanceTypesValues;
  /**
   * Disks and their key.
   * @default that of each key
   */
  readonly volumes?: AwsVolumesValues;
  /**
   * A new VPC's addresses, or which VPC there is.
   * @default that of each key
   */
  readonly network?: AwsNetworkValues;
  /**
   * With store jdbc and without jdbc.url: the RDS for PostgreSQL that is made.
   * @default its keys' own
   */
  readonly database?: AwsDatabaseValues;
  /**
   * Hosts that are elsewhere than their turn would have them, or that take over a volume.
   * @default that of each key
   */
  readonly hosts?: readonly AwsHostValues[];
  /**
   * With store sharedKahaDB: the EFS file system that is made.
   * @default its keys' own
   */
  readonly fileSystem?: AwsFileSystemValues;
  /**
   * The private DNS zone that is made for the hosts' names. Another one for each stack in one VPC.
   * @default "activemq.internal"
   */
  readonly dnsZone?: string;
  /** How the program and amq log in to the hosts. */
  readonly login: AwsLoginValues;
  /**
   * Instances refuse to be terminated, data volumes, a database and a file system to be deleted; deleted secrets can be had back for 30 days.
   * @default true
   */
  readonly protect?: boolean;
  /**
   * Where roles and policies are made, and what bounds them.
   * @default that of each key
   */
  readonly iam?: AwsIamValues;
  /**
   * Further tags of everything that is made.
   * @default that of each key
   */
  readonly tags?: readonly AwsTagValues[];
}

/** One of the list. */
export interface AwsTagValues {
  /** The tag's name. */
  readonly key: string;
  /** What it says. */
  readonly value: string;
}

/** Where roles and policies are made, and what bounds them. */
export interface AwsIamValues {
  /**
   * The path of roles, instance profiles and policies.
   * @default "/"
   */
  readonly path?: string;
  /**
   * The boundary of every role.
   * @default none
   */
  readonly permissionsBoundary?: string;
}

/** How the program and amq log in to the hosts. */
export interface AwsLoginValues {
  /**
   * A small machine with a public address that logins go through.
   * @default none
   */
  readonly bastion?: AwsLoginBastionValues;
  /**
   * Who may log in to the hosts directly, as from a VPN. Also without a bastion.
   * @default nobody
   */
  readonly cidrs?: readonly string[];
  /**
   * Name of a key pair of the region.
   * @default one is generated, private half in the stack's state
   */
  readonly keyPair?: string;
  /**
   * With keyPair: its private half, without a passphrase; ~ is your home.
   * @default your SSH agent's keys
   */
  readonly privateKeyFile?: string;
}

/** A small machine with a public address that logins go through. */
export interface AwsLoginBastionValues {
  /** Who may log in to the bastion. */
  readonly cidrs: readonly string[];
  /**
   * The bastion's type.
   * @default t4g.nano, or t3.nano for x86_64
   */
  readonly instanceType?: string;
}

/** With store sharedKahaDB: the EFS file system that is made. */
export interface AwsFileSystemValues {
  /**
   * AWS Backup copies it every day. A copy of a broker's files while it writes may need to be repaired.
   * @default false
   */
  readonly backups?: boolean;
}

/** One of the list. */
export interface AwsHostValues {
  /** A host of the plan, as `amq plan` lists it. */
  readonly name: string;
  /**
   * The zone that it is in, one of aws.zones. In a zone other than the default its volume is empty.
   * @default the one whose turn it is
   */
  readonly zone?: string;
  /**
   * The zone that it was moved from: the volume that it left there is kept, beside the machine.
   * @default none
   */
  readonly keepsVolumeOf?: string;
  /**
   * An existing volume that becomes its data volume, as one that another deployment kept.
   * @default none
   */
  readonly volumeId?: string;
}

/** With store jdbc and without jdbc.url: the RDS for PostgreSQL that is made. */
export interface AwsDatabaseValues {
  /**
   * How large the database's machines are.
   * @default "db.m7g.large"
   */
  readonly instanceClass?: string;
  /**
   * PostgreSQL's version, in quotes. Without its second number AWS keeps that one new, an outage of a minute each time.
   * @default "16"
   */
  readonly engineVersion?: string;
  /**
   * A standby in another zone takes over within one or two minutes. false: lost with its zone, half the cost.
   * @default true
   */
  readonly multiZone?: boolean;
  /**
   * Its disk (gp3), in GiB: what all groups store.
   * @default 50
   */
  readonly storageGiB?: number;
  /**
   * Up to where AWS enlarges the disk before it is full. The same as storageGiB: never.
   * @default twice storageGiB
   */
  readonly maxStorageGiB?: number;
  /**
   * Days for which it can be set back to any minute. 0: no backups.
   * @default 7
   */
  readonly backupDays?: number;
  /**
   * A snapshot is taken when the database is deleted; it stays in the account, and costs.
   * @default true
   */
  readonly finalSnapshot?: boolean;
}

/** A new VPC's addresses, or which VPC there is. */
export interface AwsNetworkValues {
  /**
   * A new VPC's addresses, /16 to /24. Not with vpcId.
   * @default 10.0.0.0/16
   */
  readonly cidr?: string;
  /**
   * An existing VPC.
   * @default a new one
   */
  readonly vpcId?: string;
  /**
   * With vpcId: the private subnet of each zone of aws.zones.
   * @default none
   */
  readonly subnets?: readonly AwsNetworkSubnetValues[];
  /**
   * With vpcId and a bastion: the subnet with a route to the internet that the bastion goes to.
   * @default none
   */
  readonly publicSubnetId?: string;
  /**
   * With vpcId: route tables that get an S3 gateway endpoint, for our bucket and Amazon Linux packages alone.
   * @default S3 can be reached already
   */
  readonly routeTableIds?: readonly string[];
  /**
   * Services of AWS that hosts and clients reach in the VPC itself, without a way to the internet. Each costs by the hour and zone.
   * @default that of each key
   */
  readonly interfaceEndpoints?: readonly string[];
  /**
   * Where the hosts' fixed addresses begin in each subnet, counted from the subnet's first; AWS keeps 0 to 3.
   * @default 10
   */
  readonly firstAddress?: number;
}

/** One of the list. */
export interface AwsNetworkSubnetValues {
  /** The subnet's availability zone; one of aws.zones. */
  readonly zone: string;
  /** The subnet's id. */
  readonly id: string;
  /** The subnet's addresses; compared with what the account says before anything is made. */
  readonly cidr: string;
}

/** Disks and their key. */
export interface AwsVolumesValues {
  /**
   * A machine's own disk, in GiB; it goes with the machine.
   * @default 10
   */
  readonly rootGiB?: number;
  /**
   * The data volume of a broker host, in GiB: what limits allow its brokers to store, and 2 GiB.
   * @default 50
   */
  readonly brokerDataGiB?: number;
  /**
   * The data volume of a ZooKeeper host, in GiB.
   * @default 8
   */
  readonly zookeeperDataGiB?: number;
  /**
   * Encrypts all volumes, secrets and what brokers share.
   * @default the account's own keys of each service
   */
  readonly kmsKeyArn?: string;
}

/** How large machines are, by what they carry. */
export interface AwsInstanceTypesValues {
  /** Of hosts that carry brokers. */
  readonly broker: string;
  /**
   * Of hosts that carry a ZooKeeper member; where the store needs an ensemble.
   * @default none
   */
  readonly zookeeper?: string;
}

/** What machines boot from. */
export interface AwsImageValues {
  /** An Amazon Linux 2023 image of the region. Pinned here, so that a newer one never replaces a machine unasked. */
  readonly id: string;
  /**
   * The image's architecture.
   * @default "arm64"
   */
  readonly architecture?: "arm64" | "x86_64";
}

/** With target ssh: how to log in to the hosts. */
export interface SshValues {
  /**
   * The login user. Anybody but root needs sudo without a password.
   * @default "root"
   */
  readonly user?: string;
  /**
   * sshd's port on the hosts.
   * @default 22
   */
  readonly port?: number;
  /**
   * The private key, without a passphrase; ~ is your home.
   * @default the keys of your SSH agent
   */
  readonly privateKeyFile?: string;
  /**
   * A machine that log-ins go through.
   * @default none
   */
  readonly bastion?: SshBastionValues;
}

/** A machine that log-ins go through. */
export interface SshBastionValues {
  /** The machine that connections to hosts go through. */
  readonly address: string;
  /**
   * The bastion's login user.
   * @default activemq:ssh.user
   */
  readonly user?: string;
  /**
   * sshd's port on the bastion.
   * @default 22
   */
  readonly port?: number;
  /**
   * The bastion's public host key.
   * @default none, whoever answers is trusted
   */
  readonly hostKey?: string;
}

/** Options of the printed client URLs. */
export interface ClientValues {
  /**
   * A connection silent for this long is dropped; below half the ZooKeeper session, in milliseconds.
   * @default 4000
   */
  readonly maxInactivityMillis?: number;
  /**
   * Longest pause between two rounds of the broker list.
   * @default 1000
   */
  readonly maxReconnectDelayMillis?: number;
  /**
   * Clients try the brokers in random order, which spreads them over the groups.
   * @default true
   */
  readonly randomize?: boolean;
}

/** What each broker may use of its host. */
export interface LimitsValues {
  /**
   * -Xms and -Xmx of a broker, in MiB.
   * @default 256
   */
  readonly heapMiB?: number;
  /**
   * Messages held in memory, in MiB.
   * @default a quarter of the heap
   */
  readonly memoryMiB?: number;
  /**
   * Persistent messages on disk per broker, in MiB.
   * @default 4096
   */
  readonly storeMiB?: number;
  /**
   * Non-persistent messages and backlogs of bridges, spooled to disk per broker, in MiB.
   * @default 512
   */
  readonly tempMiB?: number;
}

/** Which of the generated passwords brokers accept. */
export interface PasswordsValues {
  /**
   * Count it up by one for new passwords of all users and of the bridges; see docs/operating.md, 'New passwords'.
   * @default 1
   */
  readonly generation?: number;
  /**
   * From generation 2 on: brokers accept the passwords of the generation before as well. false: no more.
   * @default true
   */
  readonly acceptPrevious?: boolean;
}

/** One of the list. */
export interface UserValues {
  /** The user's name; the password is generated, see the stack output `password-<name>`. */
  readonly name: string;
  /**
   * application: send and consume; admin: everything.
   * @default "application"
   */
  readonly role?: "application" | "admin";
}

/** OpenWire is always on; the others when asked for. */
export interface TransportsValues {
  /**
   * Brokers speak AMQP 1.0.
   * @default false
   */
  readonly amqp?: boolean;
  /**
   * Brokers speak STOMP.
   * @default false
   */
  readonly stomp?: boolean;
  /**
   * Brokers speak MQTT.
   * @default false
   */
  readonly mqtt?: boolean;
  /**
   * Brokers speak STOMP, MQTT and AMQP 1.0 inside WebSockets, for clients in browsers.
   * @default false
   */
  readonly ws?: boolean;
  /**
   * Connections per connector and broker.
   * @default 1000
   */
  readonly maximumConnections?: number;
  /**
   * Largest frame, in MiB.
   * @default a fifth of the heap, at most 100
   */
  readonly maxFrameSizeMiB?: number;
}

/** The ensemble that elects masters, where the store needs one. */
export interface ZookeeperValues {
  /**
   * Members of the ensemble: odd, 3 to 7.
   * @default 3
   */
  readonly members?: number;
  /**
   * ZooKeeper server release.
   * @default "3.9.5"
   */
  readonly version?: string;
  /**
   * The members' ports.
   * @default that of each key
   */
  readonly ports?: ZookeeperPortsValues;
  /**
   * ZooKeeper's tickTime, in milliseconds.
   * @default 2000
   */
  readonly tickTimeMillis?: number;
  /**
   * Ticks a follower has to connect and catch up.
   * @default 10
   */
  readonly initLimitTicks?: number;
  /**
   * Ticks a follower may lag before it is dropped.
   * @default 5
   */
  readonly syncLimitTicks?: number;
  /**
   * How long a silent broker keeps its mastership, in milliseconds: 2 to 20 tickTimes.
   * @default 10000
   */
  readonly sessionTimeoutMillis?: number;
  /**
   * -Xms and -Xmx of a member, in MiB.
   * @default 128
   */
  readonly heapMiB?: number;
}

/** The members' ports. */
export interface ZookeeperPortsValues {
  /**
   * Where brokers connect. A number: the first member's, counted up on a shared address; a list: one per member.
   * @default 2181
   */
  readonly client?: number | readonly number[];
  /**
   * Where followers connect to the leader. A number: the first member's, counted up on a shared address; a list: one per member.
   * @default 2888
   */
  readonly peer?: number | readonly number[];
  /**
   * Leader election. A number: the first member's, counted up on a shared address; a list: one per member.
   * @default 3888
   */
  readonly election?: number | readonly number[];
}

/** With store sharedKahaDB: which directory. */
export interface SharedKahaDBValues {
  /**
   * The directory that all brokers share; each group has a folder of its own below it. On ssh: where a shared file system is mounted on every host. On aws: where the one that is made gets mounted.
   * @default on local: one of the stack's; on ssh: none; on aws: /srv/activemq-cluster
   */
  readonly directory?: string;
  /**
   * ssh: the NFSv4 export that the program mounts at `directory`.
   * @default it is mounted already
   */
  readonly mount?: string;
}

/** With store jdbc: which database. */
export interface JdbcValues {
  /**
   * The database that brokers share.
   * @default on local: one in a PostgreSQL server that the program runs; on aws: an RDS instance that it makes (aws.database)
   */
  readonly url?: string;
  /**
   * Who the brokers are to the database: owns the tables, or may create them.
   * @default "activemq"
   */
  readonly user?: string;
  /**
   * With url: a file on this machine whose first line is the user's password; ~ is your home.
   * @default none
   */
  readonly passwordFile?: string;
  /**
   * Without url: the port of the server that the program runs or makes.
   * @default 5432
   */
  readonly port?: number;
  /**
   * Certificates (PEM) that the database's own must lead to; connections are then encrypted, and its name is checked.
   * @default on aws without url: Amazon's own of the region; else as the url says
   */
  readonly caCertificates?: string;
  /**
   * aws, with url: the networks that the database is in. Brokers may connect to the url's port there.
   * @default none
   */
  readonly cidrs?: readonly string[];
  /**
   * Connections that each broker may open.
   * @default 20
   */
  readonly maxConnections?: number;
}

/** With store replicatedLevelDB: how it copies messages. */
export interface ReplicatedLevelDBValues {
  /**
   * When a send is acknowledged; see docs/stores.md before you change it.
   * @default "quorum_disk"
   */
  readonly sync?: "quorum_disk" | "quorum_mem" | "local_disk" | "local_mem" | "remote_disk" | "remote_mem";
  /**
   * Size of a log file, in MiB. A file is deleted when nobody needs a message in it. Small ones are for tests.
   * @default 100
   */
  readonly logSizeMiB?: number;
  /**
   * Where the replication port listens: on every address.
   * @default the broker's own address
   */
  readonly bindAddress?: "0.0.0.0";
}

/** One of the list. */
export interface BridgeValues {
  /** The group that dials and holds the connector. */
  readonly from: string;
  /** The group that is dialled. */
  readonly to: string;
  /**
   * true: messages flow both ways over the one connection.
   * @default false
   */
  readonly duplex?: boolean;
  /**
   * Only these cross, to where their consumers are.
   * @default the cluster's
   */
  readonly dynamicallyIncludedDestinations?: readonly string[];
  /**
   * Never cross this bridge. Added to the cluster's and the groups'.
   * @default none
   */
  readonly excludedDestinations?: readonly string[];
  /**
   * Cross whether the other group has consumers or not. Only one way.
   * @default none
   */
  readonly staticallyIncludedDestinations?: readonly string[];
}

/** One of the list. */
export interface HostValues {
  /** The host's name; resources and folders carry it, so renaming it replaces the host. */
  readonly name: string;
  /** Address that brokers and clients dial. On local: 127.x.y.z. */
  readonly address: string;
  /**
   * ssh: the login user of this host.
   * @default activemq:ssh.user
   */
  readonly user?: string;
  /**
   * ssh: sshd's port on this host.
   * @default activemq:ssh.port
   */
  readonly port?: number;
  /**
   * ssh: the host's public key, as ssh-keyscan prints it after the address. Given, another key is refused.
   * @default none, whoever answers is trusted
   */
  readonly hostKey?: string;
  /**
   * ssh: count it up when the machine was replaced by an empty one of the same name.
   * @default 1
   */
  readonly generation?: number;
  /**
   * What may be placed here.
   * @default ["broker","zookeeper"]
   */
  readonly roles?: readonly ("broker" | "zookeeper")[];
}

/** One of the list. */
export interface GroupValues {
  /** The group's name; its brokers are <name>-1, <name>-2, ... */
  readonly name: string;
  /**
   * Brokers in the group: odd and at least 3 with replicatedLevelDB; any number with jdbc and sharedKahaDB; 1 with kahaDB.
   * @default 3
   */
  readonly brokers?: number;
  /**
   * The brokerName all brokers of the group share.
   * @default the group's name
   */
  readonly brokerName?: string;
  /**
   * With topology spokes: who connects here.
   * @default nobody by role
   */
  readonly role?: "producers" | "consumers";
  /**
   * true: no client URL names the group any more, bridges drain it; removed from the file next. discard: what it holds is given up.
   * @default false
   */
  readonly retire?: boolean | "discard";
  /**
   * How this group keeps its messages, where that differs from the cluster's; one release has to have both.
   * @default the cluster's
   */
  readonly store?: "replicatedLevelDB" | "jdbc" | "sharedKahaDB" | "kahaDB";
  /**
   * What this group says here replaces the cluster's limits, key by key.
   * @default the cluster's
   */
  readonly limits?: GroupLimitsValues;
  /**
   * What this group says here replaces the cluster's transports, key by key.
   * @default the cluster's
   */
  readonly transports?: GroupTransportsValues;
  /**
   * Stay in this group: cross no bridge from or to it. Added to the cluster's.
   * @default none
   */
  readonly excludedDestinations?: readonly string[];
  /**
   * aws: which ten addresses of each subnet, and which zone first, the group's hosts take.
   * @default the group's position, from 0
   */
  readonly addressBlock?: number;
  /**
   * With placement interleaved: the hosts of the group's brokers, in the brokers' order.
   * @default those with the fewest brokers of the groups before it
   */
  readonly hosts?: readonly string[];
  /**
   * Election path inside ZooKeeper.
   * @default /activemq/leveldb-stores/<name>
   */
  readonly zkPath?: string;
  /**
   * The group's first port per purpose; further brokers on the same address get the next ones.
   * @default that of each key
   */
  readonly ports?: GroupPortsValues;
}

/** The group's first port per purpose; further brokers on the same address get the next ones. */
export interface GroupPortsValues {
  /**
   * Client port.
   * @default 61616, or the next free one on a shared address
   */
  readonly openwire?: number;
  /**
   * Client port of this transport, when it is on.
   * @default 5672 and up
   */
  readonly amqp?: number;
  /**
   * Client port of this transport, when it is on.
   * @default 61613 and up
   */
  readonly stomp?: number;
  /**
   * Client port of this transport, when it is on.
   * @default 1883 and up
   */
  readonly mqtt?: number;
  /**
   * Client port of this transport, when it is on.
   * @default 61614 and up
   */
  readonly ws?: number;
  /**
   * Where a replicatedLevelDB master serves its slaves. 0 = random, cannot be firewalled.
   * @default 62616 and up
   */
  readonly replication?: number;
  /**
   * Prometheus metrics, on loopback only.
   * @default 9404 and up
   */
  readonly metrics?: number;
}

/** What this group says here replaces the cluster's transports, key by key. */
export interface GroupTransportsValues {
  /**
   * Brokers speak AMQP 1.0.
   * @default the cluster's
   */
  readonly amqp?: boolean;
  /**
   * Brokers speak STOMP.
   * @default the cluster's
   */
  readonly stomp?: boolean;
  /**
   * Brokers speak MQTT.
   * @default the cluster's
   */
  readonly mqtt?: boolean;
  /**
   * Brokers speak STOMP, MQTT and AMQP 1.0 inside WebSockets, for clients in browsers.
   * @default the cluster's
   */
  readonly ws?: boolean;
  /**
   * Connections per connector and broker.
   * @default the cluster's
   */
  readonly maximumConnections?: number;
  /**
   * Largest frame, in MiB.
   * @default the cluster's, or a fifth of the heap, at most 100
   */
  readonly maxFrameSizeMiB?: number;
}

/** What this group says here replaces the cluster's limits, key by key. */
export interface GroupLimitsValues {
  /**
   * -Xms and -Xmx of a broker, in MiB.
   * @default the cluster's
   */
  readonly heapMiB?: number;
  /**
   * Messages held in memory, in MiB.
   * @default the cluster's, or a quarter of the heap
   */
  readonly memoryMiB?: number;
  /**
   * Persistent messages on disk per broker, in MiB.
   * @default the cluster's
   */
  readonly storeMiB?: number;
  /**
   * Non-persistent messages and backlogs of bridges, spooled to disk per broker, in MiB.
   * @default the cluster's
   */
  readonly tempMiB?: number;
}
