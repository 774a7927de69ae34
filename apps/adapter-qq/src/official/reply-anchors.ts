/**
 * What the account may answer: QQ takes a message only as the answer to one of the person, for an hour. The last one of each
 * person is kept for all processes of the adapter, and each message of ours stays with the one that it answered first: so it
 * is the same call, with the same `msg_seq`, at every attempt.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Memory } from '#adapter-kit';
import { HubError } from '#protocol';

const Anchor = z.object({ token: z.string(), at: z.number() });
type Anchor = z.infer<typeof Anchor>;

export class ReplyAnchors {
  constructor(
    private readonly memory: Pick<Memory, 'get' | 'put'>,
    private readonly windowMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** @param token `msg_id <id>` or `event_id <id>` */
  async heard(openid: string, token: string): Promise<void> {
    await this.memory.put(`heard.${digest(openid)}`, { token, at: this.now() } satisfies Anchor);
  }

  /** @throws HubError 101 when the person wrote nothing that may still be answered */
  async forMessage(openid: string, key: string): Promise<string> {
    const at = `answers.${digest(key)}`;
    const before = z.string().safeParse(await this.memory.get(at)).data;
    if (before !== undefined) return before;
    const heard = Anchor.safeParse(await this.memory.get(`heard.${digest(openid)}`)).data;
    if (!heard || this.now() - heard.at > this.windowMs)
      throw new HubError(
        '101',
        'QQ lets an account answer for an hour, and the person has not written since',
      );
    await this.memory.put(at, heard.token);
    return heard.token;
  }
}

/** `msg_seq`: the same for the same message of ours, without a counter. 31 bits: a signed number on every platform. */
export function sequenceOf(key: string): number {
  return Number.parseInt(digest(key).slice(0, 8), 16) & 0x7f_ff_ff_ff || 1;
}

/** `msg_id <id>` as a field of a message. */
export function anchorField(token: string): Record<string, string> {
  const space = token.indexOf(' ');
  return { [token.slice(0, space)]: token.slice(space + 1) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
