/**
 * The reactions of each person to each message. Some networks send the full set, others single changes; an event carries both,
 * so the set is kept in the bucket for 30 days.
 */
import { eventId, type Address, type EventId, type Network, type Reactions } from '#protocol';
import { TurnsByKey } from '#service';
import type { Memory } from './memory.contract.js';

/** Whose reactions to which message, in a conversation with whom. */
export interface Reacting {
  from: Address;
  to: Address;
  target: EventId;
}

/** What a network says: the full set, or one change. */
export type ReactionChange = { current: string[] } | { add: string } | { remove: string };

/** Reactions of one person to one message, as the schema of events limits them. The oldest ones count. */
const MOST = 32;

export class ReactionState {
  /** A person may react several times at once: each change is computed after the one before it. */
  private readonly turns = new TurnsByKey();

  constructor(
    private readonly network: Network,
    private readonly memory: Pick<Memory, 'put' | 'get'>,
  ) {}

  /** Stores the set after the change. @returns the change and the set, for `content.reactions` */
  after({ from, to, target }: Reacting, change: ReactionChange): Promise<Reactions> {
    const key = `reactions.${eventId(this.network, 'reactions', `${target} ${from} ${to}`)}`;
    return this.turns.run(key, async () => {
      const before = ((await this.memory.get(key)) as string[] | null | undefined) ?? [];
      const current = setAfter(before, change).slice(0, MOST);
      await this.memory.put(key, current);
      return {
        add: current.filter((emoji) => !before.includes(emoji)),
        remove: before.filter((emoji) => !current.includes(emoji)),
        current,
      };
    });
  }
}

function setAfter(before: string[], change: ReactionChange): string[] {
  if ('current' in change) return [...new Set(change.current)];
  if ('add' in change) return [...new Set([...before, change.add])];
  return before.filter((emoji) => emoji !== change.remove);
}
