/**
 * Ids of messages, which OneBot 11 gives 32 bits: counted for each bot. A process reserves a block of them in one step, so
 * that a message costs no write, and two processes never give the same one.
 */
import type { Memory } from '#adapter-kit';

const BLOCK = 1000;
const HIGHEST = 2 ** 31 - 1;

interface Block {
  next: number;
  end: number;
}

export class MessageIds {
  /** By bot; bounded by the bots that are configured. */
  private readonly blocks = new Map<number, Block>();
  /** The same; bounded by the bots. */
  private readonly reserving = new Map<number, Promise<void>>();

  constructor(private readonly memory: Pick<Memory, 'change'>) {}

  /** @throws HubError 91 */
  async next(selfId: number): Promise<number> {
    for (;;) {
      const block = this.blocks.get(selfId);
      if (block && block.next < block.end) return block.next++;
      await (this.reserving.get(selfId) ?? this.reserve(selfId));
    }
  }

  private reserve(selfId: number): Promise<void> {
    const work = this.take(selfId).finally(() => this.reserving.delete(selfId));
    this.reserving.set(selfId, work);
    return work;
  }

  private async take(selfId: number): Promise<void> {
    let next = 1;
    await this.memory.change(`messages.${selfId}`, (stored) => {
      // After the last one it begins again: what refers to messages is kept for 30 days.
      next = typeof stored === 'number' && stored + BLOCK <= HIGHEST ? stored : 1;
      return Promise.resolve(next + BLOCK);
    });
    this.blocks.set(selfId, { next, end: next + BLOCK });
  }
}

/** The id of a message within the network: two bots have messages with the same number. */
export function nativeIdOf(selfId: number, messageId: number | string): string {
  return `${selfId}.${messageId}`;
}

export function messageIdIn(nativeId: string): number {
  return Number(nativeId.slice(nativeId.lastIndexOf('.') + 1));
}
