/** Where something must be looked up before it is decided, what comes later in the same conversation waits behind it; nothing else does. */
import type { ConversationId } from '#protocol';

export class ConversationLines {
  private readonly last = new Map<ConversationId, Promise<void>>();

  has(conversation: ConversationId): boolean {
    return this.last.has(conversation);
  }

  /** @param decide resolves when it is decided: the next one may go while what follows from it is being stored */
  async join<T>(conversation: ConversationId, decide: () => Promise<{ stored: Promise<T> }>): Promise<T> {
    const decided = (this.last.get(conversation) ?? Promise.resolve()).then(decide);
    const over = (): void => {
      // Whoever joined hears of a failure; the line goes on.
      if (this.last.get(conversation) === turn) this.last.delete(conversation);
    };
    const turn = decided.then(over, over);
    this.last.set(conversation, turn);
    return (await decided).stored;
  }
}
