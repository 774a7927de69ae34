/**
 * The stream of events of this page. It is open while the page is visible: a browser opens six connections to a host at most, and
 * each page would keep one. The browser connects again by itself after a failure; after a refusal this does, less often.
 */
import type { LiveEvent } from './live-news';

/** `off`: events do not come, so that pages must ask. */
export type LiveState = 'starting' | 'live' | 'off';

const EVENTS = ['changed', 'network', 'counts', 'reload', 'ready', 'bye'];
const RETRY_MS = 15_000;

export class LiveConnection {
  private source: EventSource | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private lastId = '';
  private current: LiveState = 'starting';
  private readonly listeners = new Set<() => void>();

  get state(): LiveState {
    return this.current;
  }

  /** For React: called when the state has changed. @returns ends it */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** @returns closes the stream */
  start(onEvent: (event: LiveEvent) => void): () => void {
    const look = () => {
      if (document.hidden) this.close();
      else if (!this.source) this.open(onEvent);
    };
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      document.removeEventListener('visibilitychange', look);
      this.close();
      this.lastId = '';
      this.become('starting');
    };
  }

  private open(onEvent: (event: LiveEvent) => void): void {
    const query = this.lastId ? `?${new URLSearchParams({ lastEventId: this.lastId }).toString()}` : '';
    const source = new EventSource(`/v1/events${query}`);
    this.source = source;
    for (const name of EVENTS)
      source.addEventListener(name, (message: MessageEvent<string>) => {
        this.lastId = message.lastEventId || this.lastId;
        if (name === 'ready') this.become('live');
        onEvent({ name, data: dataIn(message.data) });
      });
    source.addEventListener('error', () => {
      this.become('off');
      if (source.readyState !== EventSource.CLOSED) return;
      this.close();
      this.retry = setTimeout(() => this.open(onEvent), RETRY_MS);
    });
  }

  private close(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
  }

  private become(state: LiveState): void {
    if (this.current === state) return;
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}

function dataIn(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
