/** The ordinary client of a person on any network: what they do, and what they see, in the order in which they see it. */
import type { LocalFile, LocalPhone, Seen } from '#adapter-contract';

export type { LocalRooms, LocalFile as Attachment, Seen } from '#adapter-contract';

export type CallStep = 'begin' | 'accept' | 'decline' | 'end';

export interface Phone extends LocalPhone {
  /** @returns native id of the message. @throws when clients of this network cannot do it */
  sendFile(peer: string, file: LocalFile): Promise<string>;
  /** @throws when clients of this network cannot do it */
  sendPlace(peer: string, place: { latitude: number; longitude: number; label: string }): Promise<string>;
  /** @returns native id of the message. @throws when clients of this network cannot do it */
  sendCard?(peer: string, card: { name: string; phone: string }): Promise<string>;
  /** A sticker of the network's own set. @param meaning the word that describes it */
  sendSticker?(peer: string, meaning: string): Promise<string>;
  /** A call begins, or the one that is there is answered or ends. @throws when clients of this network cannot do it */
  call?(peer: string, how: CallStep): Promise<void>;
  /** Presses a key of the telephone in a call: 0 to 9, * or #. @throws when clients of this network cannot do it */
  press?(key: string): Promise<void>;
  /** The content of an attachment in the timeline, as the client downloads it. @throws TooLarge */
  fetch(seen: Seen, mostBytes?: number): Promise<Buffer>;
  /** Calls the listener whenever the timeline has become longer. @returns a function that ends it */
  onSeen(listener: () => void): () => void;
  appear(state: 'available' | 'away', status?: string): Promise<void>;
  hangUp(): Promise<void>;
}

/** Waits until the person has seen something that matches; fails with what they saw instead. */
export async function sees(
  phone: Phone,
  what: string,
  match: (seen: Seen) => boolean,
  // Below the minute that a test may take: what the person saw is printed, not that the test took too long.
  timeoutMs = 55_000,
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
