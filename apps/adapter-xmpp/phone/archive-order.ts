/**
 * The order in which a client shows messages: that of the archive (XEP-0313). After a break, newer messages can arrive before
 * the archive has answered with the older ones, so they are held until it has.
 */
import type { xml } from '@xmpp/client';

type Element = ReturnType<typeof xml>;

export class ArchiveOrder {
  private readonly shown = new Set<string>();
  private last: string | undefined;
  private held: Element[] | undefined;

  /**
   * @param native bare address of the person: the archive also holds what they wrote
   * @param show is called once with each message, in order
   */
  constructor(
    private readonly native: string,
    private readonly show: (message: Element) => void,
  ) {}

  /** Archive id of the newest message that was shown: the archive is read from there. undefined: nothing was shown yet. */
  get newest(): string | undefined {
    return this.last;
  }

  get holds(): boolean {
    return this.held !== undefined;
  }

  /** Holds live messages from now on. Called before the client says that it is available. */
  hold(): void {
    this.held ??= [];
  }

  /** Shows what was held. Called when the archive has no older message left. */
  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const message of held) this.receive(message);
  }

  /** A message stanza: live, or a result of a query to the archive. */
  receive(stanza: Element): void {
    const result = stanza.getChild('result', 'urn:xmpp:mam:2');
    const forwarded = result?.getChild('forwarded', 'urn:xmpp:forward:0')?.getChild('message');
    if (result && forwarded) return this.archived(String(result.attrs['id']), forwarded);
    if (this.held) return void this.held.push(stanza);
    const id = stanza.getChild('stanza-id', 'urn:xmpp:sid:0')?.attrs['id'] as string | undefined;
    if (id === undefined || this.isNew(id)) this.show(stanza);
  }

  private archived(id: string, message: Element): void {
    const isNew = this.isNew(id);
    if (isNew && !String(message.attrs['from']).startsWith(this.native)) this.show(message);
  }

  private isNew(id: string): boolean {
    this.last = id;
    if (this.shown.has(id)) return false;
    this.shown.add(id);
    return true;
  }
}
