/**
 * Native network -> hub: a queue for each native conversation, used by every adapter. Order is promised within a
 * conversation only, so whatever is awaited while an input is processed (a lookup on the bus, a call to the network) holds
 * that conversation and no other.
 *
 * Bounds: when a conversation is full its next input is refused with 65; when all queues together are full, with 91. The
 * adapter passes the refusal to its network, which sends again or notifies the sender. A wire that can be paused is paused
 * while `full`, before anything is refused.
 */
import { HubError, toHubError } from '#protocol';

/**
 * An input that is being published. The next one of the conversation may begin while this one is being stored: the bus
 * keeps the order.
 */
export interface Begun<T = unknown> {
  stored: Promise<T>;
}

export interface InboundLimits {
  /** Conversations with unfinished inputs. */
  conversations: number;
  /** Unfinished inputs of one conversation. */
  perConversation: number;
  /** Unfinished inputs of all conversations. */
  inputs: number;
}

export const INBOUND_LIMITS: InboundLimits = { conversations: 10_000, perConversation: 1000, inputs: 20_000 };

interface Entry {
  conversations: readonly string[];
  turn: PromiseWithResolvers<void>;
}

export class InboundQueue {
  /** By conversation: the input in progress, and those that wait behind it. */
  private readonly lines = new Map<string, Entry[]>();
  private entries = 0;
  private relieved: PromiseWithResolvers<void> | undefined;

  constructor(private readonly limits: InboundLimits = INBOUND_LIMITS) {}

  /**
   * Processes an input when all earlier ones of its conversation have been processed. When `work` throws an error after
   * which the network sends again, the inputs that wait behind it are refused with the same error: they come again too, in
   * order, and must not overtake.
   *
   * @param conversation the native name of the conversation, or several names, when the input concerns several conversations:
   * it waits for all of them, and holds all of them
   * @throws HubError 65 or 91 when a queue is full, otherwise whatever `work` throws
   */
  async run<T>(conversation: string | readonly string[], work: () => T | Promise<T>): Promise<T> {
    const entry = this.enter(typeof conversation === 'string' ? [conversation] : [...new Set(conversation)]);
    await entry.turn.promise;
    try {
      return await work();
    } catch (error) {
      if (toHubError(error).verdict === 'retry') this.refuseBehind(entry, error);
      throw error;
    } finally {
      this.leave(entry);
    }
  }

  /** Like `run`, but the next input is processed as soon as this one is being published. @returns what `stored` resolves to */
  async begin<T>(
    conversation: string | readonly string[],
    work: () => Begun<T> | Promise<Begun<T>>,
  ): Promise<T> {
    const { stored } = await this.run(conversation, work);
    return stored;
  }

  /** Half of the inputs that fit are waiting: stop reading from the wire until `relief` resolves. */
  get full(): boolean {
    return this.entries >= this.limits.inputs / 2;
  }

  /** Resolves when a quarter of the inputs that fit, or less, are waiting. */
  relief(): Promise<void> {
    if (!this.full) return Promise.resolve();
    this.relieved ??= Promise.withResolvers<void>();
    return this.relieved.promise;
  }

  /** Unfinished inputs of all conversations. */
  get size(): number {
    return this.entries;
  }

  private enter(conversations: readonly string[]): Entry {
    const unknown = conversations.filter((conversation) => !this.lines.has(conversation));
    const { limits } = this;
    if (this.entries >= limits.inputs || this.lines.size + unknown.length > limits.conversations)
      throw new HubError('91', 'too much input of the network waits: send it again later');
    const longest = Math.max(...conversations.map((name) => this.lines.get(name)?.length ?? 0));
    if (longest >= limits.perConversation)
      throw new HubError('65', `${longest} inputs of this conversation wait: send it again later`);
    const entry = { conversations, turn: Promise.withResolvers<void>() };
    for (const conversation of unknown) this.lines.set(conversation, []);
    for (const conversation of conversations) this.lines.get(conversation)?.push(entry);
    this.entries++;
    this.startIfFirst(entry);
    return entry;
  }

  private startIfFirst(entry: Entry | undefined): void {
    if (entry?.conversations.every((conversation) => this.lines.get(conversation)?.[0] === entry))
      entry.turn.resolve();
  }

  private refuseBehind(entry: Entry, error: unknown): void {
    for (const conversation of entry.conversations)
      for (const waiting of this.lines.get(conversation)?.slice(1) ?? []) {
        this.leave(waiting);
        waiting.turn.reject(error);
      }
  }

  private leave(entry: Entry): void {
    for (const conversation of entry.conversations) {
      const line = this.lines.get(conversation) ?? [];
      line.splice(line.indexOf(entry), 1);
      if (line.length === 0) this.lines.delete(conversation);
    }
    this.entries--;
    for (const conversation of entry.conversations) this.startIfFirst(this.lines.get(conversation)?.[0]);
    if (this.entries > this.limits.inputs / 4) return;
    this.relieved?.resolve();
    this.relieved = undefined;
  }
}
