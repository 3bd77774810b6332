/**
 * Makes a history on a stack of the project that this file is in: a copy, which histories.ts has made. Words: stack, seed, minutes, and
 * the file that the history goes to. What has been recorded is written also when the run fails.
 */
import { writeFileSync } from "node:fs";
import { accountsOf } from "../../../operate/drill/accounts";
import { resolveClient } from "../../../operate/drill/client";
import { PROJECT_DIR, loadPlan } from "../../../operate/project";
import { proofMain } from "../main";
import { generate } from "./generate";
import { Recording } from "./run";

async function make([stack = "", seed = "", minutes = "", file = ""]: readonly string[], signal: AbortSignal) {
  resolveClient();
  const plan = loadPlan(stack);
  const accounts = await accountsOf(PROJECT_DIR, plan);
  const say = (line: string) => {
    console.error(`${new Date().toISOString().slice(11, 19)}   ${line}`);
  };
  const recording = new Recording(Number(seed), { plan, accounts, signal, say });
  try {
    await recording.make(generate(Number(seed), Number(minutes), plan), Number(minutes));
    return 0;
  } finally {
    writeFileSync(file, JSON.stringify(recording.history));
  }
}

void proofMain(make);
