/** Sends a text to one person: as segments, each at most once. */
import type { Delivered, Hub } from '#adapter-kit';
import { z } from 'zod';
import { toHubError } from '#protocol';
import { shownText } from './from-canonical.js';
import type { Rates } from './rates.js';
import type { SmsSettings } from './sms.config.js';
import type { Segment, SmsLink } from './sms.link.js';
import { concatenationOf, splitIntoParts } from './text/segments.js';

export interface Words {
  person: string;
  /** Our number, with the suffix of the conversation. */
  service: string;
  text: string;
  /** The same for every attempt. */
  key: string;
  /** An earlier attempt is possible; absent: it is. */
  uncertain?: boolean | undefined;
}

export interface SendingOptions {
  hub: Pick<Hub, 'atMostOnce' | 'recent'>;
  link: SmsLink;
  rates: Rates;
  settings: Pick<SmsSettings, 'SMS_SIGNATURE' | 'SMS_SIGNATURE_AT' | 'SMS_REFERENCE_BITS'>;
}

const Begun = z.object({ text: z.string(), service: z.string() });
type Begun = z.infer<typeof Begun>;

export class Sending {
  constructor(private readonly options: SendingOptions) {}

  /** @throws HubError 91, 65: not all of it was sent, and the rest is sent with the next attempt · 103 for a part in doubt · 61, 12 */
  async send({ person, text: said, service: number, key, uncertain = true }: Words): Promise<Delivered> {
    const { hub, link, rates, settings } = this.options;
    const before = uncertain ? await this.begun(key) : undefined;
    const { text, service } = before ?? { text: shownText(said, settings), service: number };
    const bits = settings.SMS_REFERENCE_BITS;
    const { alphabet, parts } = splitIntoParts(text, link, bits);
    // The segments of all attempts are of one text, though another attempt might name the sender in another way.
    if (parts.length > 1 && !before) await hub.recent.put(begunAt(key), { text, service } satisfies Begun);
    await rates.message(person, key);
    const native: string[] = [];
    for (const [at, part] of parts.entries()) {
      const concatenation = concatenationOf(key, bits, parts.length, at + 1);
      const segment = { person, service, alphabet, text: part, ...(concatenation ? { concatenation } : {}) };
      const once = at === 0 ? key : `${key}.${at + 1}`;
      await rates.segment();
      const sent = await hub.atMostOnce(once, () => this.submit(segment), uncertain);
      native.push(...sent.native);
    }
    return { native, stage: 'submitted' };
  }

  private async submit(segment: Segment): Promise<Delivered> {
    const { link, rates } = this.options;
    try {
      const native = await link.submit(segment);
      rates.accepted();
      return { native: [native], stage: 'submitted' };
    } catch (thrown) {
      const { code, retryAfterMs } = toHubError(thrown);
      if (code === '65') rates.refused(retryAfterMs);
      throw thrown;
    }
  }

  private async begun(key: string): Promise<Begun | undefined> {
    return Begun.safeParse(await this.options.hub.recent.get(begunAt(key))).data;
  }
}

function begunAt(key: string): string {
  return `begun.${key}`;
}
