/**
 * A module that is loaded when one of its exports is first asked for. Pulumi loads two large ones with itself, to write functions down
 * as text, which no program here has: each test file of a program loaded them anew. See operate/engine/standIn/lightPulumi.ts.
 *
 * @param {() => object} load
 */
module.exports = (load) => new Proxy({}, { get: (_, name) => name === "__esModule" || load()[name] });
