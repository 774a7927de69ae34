/** What a bus has lost, in words for the person who must restore or accept it. */
import { createHash } from 'node:crypto';
import type { Recorded } from './inventory.repository.js';

export interface Loss extends Recorded {
  /** Creation time of an object of the same name that somebody made since; undefined: there is none. */
  successor: string | undefined;
}

const NAMED = 20;

/**
 * Names exactly this loss: a setting that was left in place accepts no later one, since whatever is made anew has another
 * creation time.
 */
export function lossCode(losses: readonly Loss[]): string {
  const text = losses.map(({ name, created, successor = '' }) => `${name} ${created} ${successor}`).sort();
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 12);
}

export function describeLoss(losses: readonly Loss[]): string {
  const lines = losses
    .slice(0, NAMED)
    .map(({ kind, name, created, successor }) =>
      successor === undefined
        ? `  ${kind} ${name}, created ${created}: missing`
        : `  ${kind} ${name}, created ${created}: replaced by one created ${successor}`,
    );
  if (losses.length > NAMED) lines.push(`  and ${losses.length - NAMED} more`);
  return [
    'start refused: nats-server has lost what it held, or is another server. Nothing was created in its place.',
    ...lines,
    'To restore: stop every process, put the backup of the store of nats-server back, start again (docs/operations.md, "Restore the bus").',
    `To accept the loss of everything that was in it, for good: start the console with BUS_ACCEPT_LOSS=${lossCode(losses)}`,
  ].join('\n');
}
