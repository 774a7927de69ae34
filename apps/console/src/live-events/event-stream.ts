/** One connection of server-sent events: what is written to it, and what happens if it is not read. */
import type { ServerResponse } from 'node:http';
import type { Role } from '#database';
import type { EventData, EventName } from './live-events.dto.js';

export interface EventReader {
  person: string;
  role: Role;
  /** Of an operator; null: the reader sees the whole exchange. */
  network: string | null;
  /** Whether the session or key with which the stream was opened can still be used. */
  mayGoOn(): Promise<boolean>;
}

/** A reader with more unread bytes is cut off. It can connect again and continue after the last event that it received. */
const MOST_UNREAD_BYTES = 256 * 1024;

type Response = Pick<
  ServerResponse,
  'write' | 'end' | 'destroy' | 'writableLength' | 'writableEnded' | 'destroyed'
>;

export class EventStream {
  constructor(
    readonly reader: EventReader,
    private readonly raw: Response,
  ) {}

  /** @param id from which the reader can continue later */
  send<Name extends EventName>(event: Name, data: EventData[Name], id?: number): void {
    const named = id === undefined ? '' : `id: ${id}\n`;
    this.write(`${named}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** So that nobody between takes the connection for dead. */
  beat(): void {
    this.write(': still here\n\n');
  }

  end(reason: EventData['bye']['reason']): void {
    this.send('bye', { reason });
    this.raw.end();
  }

  get isOpen(): boolean {
    return !this.raw.destroyed && !this.raw.writableEnded;
  }

  private write(text: string): void {
    if (!this.isOpen) return;
    if (this.raw.writableLength > MOST_UNREAD_BYTES) this.raw.destroy();
    else this.raw.write(text);
  }
}
