/** The ordinary client of a person on any network: what they do, and what they see, in the order in which they see it. */
import type { LocalFile, LocalPhone, Seen } from '#adapter-contract';

export type { LocalRooms, LocalFile as Attachment, Seen } from '#adapter-contract';

export interface Phone extends LocalPhone {
  /** @returns native id of the message. @throws when clients of this network cannot do it */
  sendFile(peer: string, file: LocalFile): Promise<string>;
  /** @throws when clients of this network cannot do it */
  sendPlace(peer: string, place: { latitude: number; longitude: number; label: string }): Promise<string>;
  /** @returns native id of the message. @throws when clients of this network cannot do it */
  sendCard?(peer: string, card: { name: string; phone: string }): Promise<string>;
  /** A sticker of the network's own set. @param meaning the word that describes it */
  sendSticker?(peer: string, meaning: string): Promise<string>;
  /** The content of an attachment in the timeline, as the client downloads it. */
  fetch(seen: Seen): Promise<Buffer>;
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

/** Downloads an address as a client or a browser does. */
export async function fetchBytes(url: string, headers: Record<string, string> = {}): Promise<Buffer> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`GET ${url}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** The content behind the link of an attachment that came as a link. */
export function linkIn(text = ''): string {
  return /https?:\/\/\S+/.exec(text)?.[0] ?? '';
}
