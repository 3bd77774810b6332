/** What a machine must have before a stack can come up on it. */
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type RuntimeName, runtimeDirectory } from "../core/host/runtimes";
import { type Answer, askSync } from "../core/util/process";

type Version = readonly [major: number, minor: number];

/** As package.json says in `engines`. */
const LEAST_NODE: Version = [20, 19];
const NODE = `install Node ${LEAST_NODE.join(".")} or newer, see https://nodejs.org`;
const JDK =
  "install a JDK 17 (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless; Fedora: dnf install java-17-openjdk-devel; macOS: brew install openjdk@17)";
const MAVEN =
  "install Maven (Debian, Ubuntu: apt-get install maven; Fedora: dnf install maven; macOS: brew install maven)";
const UTIL_LINUX =
  "the local target runs on Linux; install util-linux (Debian, Ubuntu: apt-get install util-linux; Fedora: dnf install util-linux)";

interface Tool {
  readonly what: string;
  readonly command: string;
  /** The first group is the major, the second the minor version. */
  readonly version: RegExp;
  readonly least: Version;
  readonly fix: string;
}

/**
 * What is missing or too old, a sentence each with what to install; empty when nothing is.
 * Maven and the compiler are only asked for while a runtime is not resolved yet.
 */
export function missingPrerequisites(
  runtimes: readonly RuntimeName[],
  env: NodeJS.ProcessEnv = process.env,
  nodeVersion: string = process.versions.node,
): string[] {
  const javaHome = env["JAVA_HOME"] ?? "";
  const fromJdk = (tool: string) => (javaHome === "" ? tool : join(javaHome, "bin", tool));
  const jdk = javaHome === "" ? `${JDK}, or set JAVA_HOME` : `${JDK}, or mend JAVA_HOME, which is ${javaHome}`;
  const unresolved = runtimes.some((name) => !existsSync(join(runtimeDirectory(name), ".complete")));
  const tools: Tool[] = [
    // Java 8 and older call themselves 1.8.
    { what: "Java", command: fromJdk("java"), version: /version "(?:1\.)?(\d+)/, least: [17, 0], fix: jdk },
    ...(unresolved
      ? ([
          {
            what: "the Java compiler (javac)",
            command: fromJdk("javac"),
            version: /javac (?:1\.)?(\d+)/,
            least: [17, 0],
            fix: jdk,
          },
          { what: "Maven (mvn)", command: "mvn", version: /Maven (\d+)\.(\d+)/, least: [3, 6], fix: MAVEN },
        ] satisfies Tool[])
      : []),
  ];
  const absent = ["flock", "setsid"].filter((tool) => !isOnPath(tool, env));
  return [
    ...(isAtLeast(nodeVersion.split("."), LEAST_NODE) ? [] : [`Node ${nodeVersion} is too old: ${NODE}`]),
    ...tools.flatMap((tool) => faultOf(tool, env)),
    ...(absent.length === 0 ? [] : [`${absent.join(" and ")} cannot be found: ${UTIL_LINUX}`]),
  ];
}

function faultOf({ what, command, version, least, fix }: Tool, env: NodeJS.ProcessEnv): string[] {
  const answer = versionOf(command, env);
  if (answer === undefined) return [`${what} cannot be found: ${fix}`];
  const said = `${answer.stdout}${answer.stderr}`;
  // macOS has a java that only says where to get one.
  if (answer.code !== 0) return [`${what} does not run (${said.trim().split("\n")[0] ?? ""}): ${fix}`];
  const [, major, minor = "0"] = version.exec(said) ?? [];
  // An unusual build that hides its version may still be a good one.
  if (major === undefined) return [];
  const [found, needed] = least[1] === 0 ? [major, least[0]] : [`${major}.${minor}`, least.join(".")];
  return isAtLeast([major, minor], least) ? [] : [`${what} is version ${found}, ${needed} or newer is needed: ${fix}`];
}

/** Undefined when there is no such command. */
function versionOf(command: string, env: NodeJS.ProcessEnv): Answer | undefined {
  try {
    return askSync(command, ["-version"], { env });
  } catch {
    return undefined;
  }
}

function isAtLeast([major, minor]: readonly string[], [leastMajor, leastMinor]: Version): boolean {
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}

function isOnPath(tool: string, env: NodeJS.ProcessEnv): boolean {
  return (env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
