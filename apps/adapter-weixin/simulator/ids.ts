/** Ids in the formats of WeChat, as other implementers report them. */
import { createHash, createHmac, randomBytes } from 'node:crypto';

const PERSON = /^o9cq80[\w-]{22}@im\.wechat$/;

/** How a person of this simulator names the contact that they have paired, whichever bot is behind it. */
export const CHANNEL = 'hutong@im.bot';

/** Derives the id of a person from a name that a test uses; the same name gives the same id. Returns an id unchanged. */
export function personIdOf(word: string): string {
  if (PERSON.test(word)) return word;
  const rest = createHash('sha256').update(word).digest('base64url').slice(0, 22);
  return `o9cq80${rest}@im.wechat`;
}

/** Ids of messages: seconds and a counter in 64 bits, far above 2^53. */
export class MessageIds {
  private counter = BigInt(randomBytes(2).readUInt16BE());

  next(): bigint {
    return (BigInt(Math.floor(Date.now() / 1000)) << 32n) | ++this.counter;
  }
}

/** What WeChat calls a person's message: ids of messages are unique for one account. */
export function shownId(person: string, id: bigint): string {
  return `${person}/${id}`;
}

/** Id and token of a bot. @param secret the same one gives the same ones, so that a simulator that starts anew knows them */
export function botOf(secret: string, person: string, generation: number): { id: string; token: string } {
  const digest = createHmac('sha256', secret).update(`${person} ${generation}`).digest('hex');
  const id = `${digest.slice(0, 12)}@im.bot`;
  return { id, token: `${id}:${digest.slice(12)}` };
}
