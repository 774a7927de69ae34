/** Uploads files to the hub, and passes files of the hub to clients. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { signed } from './hub-client.js';

export interface OwnFile {
  name: string;
  type: string;
  bytes: Buffer;
}

/** Headers that give a player the size and the range. */
const PASSED_ON = ['content-type', 'content-length', 'content-range', 'accept-ranges'];

export class HubMedia {
  constructor(
    private readonly hubUrl: () => string,
    private readonly key: string,
  ) {}

  /** @returns the id for a message event. @throws Error with the hub's error text */
  async upload({ name, type, bytes }: OwnFile): Promise<string> {
    const path = `/open/v1/media?name=${encodeURIComponent(name)}`;
    const digest = createHash('sha256').update(bytes).digest('hex');
    const response = await fetch(this.hubUrl() + path, {
      method: 'POST',
      // The signature covers the digest instead of the body, so that the hub can verify it before the body arrives.
      headers: {
        ...signed(this.key, 'POST', path, digest),
        'content-type': type,
        'hutong-content-sha256': digest,
      },
      body: new Uint8Array(bytes),
    });
    const answer = answerIn(await response.text());
    if (response.status === 201 && answer['media']) return answer['media'];
    const words = answer['detail'] ?? answer['title'] ?? `the hub answered ${response.status}`;
    throw new Error(answer['code'] ? `${words} (${answer['code']})` : words);
  }

  /**
   * Forwards a client's download to the hub, because clients cannot sign requests.
   * @param id percent-encoded, as in the URL
   */
  async relay(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      const path = `/open/v1/media/${id}`;
      const { range } = request.headers;
      const answer = await fetch(this.hubUrl() + path, {
        headers: {
          ...signed(this.key, 'GET', path, ''),
          // Without compression, so that content-length matches the forwarded bytes.
          'accept-encoding': 'identity',
          ...(range ? { range } : {}),
        },
        signal: gone.signal,
      });
      const headers = PASSED_ON.flatMap((name) => {
        const value = answer.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      });
      response.writeHead(answer.status, Object.fromEntries(headers));
      if (answer.body) await pipeline(Readable.fromWeb(answer.body), response);
      else response.end();
    } catch {
      // The hub does not answer, or one side closed the connection.
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    }
  }
}

/** A proxy in front of the hub may answer with something else than JSON. */
function answerIn(text: string): Record<string, string | undefined> {
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, string | undefined>) : {};
}
