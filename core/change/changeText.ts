/** What refusals of a change have in common. */

/** Takes down everything but the data, so that what cannot be changed while it serves is new at the next start. */
export const RESTART =
  "`amq down <stack> --keep-data`, edit the stack file, `amq up <stack>`: an outage, but no message is lost";

/** What is allowed where nothing may change. */
export function unchanged(value: string | number | undefined): string {
  return `${value ?? "the default"}, as it runs`;
}
