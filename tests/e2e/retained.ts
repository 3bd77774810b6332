/** What RetainedCheck.java says where retained messages are in the store. */
export const RETAINED = `at once: [changed 2, kept 1]
after a restart: [changed 2, kept 1]
after another one, and idle: [changed 3]
a consumer of the queue: ActiveMQ.Retained is of the broker itself
`;
