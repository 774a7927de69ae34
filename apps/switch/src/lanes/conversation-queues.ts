/**
 * Queues, one per conversation, for events that need a look-up before they are decided. Later events of the same
 * conversation wait behind them; other conversations go on.
 */
import type { ConversationId } from '#protocol';

export class ConversationQueues {
  private readonly last = new Map<ConversationId, Promise<void>>();

  has(conversation: ConversationId): boolean {
    return this.last.has(conversation);
  }

  /** @param decide resolves when the event is decided; the next one may then be decided while this one is being stored */
  async join<T>(conversation: ConversationId, decide: () => Promise<{ stored: Promise<T> }>): Promise<T> {
    const decided = (this.last.get(conversation) ?? Promise.resolve()).then(decide);
    const over = (): void => {
      // The caller gets the error of a failed decision; the queue goes on.
      if (this.last.get(conversation) === turn) this.last.delete(conversation);
    };
    const turn = decided.then(over, over);
    this.last.set(conversation, turn);
    return (await decided).stored;
  }
}
