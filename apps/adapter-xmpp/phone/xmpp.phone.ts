/** A modern XMPP client: stream management, carbons off, and after a break a catch-up from the archive (XEP-0313). */
import { randomUUID } from 'node:crypto';
import { client, xml, type Client } from '@xmpp/client';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { fetchBytes, Shown, type Attachment, type Phone, type Seen } from '#phones';
import {
  correction,
  displayed,
  quotedReply,
  reactionsTo,
  retraction,
  sharedFile,
  vCard,
} from './xmpp.composing.js';
import { readStanza } from './xmpp.reading.js';
import { ArchiveOrder } from './archive-order.js';
import { isSubscription, managed, type StreamManagement } from './xmpp.management.js';

type Place = Parameters<Phone['sendPlace']>[1];

type Element = ReturnType<typeof xml>;

export interface XmppAccount {
  host: string;
  port: number;
  /** Connects through this WebSocket (RFC 7395) instead of host and port. */
  webSocket?: string | undefined;
  domain: string;
  user: string;
  password: string;
}

/** What the client has, and its types do not declare. */
interface Undeclared {
  reconnect: { delay: number; stop(): void };
  streamManagement: StreamManagement;
  iqCaller: { request(iq: Element, timeoutMs: number): Promise<Element> };
  socket?: Socket | { socket?: unknown };
}

export class XmppPhone implements Phone {
  private readonly shown = new Shown();
  readonly timeline = this.shown.entries;
  readonly onSeen = this.shown.watch;
  private readonly card: { name?: string | undefined; photo?: string | undefined } = {};
  /** Presence subscriptions are approved without asking. */
  approves = true;
  private readonly xmpp: Client;
  private readonly messages: ArchiveOrder;
  private online = false;
  /** Stanzas that the server did not acknowledge before the stream broke (XEP-0198): sent first on the next stream. */
  private unacknowledged: Element[] = [];

  private readonly domain: string;

  private constructor(
    readonly native: string,
    account: XmppAccount,
  ) {
    this.domain = account.domain;
    this.messages = new ArchiveOrder(native, (message) => this.show(message));
    this.xmpp = client({
      service: account.webSocket ?? `xmpp://${account.host}:${account.port}`,
      domain: account.domain,
      username: account.user,
      password: account.password,
      resource: 'phone',
    });
    this.xmpp.on('error', () => undefined);
    // Unencrypted loopback connection. Login over TLS is tested in libs/engines.
    this.xmpp.prependListener('element', (element: Element) => {
      if (element.is('features')) element.remove('starttls');
    });
    this.xmpp.on('connect', () => this.tcp?.setNoDelay(true));
    this.undeclared.reconnect.delay = 300;
    this.xmpp.on('stanza', (stanza: Element) => this.receive(stanza));
    // If the stream breaks meanwhile, this runs again on the next stream.
    this.xmpp.on('online', () => void this.wentOnline().catch(() => undefined));
    this.xmpp.on('disconnect', () => (this.online = false));
    this.management.on('fail', (stanza) => {
      if (stanza.is('message') || isSubscription(stanza)) this.unacknowledged.push(stanza);
    });
    // A resumed session continues; the client sends no new initial presence.
    this.management.on('resumed', () => void this.wentOn().catch(() => undefined));
  }

  private get management(): StreamManagement {
    return this.undeclared.streamManagement;
  }

  private get undeclared(): Undeclared {
    return this.xmpp as unknown as Undeclared;
  }

  static async dial(account: XmppAccount): Promise<XmppPhone> {
    const phone = new XmppPhone(`${account.user}@${account.domain}`, account);
    await phone.xmpp.start();
    return phone;
  }

  async write(peer: string, text: string, id: string = randomUUID()): Promise<string> {
    await this.message(
      peer,
      id,
      xml('body', {}, text),
      xml('request', { xmlns: 'urn:xmpp:receipts' }),
      xml('markable', { xmlns: 'urn:xmpp:chat-markers:0' }),
    );
    return id;
  }

  /** XEP-0363, then XEP-0447 with XEP-0066 for old clients, as Gajim and Dino do. */
  async sendFile(peer: string, { path, name, type }: Attachment): Promise<string> {
    const content = readFileSync(path);
    const request = xml('request', {
      xmlns: 'urn:xmpp:http:upload:0',
      filename: name,
      size: String(content.length),
      'content-type': type,
    });
    const slot = (await this.slot(request)).getChild('slot', 'urn:xmpp:http:upload:0');
    const url = String(slot?.getChild('get')?.attrs['url']);
    const put = await fetch(String(slot?.getChild('put')?.attrs['url']), {
      method: 'PUT',
      body: content,
      headers: Object.fromEntries(
        (slot?.getChild('put')?.getChildren('header') ?? []).map((one) => [
          String(one.attrs['name']),
          one.text(),
        ]),
      ),
    });
    if (!put.ok) throw new Error(`PUT: ${put.status}`);
    return this.sendAddress(peer, url, [
      xml('media-type', {}, type),
      xml('name', {}, name),
      xml('size', {}, String(content.length)),
    ]);
  }

