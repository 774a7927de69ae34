/** Reads the server-sent events of the console, as a page or an integrator does. */
import { until } from './until.js';

export interface ReadEvent {
  id: string | undefined;
  event: string;
  data: Record<string, unknown>;
}

export class EventReader {
  readonly events: ReadEvent[] = [];
  ended = false;

  private constructor(
    readonly status: number,
    readonly headers: Headers,
    private readonly stop: AbortController,
  ) {}

  /** Resolves with the headers of the answer. @param url of the console */
  static async open(
    url: string,
    headers: Record<string, string>,
    query: Record<string, string> = {},
  ): Promise<EventReader> {
    const stop = new AbortController();
    const address = `${url}/v1/events?${new URLSearchParams(query).toString()}`;
    const response = await fetch(address, { headers, signal: stop.signal });
    const reader = new EventReader(response.status, response.headers, stop);
    if (response.ok && response.body) reader.follow(response.body).catch(() => undefined);
    else await response.body?.cancel();
    return reader;
  }

  /** Of one kind. */
  of(event: string): Record<string, unknown>[] {
    return this.events.filter((one) => one.event === event).map(({ data }) => data);
  }

  get topics(): string[] {
    return this.of('changed').flatMap(({ topics }) => topics as string[]);
  }

  /** @returns id of the last event that had one */
  get lastId(): string {
    return this.events.findLast(({ id }) => id !== undefined)?.id ?? '';
  }

  async sees(event: string, matches: (data: Record<string, unknown>) => boolean = () => true): Promise<void> {
    await until(`the event ${event}`, () => this.of(event).some(matches));
  }

  close(): void {
    this.stop.abort();
  }

  private async follow(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    try {
      for await (const piece of body.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + piece).split('\n\n');
        text = blocks.pop() ?? '';
        this.events.push(...blocks.flatMap(eventIn));
      }
    } finally {
      this.ended = true;
    }
  }
}

/** @returns nothing for a comment */
function eventIn(block: string): ReadEvent[] {
  const fields = new Map(
    block.split('\n').map((line) => {
      const [name = '', ...value] = line.split(': ');
      return [name, value.join(': ')] as const;
    }),
  );
  const [event, data] = [fields.get('event'), fields.get('data')];
  if (event === undefined || data === undefined) return [];
  return [{ id: fields.get('id'), event, data: JSON.parse(data) as Record<string, unknown> }];
}
