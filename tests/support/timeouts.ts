/** Before each test file: how long one of its tests, or its preparation, may take. What a test waits for has limits of its own. */
import { backstop } from "../../testbed/harness/patience";

/** On a quiet machine; the longest of the end-to-end tests replaces nine hosts' brokers under load. */
const UNIT_SECONDS = 60;
const E2E_SECONDS = 300;

jest.setTimeout(backstop(expect.getState().testPath?.includes("/e2e/") === true ? E2E_SECONDS : UNIT_SECONDS));
