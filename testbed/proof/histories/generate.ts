/** What a run will do, from its seed alone: the same seed gives the same clients, operations and faults. Pure. */
import fc from "fast-check";
import { FAULTS, type FaultStep } from "../../../operate/drill/faults";
import type { ClusterPlan } from "../../../core/plan/model";
import type { Protocol } from "../../../core/products/transports";
import type { Call } from "./history";
import { OPERATION_NAMES, OPERATION_ROWS, type OperationName } from "./operations";

export interface Step {
  readonly operation: OperationName;
  readonly call: Call;
  /** Before it. */
  readonly pauseMillis: number;
}

export interface PlannedClient {
  readonly name: string;
  readonly protocol: Protocol;
  /** As many of them as the time allows. */
  readonly steps: readonly Step[];
}

/** One fault, or several at once. */
export interface PlannedFault {
  /** Of load, before it. */
  readonly pauseMillis: number;
  readonly steps: readonly FaultStep[];
  /** The next master is killed as soon as it serves. */
  readonly again: boolean;
}

export interface RunPlan {
  readonly seed: number;
  readonly clients: readonly PlannedClient[];
  readonly faults: readonly PlannedFault[];
}

/** How many clients there are of each protocol. */
const CLIENTS: Readonly<Partial<Record<Protocol, number>>> = { openwire: 6, stomp: 2, amqp: 2, mqtt: 1 };
/** The one consumer of the queue whose order is looked at. */
const IN_ORDER = "ordered";
const LONGEST_PAUSE_MILLIS = 300;
/** More than a client does in a minute. */
const STEPS_A_MINUTE = 600;
const FAULTS_A_MINUTE = 12;
/** Less than a client's pause would be no load, more would leave a short run without a fault. */
const BEFORE_A_FAULT = { min: 4000, max: 9000 };

function stepsOf(client: string, protocol: Protocol): fc.Arbitrary<Step> {
  const rows = OPERATION_NAMES.filter((name) => {
    const { protocols, weight } = OPERATION_ROWS[name];
    return client === IN_ORDER ? name === "receive in order" : weight > 0 && protocols.includes(protocol);
  });
  return fc.oneof(
    ...rows.map((operation) => ({
      weight: Math.max(1, OPERATION_ROWS[operation].weight),
      arbitrary: fc.record({
        operation: fc.constant(operation),
        call: OPERATION_ROWS[operation].call(client),
        pauseMillis: fc.integer({ min: 0, max: LONGEST_PAUSE_MILLIS }),
      }),
    })),
  );
}

/** @returns one value, the same for the same seed */
function draw<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const [drawn] = fc.sample(fc.noBias(arbitrary), { seed, numRuns: 1 });
  return drawn as T;
}

const exactly = <T>(arbitrary: fc.Arbitrary<T>, length: number) =>
  fc.array(arbitrary, { minLength: length, maxLength: length, size: "max" });

/** Steps of the drill's faults that fit a stack, each once. */
function faultSteps(plan: ClusterPlan): readonly FaultStep[] {
  const fitting = FAULTS.filter(({ unfit }) => unfit(plan) === undefined).flatMap(({ steps }) => steps(1));
  const named = new Map(fitting.map((step) => [`${step.aim} ${step.kind}`, step]));
  return [...named.values()];
}

function faultsOf(plan: ClusterPlan): fc.Arbitrary<PlannedFault> {
  const step = fc.constantFrom(...faultSteps(plan));
  const different = ({ aim }: FaultStep) => aim;
  return fc.record({
    pauseMillis: fc.integer(BEFORE_A_FAULT),
    steps: fc.oneof(
      { weight: 3, arbitrary: step.map((single) => [single]) },
      { weight: 1, arbitrary: fc.uniqueArray(step, { minLength: 2, maxLength: 2, selector: different }) },
    ),
    again: fc.boolean(),
  });
}

/** What a run of so many minutes on a stack will do. */
export function generate(seed: number, minutes: number, plan: ClusterPlan): RunPlan {
  const names: (readonly [string, Protocol])[] = [
    [IN_ORDER, "openwire"],
    ...Object.entries(CLIENTS).flatMap(([protocol, count]) =>
      Array.from({ length: count }, (_, i) => [`${protocol}${i}`, protocol as Protocol] as const),
    ),
  ];
  return {
    seed,
    clients: names.map(([name, protocol], i) => ({
      name,
      protocol,
      // A seed of its own: another number of clients changes nothing for the others.
      steps: draw(exactly(stepsOf(name, protocol), Math.ceil(STEPS_A_MINUTE * minutes)), seed * 1000 + i),
    })),
    faults: draw(exactly(faultsOf(plan), Math.ceil(FAULTS_A_MINUTE * minutes)), seed * 1000 + 999),
  };
}
