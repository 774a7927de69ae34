/** A person's ordinary client, on whatever network: what he does, and what he sees, in the order in which he sees it. */
import type { LocalPhone, Seen } from '#adapter-contract';

export type { Seen } from '#adapter-contract';

export interface Phone extends LocalPhone {
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
