/** Events to a bot that is called over HTTP, signed with its token (OneBot 11, "HTTP POST"). */
import { createHmac } from 'node:crypto';
import { PlatformHttp } from '#adapter-webhook';
import { HubError } from '#protocol';
import { JsonRefused, readSmallJson } from '#service';
import type { Bot } from './onebot.config.js';

const BOUNDS = { depth: 16, values: 5000 };
const MAX_ANSWER = 1024 * 1024;

export class HttpPost {
  readonly hears = true;
  private readonly http: PlatformHttp;

  /** @param operate carries out the quick operation with which the bot answered; never throws */
  constructor(
    private readonly bot: Bot,
    private readonly operate: (event: object, operation: object) => void,
  ) {
    this.http = new PlatformHttp(`bot ${bot.selfId}`);
  }

  /** Resolves when the bot answered with success. @throws HubError 91 not sent, 103 no answer, or a failure of the bot */
  async say(event: object): Promise<void> {
    const { selfId, token, url = '' } = this.bot;
    const body = JSON.stringify(event);
    const headers = {
      'content-type': 'application/json',
      'x-self-id': String(selfId),
      'x-signature': `sha1=${createHmac('sha1', token).update(body).digest('hex')}`,
    };
    const answer = await this.http.ask(url, { method: 'POST', headers, body }, async (response) => {
      // A bot that failed in the middle may have done something already.
      if (!response.ok) throw new HubError('103', `bot ${selfId} answered with HTTP ${response.status}`);
      return bytesOf(response);
    });
    const operation = operationIn(answer);
    if (operation) this.operate(event, operation);
  }
}

/** What is too long to be a quick operation is not read. */
async function bytesOf({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER) return Buffer.alloc(0);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function operationIn(answer: Buffer): object | undefined {
  try {
    const json = answer.length === 0 ? undefined : readSmallJson(answer, BOUNDS);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch (error) {
    if (error instanceof JsonRefused) return undefined;
    throw error;
  }
}
