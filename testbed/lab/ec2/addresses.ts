/** Addresses of the lab that plays EC2 outside its VPCs. All are reserved for documentation or local links: nobody has them. */

/** What security groups take this machine for: in the network that the shipped stack files let in (RFC 5737, TEST-NET-1). */
export const HERE = "192.0.2.1";
/** The cable between this machine and the lab (RFC 2544); not in the network above, where a machine under test may well be. */
export const INTERNET = { here: "198.18.0.1", gateway: "198.18.0.254", prefix: 24, network: "198.18.0.0/24" } as const;

/** Elastic addresses (TEST-NET-3). */
export const PUBLIC_NETWORK = "203.0.113.0/24";
/** @param n from 0 */
export const publicAddress = (n: number) => `203.0.113.${10 + n}`;

/** Where S3 is (TEST-NET-2). */
export const S3_ADDRESS = "198.51.100.1";
export const S3_PORT = 443;

/** The name server of every VPC, as on EC2. */
export const RESOLVER = "169.254.169.253";
/** Every machine's way to anything else. */
export const GATEWAY = "169.254.1.1";
