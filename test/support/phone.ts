/** A person's ordinary client, on whatever network: what he does, and what he sees, in the order in which he sees it. */
export interface Seen {
  kind:
    | 'text'
    | 'edit'
    | 'recall'
    | 'reaction'
    | 'delivered'
    | 'read'
    | 'typing'
    | 'presence'
    | 'error'
    | 'notice'
    | 'subscribe'
    | 'subscribed'
    | 'unsubscribed'
    | 'invited';
  /** Native id of who did it: the ghost that this person sees. */
  from: string;
  id: string;
  text?: string;
  /** The message that it is about. */
  target?: string;
  emoji?: string[];
  state?: string;
  /** Original time, when it came late. */
  since?: string;
}

export interface Phone {
  /** Native id of this person. */
  readonly native: string;
  readonly timeline: Seen[];
  write(peer: string, text: string): Promise<string>;
  reply(peer: string, to: string, text: string): Promise<string>;
  edit(peer: string, target: string, text: string): Promise<void>;
  recall(peer: string, target: string): Promise<void>;
  react(peer: string, target: string, emoji: string[]): Promise<void>;
  markRead(peer: string, target: string): Promise<void>;
  type(peer: string, on: boolean): Promise<void>;
  appear(state: 'available' | 'away', status?: string): Promise<void>;
  hangUp(): Promise<void>;
}

/** Waits until the person has seen something that matches; fails with what he saw instead. */
export async function sees(
  phone: Phone,
  what: string,
  match: (seen: Seen) => boolean,
  timeoutMs = 20_000,
): Promise<Seen> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = phone.timeline.find(match);
    if (found) return found;
    if (Date.now() > deadline)
      throw new Error(
        `${phone.native} did not see ${what}, only:\n${phone.timeline
          .slice(-12)
          .map((seen) => JSON.stringify(seen))
          .join('\n')}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
