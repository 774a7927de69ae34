/** A real Prosody on free ports, with a component or more, and whoever has an account there. */
import {
  findProsody,
  freePort,
  prosody,
  prosodyAccount,
  prosodyShell,
  type Child,
  type ProsodyOptions,
} from '#engines';
import { engineOrSkip } from './engines.js';

export { freePort } from '#engines';

export interface RunningProsody {
  server: Child;
  c2sPort: number;
  componentPort: number;
  /** A command of its administrator. */
  shell: (...words: string[]) => Promise<void>;
}

export function prosodyOrSkip(): Promise<{ root: string } | undefined> {
  return engineOrSkip('Prosody', findProsody);
}

/** @param accounts user -> password */
export async function startProsody(
  wanted: Omit<ProsodyOptions, 'c2sPort' | 'componentPort'>,
  accounts: Record<string, string> = {},
): Promise<RunningProsody> {
  const [c2sPort, componentPort] = [await freePort(), await freePort()];
  const options = { ...wanted, c2sPort, componentPort };
  const server = prosody(options);
  await server.start();
  for (const [user, password] of Object.entries(accounts)) await prosodyAccount(options, user, password);
  const shell = (...words: string[]) => prosodyShell(options, ...words);
  return { server, c2sPort, componentPort, shell };
}
