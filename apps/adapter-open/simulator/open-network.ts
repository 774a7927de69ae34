/** A network without a public protocol, joined through the open interface: by webhook, or by WebSocket. */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inBackground } from '#simulators';
import { KEEP_ALIVE } from '#simulators';
import type { SimulatedNetwork } from '#simulators';
import {
  RestClient,
  SocketClient,
  type HubClient,
  type OpenEvent,
  type Question,
  type Reply,
} from './hub-client.js';
import { HubMedia } from './hub-media.js';
import { OpenPerson, type Surroundings } from './open-person.js';

const MEDIA_PATH = '/media/';

export interface OpenNetworkOptions {
  name: string;
  key: string;
  transport: 'webhook' | 'socket';
  port?: number;
  /** Valid ids of the network. Other ids do not exist. */
  identity?: RegExp;
}

export class OpenNetwork implements SimulatedNetwork {
  readonly name: string;
  private hubUrl = '';
  private client: HubClient | undefined;
  private readonly persons = new Map<string, OpenPerson>();
  private readonly strangers = new Set<string>();
  private readonly taken = new Set<string>();
  private readonly media: HubMedia;
  private readonly around: Surroundings;
  private hung = false;

  private constructor(
    private readonly options: OpenNetworkOptions,
    private readonly server: Server,
  ) {
    this.name = options.name;
    this.media = new HubMedia(() => this.hubUrl, options.key);
    this.around = {
      network: options.name,
      tell: (teller, event) => this.tell(teller, event),
      upload: (file) => this.media.upload(file),
      mediaUrl: (id) => `${this.baseUrl}${MEDIA_PATH}${encodeURIComponent(id)}`,
    };
  }

  static async open(options: OpenNetworkOptions): Promise<OpenNetwork> {
    const server = createServer(KEEP_ALIVE);
    const network = new OpenNetwork(options, server);
    server.on('request', (request, response) =>
      inBackground('open network', () => network.serve(request, response)),
    );
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return network;
  }

  /** Webhook URL for the hub. */
  get webhookUrl(): string {
    return `${this.baseUrl}/hub`;
  }

  private get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param url base URL of the adapter's REST interface */
  connect(url: string): void {
    this.hubUrl = url;
    const { key, transport } = this.options;
    this.client ??=
      transport === 'webhook'
        ? new RestClient(() => this.hubUrl, key)
        : new SocketClient(
            () => this.hubUrl,
            key,
            (question) => this.answer(question),
          );
  }

  person(native: string): OpenPerson {
    const { identity } = this.options;
    if (identity && !identity.test(native)) throw new Error(`${native} cannot be an id on ${this.name}`);
    const known = this.persons.get(native);
    if (known) return known;
    const person = new OpenPerson(native, native, this.around);
    this.persons.set(native, person);
    return person;
  }

  people(): OpenPerson[] {
    return [...this.persons.values()];
  }

  knowsNot(native: string): void {
    this.strangers.add(native);
  }

  /** Reports that a message which a person has received was not delivered after all. */
  failLater(native: string, author: string, target: string): Promise<unknown> {
    const text = 'the account was closed before the device fetched the message';
    return this.tell(this.person(native), { kind: 'failure', to: author, target, code: '14', text });
  }

  /** Accepts requests and does not answer. */
  hang(hung: boolean): void {
    this.hung = hung;
  }

  /** Cuts the WebSocket without a close frame; it reconnects automatically. */
  drop(): void {
    if (this.client instanceof SocketClient) this.client.drop();
  }

  async close(): Promise<void> {
    this.client?.close();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private tell(person: OpenPerson, event: Omit<OpenEvent, 'id' | 'from'>): Promise<{ id: string }> {
    const whole = {
      ...event,
      id: `${this.name}-${randomUUID()}`,
      from: {
        id: person.native,
        name: person.name,
        ...(person.avatar === undefined ? {} : { avatar: person.avatar }),
      },
    };
    if (!this.client) return Promise.reject(new Error('not connected to the hub'));
    // The client shows the act at once; the hub answers later.
    const { client } = this;
    inBackground('open network', async () => {
      const { accepted, code, detail } = await client.tell(whole);
      if (!accepted) person.fail(whole.id, `${detail ?? 'refused'} (${code ?? ''})`);
    });
    return Promise.resolve({ id: whole.id });
  }

  private answer({ event, lookup }: Question): Reply | undefined {
    if (this.hung) return undefined;
    const native = event?.to ?? lookup;
    if (native === undefined) return {};
    const known = this.persons.get(native);
    if (!known || this.strangers.has(native)) return { code: '14', detail: 'nobody of that id' };
    if (event && !this.taken.has(event.id)) {
      this.taken.add(event.id);
      known.see(event);
    }
    return event ? {} : { name: known.name };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    if (method === 'GET' && url.startsWith(MEDIA_PATH)) {
      await this.media.relay(url.slice(MEDIA_PATH.length), request, response);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    if (!this.isFromHub(request, body)) {
      response.writeHead(401).end();
      return;
    }
    const reply = this.answer(JSON.parse(body) as Question);
    if (reply)
      response
        .writeHead(reply.code ? 422 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(reply));
  }

  private isFromHub({ headers, method = '', url = '' }: IncomingMessage, body: string): boolean {
    const given = Buffer.from(String(headers['hutong-signature'] ?? ''));
    const parts = [headers['hutong-timestamp'], headers['hutong-nonce'], method, url, body].join('.');
    const expected = Buffer.from(`v1=${createHmac('sha256', this.options.key).update(parts).digest('hex')}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
