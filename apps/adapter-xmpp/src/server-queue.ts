/**
 * Our side of the server's durable queue (mod_hutong_link): confirms stanzas in order, up to the first one that is not
 * stored on the bus yet.
 */
import type { Element } from '@xmpp/component';
import { AcknowledgedInOrder } from '#adapter-kit';
import { guarded, type Log } from '#service';
import { NS } from './namespaces.js';
import type { XmppConnection } from './xmpp.connection.js';

/** The id under which the server keeps the stanza for us, if it does: the same when it is handed over again. */
export function queuedAs(stanza: Element): string | undefined {
  return stanza.getChild('queued', NS.link)?.attrs['id'];
}

const COLLECT_MS = 20;

export class ServerQueue {
  /** Bounded by the server's own queue (`hutong_link_max_queue`). */
  private readonly stanzas = new AcknowledgedInOrder<string>((id) => this.confirmSoon(id));
  private confirmed: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: XmppConnection,
    private readonly log: Log,
  ) {
    // The server hands everything unconfirmed over again on a new stream.
    connection.on('down', () => this.stanzas.reset());
  }

  /** @returns to be called when the stanza needs no second hand-over */
  begin(id: string | undefined): () => void {
    return id === undefined ? () => undefined : this.stanzas.begin(id);
  }

  private confirmSoon(id: string): void {
    this.confirmed = id;
    this.timer ??= setTimeout(
      guarded('handover', this.log, () => {
        this.timer = undefined;
        if (this.confirmed !== undefined) this.connection.confirm(this.confirmed);
        this.confirmed = undefined;
      }),
      COLLECT_MS,
    );
  }
}
