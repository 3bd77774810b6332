/** After the last test of a Jest that was started by hand. */
export { tearDown as default } from "./run";
