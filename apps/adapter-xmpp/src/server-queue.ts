/**
 * Our side of the server's durable queue (mod_hutong_link): confirms stanzas in order, up to the first one that is not
 * stored on the bus yet.
 */
import type { Element } from '@xmpp/component';
import { guarded, type Log } from '#service';
import { NS } from './namespaces.js';
import type { XmppConnection } from './xmpp.connection.js';

/** The id under which the server keeps the stanza for us, if it does: the same when it is handed over again. */
export function queuedAs(stanza: Element): string | undefined {
  return stanza.getChild('queued', NS.link)?.attrs['id'];
}

const COLLECT_MS = 20;

export class ServerQueue {
  private readonly open: { id: string; done: boolean }[] = [];
  private confirmed: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: XmppConnection,
    private readonly log: Log,
  ) {
    // The server hands everything unconfirmed over again on a new stream.
    connection.on('down', () => this.open.splice(0));
  }

  /** @returns to be called when the stanza needs no second hand-over */
  begin(id: string | undefined): () => void {
    if (id === undefined) return () => undefined;
    const entry = { id, done: false };
    this.open.push(entry);
    return () => {
      entry.done = true;
      this.advance();
    };
  }

  private advance(): void {
    for (let head = this.open[0]; head?.done; head = this.open[0]) {
      this.confirmed = head.id;
      this.open.shift();
    }
    if (this.confirmed === undefined || this.timer) return;
    this.timer = setTimeout(
      guarded('handover', this.log, () => {
        this.timer = undefined;
        if (this.confirmed !== undefined) this.connection.confirm(this.confirmed);
        this.confirmed = undefined;
      }),
      COLLECT_MS,
    );
  }
}
