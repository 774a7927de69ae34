/** Requests to the server of the wall. The token is the part of the address after #, which browsers send to no server. */
import type { WallEvent, WallView } from '../../shared/events.js';

const ROOT = '/phones/api';
const RETRY_MS = 1000;

export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

export class Api {
  constructor(private readonly token: string) {}

  async wall(): Promise<WallView> {
    return (await (await this.request('GET', '/wall')).json()) as WallView;
  }

  async pickUp(phone: string): Promise<void> {
    await this.request('POST', `/phones/${phone}`);
  }

  async hangUp(phone: string): Promise<void> {
    await this.request('DELETE', `/phones/${phone}`);
  }

  async act(phone: string, act: object): Promise<void> {
    await this.request('POST', `/phones/${phone}/acts`, JSON.stringify(act), 'application/json');
  }

  async sendFile(phone: string, query: Record<string, string>, file: Blob): Promise<void> {
    const search = new URLSearchParams(query).toString();
    await this.request('POST', `/phones/${phone}/files?${search}`, file, 'application/octet-stream');
  }

  async media(phone: string, content: number): Promise<Blob> {
    return (await this.request('GET', `/phones/${phone}/media/${content}`)).blob();
  }

  /** @returns the text of a QR code */
  async pair(phone: string): Promise<string> {
    const { show } = (await (await this.request('POST', `/phones/${phone}/pairings`)).json()) as {
      show: string;
    };
    return show;
  }

  async scan(phone: string, text: string): Promise<void> {
    await this.request('POST', `/phones/${phone}/scans`, JSON.stringify({ text }), 'application/json');
  }

  async play(on: boolean): Promise<void> {
    await this.request('POST', '/play', JSON.stringify({ on }), 'application/json');
  }

  /** Reads the events until the signal, connecting again when the connection breaks. */
  async follow(
    tell: (events: WallEvent[]) => void,
    lost: (is: boolean) => void,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      try {
        const response = await this.request('GET', '/events', undefined, undefined, signal);
        lost(false);
        await readEvents(response, tell);
      } catch (error) {
        if (error instanceof Refused && error.status === 401) throw error;
      }
      if (signal.aborted) return;
      lost(true);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** @throws Refused */
  private async request(
    method: string,
    path: string,
    body?: BodyInit,
    type?: string,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(ROOT + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(type ? { 'content-type': type } : {}) },
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    });
    if (response.ok) return response;
    throw new Refused(response.status, await reasonIn(response));
  }
}

/** A proxy may answer something else than a problem document. */
async function reasonIn(response: Response): Promise<string> {
  const without = `HTTP ${response.status}`;
  try {
    return ((await response.json()) as { detail?: string }).detail ?? without;
  } catch (error) {
    if (error instanceof SyntaxError) return without;
    throw error;
  }
}

async function readEvents(response: Response, tell: (events: WallEvent[]) => void): Promise<void> {
  let rest = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return;
    const blocks = (rest + part.value).split('\n\n');
    rest = blocks.pop() ?? '';
    const events = blocks
      .filter((block) => block.startsWith('data: '))
      .map((block) => JSON.parse(block.slice('data: '.length)) as WallEvent);
    if (events.length > 0) tell(events);
  }
}
