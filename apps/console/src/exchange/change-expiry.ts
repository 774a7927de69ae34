/** Ends proposals whose time is over. Any number of consoles may run it: each change is ended by one of them. */
import { Recurring, type Log } from '#service';
import type { ChangesService } from './changes.service.js';

const EVERY_MS = 60_000;

export function expireChanges(changes: Pick<ChangesService, 'expireOne'>, log: Log): Recurring {
  return new Recurring(EVERY_MS, () => expireOverdue(changes), 'overdue proposals ended', log);
}

/** @returns how many */
export async function expireOverdue(changes: Pick<ChangesService, 'expireOne'>): Promise<number> {
  let ended = 0;
  while (await changes.expireOne()) ended++;
  return ended;
}
