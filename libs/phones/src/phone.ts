/** A person's ordinary client, on whatever network: what he does, and what he sees, in the order in which he sees it. */
import type { LocalFile, LocalPhone, Seen } from '#adapter-contract';

export type { LocalRooms, LocalFile as Attachment, Seen } from '#adapter-contract';

export interface Phone extends LocalPhone {
  /** @returns native id of the message. @throws where people of this network cannot */
  sendFile(peer: string, file: LocalFile): Promise<string>;
  /** @throws where people of this network cannot */
  sendPlace(peer: string, place: { latitude: number; longitude: number; label: string }): Promise<string>;
  /** The content of something that he saw, as his client gets it. */
  fetch(seen: Seen): Promise<Buffer>;
  appear(state: 'available' | 'away', status?: string): Promise<void>;
  hangUp(): Promise<void>;
}

/** Waits until the person has seen something that matches; fails with what he saw instead. */
export async function sees(
  phone: Phone,
  what: string,
  match: (seen: Seen) => boolean,
  timeoutMs = 120_000,
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

/** GET, as a client or a browser does it. */
export async function fetchBytes(url: string, headers: Record<string, string> = {}): Promise<Buffer> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`GET ${url}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** What a medium that came as a link leads to. */
export function linkIn(text = ''): string {
  return /https?:\/\/\S+/.exec(text)?.[0] ?? '';
}
