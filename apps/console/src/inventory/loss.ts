/** Text about what a bus has lost, for the person who has to restore it or accept the loss. */
import { createHash } from 'node:crypto';
import type { Recorded } from './inventory.repository.js';

export interface Loss extends Recorded {
  /** Creation time of a new object with the same name; undefined if there is none. */
  successor: string | undefined;
}

const NAMED = 20;

/**
 * Code of exactly this loss. A setting that was left in place accepts no later loss, because objects that are created again have
 * another creation time.
 */
export function lossCode(losses: readonly Loss[]): string {
  const text = losses.map(({ name, created, successor = '' }) => `${name} ${created} ${successor}`).sort();
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 12);
}

/** Consumers of a lost stream are counted, not listed. */
function listed(losses: readonly Loss[]): string[] {
  const gone = new Set(losses.map(({ name }) => name));
  const streamOf = ({ name }: Loss) => name.split('/')[0] ?? name;
  const own = losses.filter((loss) => loss.kind !== 'consumer' || !gone.has(streamOf(loss)));
  return own.map(({ kind, name, created, successor }) => {
    const consumers = losses.filter((loss) => loss.kind === 'consumer' && streamOf(loss) === name).length;
    const along = kind === 'stream' && consumers > 0 ? ` with ${consumers} consumers` : '';
    const state = successor === undefined ? 'missing' : `replaced by one created ${successor}`;
    return `  ${kind} ${name}, created ${created}${along}: ${state}`;
  });
}

export function describeLoss(losses: readonly Loss[]): string {
  const lines = listed(losses);
  return [
    'start refused: nats-server has lost what it held, or is another server. Nothing was created in its place.',
    ...lines.slice(0, NAMED),
    ...(lines.length > NAMED ? [`  and ${lines.length - NAMED} more`] : []),
    'To restore: stop every process, put the backup of the store of nats-server back, start again (docs/operations.md, "Restore the bus").',
    `To accept the loss of everything that was in it, for good: start the console with BUS_ACCEPT_LOSS=${lossCode(losses)}`,
  ].join('\n');
}