  /** Retries: soon after its start the server sometimes answers that the upload service does not exist. */
  private async slot(request: Element): Promise<Element> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ask(`upload.${this.domain}`, request);
      } catch (error) {
        if (attempt >= 30) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  /** Sends the URL of a file that this client did not upload. */
  async sendAddress(
    peer: string,
    url: string,
    about: Element[] = [],
    id: string = randomUUID(),
  ): Promise<string> {
    await this.message(peer, id, ...sharedFile(url, about));
    return id;
  }

  sendPlace(peer: string, { latitude, longitude, label }: Place): Promise<string> {
    return this.write(peer, `geo:${latitude},${longitude}\n${label}`);
  }

  /** A subject without a body. */
  async sendOddity(peer: string, word: string): Promise<{ words: string }> {
    await this.message(peer, randomUUID(), xml('subject', {}, word));
    return { words: word };
  }

  fetch({ media }: Seen, mostBytes?: number): Promise<Buffer> {
    return fetchBytes(media?.url ?? '', { mostBytes });
  }

  /** XEP-0353. */
  async ring(peer: string): Promise<void> {
    const description = xml('description', { xmlns: 'urn:xmpp:jingle:apps:rtp:1', media: 'audio' });
    const propose = xml('propose', { xmlns: 'urn:xmpp:jingle-message:0', id: randomUUID() }, description);
    await this.message(peer, randomUUID(), propose, xml('store', { xmlns: 'urn:xmpp:hints' }));
  }

  async reply(peer: string, to: string, text: string): Promise<string> {
    const id = randomUUID();
    await this.message(peer, id, ...quotedReply(peer, to, text));
    return id;
  }

  async edit(peer: string, target: string, text: string): Promise<void> {
    await this.message(peer, randomUUID(), ...correction(target, text));
  }

  async recall(peer: string, target: string): Promise<void> {
    await this.message(peer, randomUUID(), ...retraction(target));
  }

  async react(peer: string, target: string, emoji: string[]): Promise<void> {
    await this.message(peer, randomUUID(), ...reactionsTo(target, emoji));
  }

  async markRead(peer: string, target: string): Promise<void> {
    await this.message(peer, randomUUID(), ...displayed(target));
  }

  async type(peer: string, on: boolean): Promise<void> {
    await this.message(
      peer,
      randomUUID(),
      xml(on ? 'composing' : 'active', { xmlns: 'http://jabber.org/protocol/chatstates' }),
    );
  }

  async appear(state: 'available' | 'away', status?: string): Promise<void> {
    await this.raw(
      xml(
        'presence',
        {},
        ...(state === 'away' ? [xml('show', {}, 'away')] : []),
        ...(status ? [xml('status', {}, status)] : []),
      ),
    );
  }

  /** Sends any stanza. If the stream breaks meanwhile, sends it again on the next stream. */
  async raw(stanza: Element): Promise<void> {
    for (;;) {
      while (!this.online) await new Promise((resolve) => setTimeout(resolve, 20));
      try {
        return await this.xmpp.send(stanza);
      } catch {
        this.online = false;
      }
    }
  }

  async subscription(
    peer: string,
    type: 'subscribe' | 'subscribed' | 'unsubscribe' | 'unsubscribed' | 'probe',
  ): Promise<void> {
    await this.raw(xml('presence', { to: peer, type }));
  }

  /** In the vCard, as most clients set it. */
  async rename(name: string): Promise<void> {
    this.card.name = name;
    await this.publishCard();
  }

  async look(picture: string): Promise<void> {
    this.card.photo = picture === '' ? undefined : readFileSync(picture).toString('base64');
    await this.publishCard();
  }

  async shownName(peer: string): Promise<string | undefined> {
    return (await this.cardOf(peer))?.getChildText('FN') ?? undefined;
  }

  async shownAvatar(peer: string): Promise<Buffer | undefined> {
    const photo = (await this.cardOf(peer))?.getChild('PHOTO')?.getChildText('BINVAL');
    return photo ? Buffer.from(photo, 'base64') : undefined;
  }

  private async cardOf(peer: string): Promise<Element | undefined> {
    return (await this.ask(peer, xml('vCard', { xmlns: 'vcard-temp' }))).getChild('vCard', 'vcard-temp');
  }

  private async publishCard(): Promise<void> {
    await this.request(xml('iq', { type: 'set' }, vCard(this.card)));
  }

  /** Sends a query. If the stream breaks meanwhile, sends it again on the next stream. */
  async ask(to: string, query: Element): Promise<Element> {
    for (let attempt = 1; ; attempt++) {
      while (!this.online) await new Promise((resolve) => setTimeout(resolve, 20));
      try {
        return await this.request(xml('iq', { type: 'get', to }, query));
      } catch (error) {
        if (attempt >= 5 || (error as Error).name === 'StanzaError') throw error;
      }
    }
  }

  private request(iq: Element): Promise<Element> {
    return this.undeclared.iqCaller.request(iq, 10_000);
  }

  /** The device reads nothing any more, and its connection stays up. */
  freeze(): void {
    this.tcp?.pause();
  }

  /** The device is gone: its connection breaks, and it does not come back. */
  vanish(): void {
    this.undeclared.reconnect.stop();
    this.tcp?.destroy();
  }

  /** undefined over a WebSocket. */
  private get tcp(): Socket | undefined {
    const { socket } = this.undeclared;
    const inner = socket && 'socket' in socket ? socket.socket : socket;
    return inner instanceof Socket ? inner : undefined;
  }

  async hangUp(): Promise<void> {
    this.undeclared.reconnect.stop();
    await this.xmpp.stop().catch(() => undefined);
  }

  private async message(to: string, id: string, ...children: Element[]): Promise<void> {
    await this.raw(
      xml(
        'message',
        { to, id, type: 'chat' },
        ...children,
        xml('origin-id', { xmlns: 'urn:xmpp:sid:0', id }),
      ),
    );
  }

  private async wentOnline(): Promise<void> {
    await managed(this.xmpp, this.management);
    if (this.messages.newest !== undefined) this.messages.hold();
    // The server sends subscription requests only to a client that requested its roster (RFC 6121 §2.2).
    await this.xmpp.send(
      xml('iq', { type: 'get', id: 'roster' }, xml('query', { xmlns: 'jabber:iq:roster' })),
    );
    await this.xmpp.send(xml('presence'));
    for (const stanza of this.unacknowledged.splice(0)) await this.xmpp.send(stanza);
    await this.wentOn();
  }

  private async wentOn(): Promise<void> {
    this.online = true;
    if (this.messages.holds) await this.catchUp();
  }

  /** Reads from the archive what arrived while the client was offline. A break meanwhile leaves the rest to the next stream. */
  private async catchUp(): Promise<void> {
    try {
      while (!(await this.readsLastPage()));
    } catch (error) {
      if (!this.online) throw error;
    }
    this.messages.release();
  }

  /** Pages of the archive: XEP-0313 §4.3. */
  private async readsLastPage(): Promise<boolean> {
    const set = xml(
      'set',
      { xmlns: 'http://jabber.org/protocol/rsm' },
      xml('max', {}, '200'),
      xml('after', {}, this.messages.newest ?? ''),
    );
    const query = xml('query', { xmlns: 'urn:xmpp:mam:2' }, set);
    const answer = await this.request(xml('iq', { type: 'set' }, query));
    return answer.getChild('fin', 'urn:xmpp:mam:2')?.attrs['complete'] === 'true';
  }

  private receive(stanza: Element): void {
    if (stanza.is('presence')) this.presence(stanza);
    else if (stanza.is('message')) this.messages.receive(stanza);
  }

  private show(stanza: Element): void {
    const seen = readStanza(stanza);
    if (seen) this.shown.add(seen);
  }

  private presence(stanza: Element): void {
    const from = String(stanza.attrs['from']).split('/')[0] ?? '';
    const { type } = stanza.attrs;
    const id = String(stanza.attrs['id'] ?? '');
    if (type === 'subscribe') {
      this.shown.add({ kind: 'subscribe', from, id });
      if (this.approves) void this.subscription(from, 'subscribed');
    } else if (type === 'subscribed' || type === 'unsubscribed') {
      this.shown.add({ kind: type, from, id });
    } else if (type === undefined || type === 'unavailable') {
      const state = type === 'unavailable' ? 'offline' : (stanza.getChildText('show') ?? 'available');
      this.shown.add({ kind: 'presence', from, id, state, text: stanza.getChildText('status') ?? '' });
    }
  }
}
