/**
 * One component stream (XEP-0114): the domain of one remote network. Sends stanzas and resolves when the server has
 * accepted them: the server processes a stream in order, so its answer to a ping covers every stanza before the ping.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { component, xml, type Component, type Element } from '@xmpp/component';
import { HubError } from '#protocol';
import { backoff, guarded, runInBackground, tolerate, type Log } from '#service';
import { NS } from './namespaces.js';
import { withoutForbiddenCharacters } from './xml-characters.js';
import { hubErrorOf } from './xmpp.errors.js';

export interface ConnectionOptions {
  host: string;
  port: number;
  domain: string;
  secret: string;
  serverDomain: string;
}

interface Waiting {
  id: string | undefined;
  resolve: () => void;
  reject: (error: HubError) => void;
}

const TASK = 'component stream';
/** Stream errors of a server that does not know this component, or has a different secret for it (RFC 6120 §4.9.3). */
const REFUSALS = new Set(['host-unknown', 'host-gone', 'not-authorized', 'improper-addressing']);
const MOST_REASONS = 50;
const REFUSED_DELAY_MS = 2000;
const MOST_REFUSED_DELAY_MS = 60_000;
const PING_PATIENCE_MS = 10_000;
const ASK_PATIENCE_MS = 15_000;

export class XmppConnection extends EventEmitter<{
  stanza: [Element];
  up: [];
  down: [];
  /** The server refuses the component of this domain. */
  refused: [];
  /** The server's link module has announced itself. */
  ready: [];
}> {
  private readonly entity: Component;
  private online = false;
  private stopped = false;
  private attempts = 0;
  /** Sent, not yet covered by a ping. */
  private unpinged: Waiting[] = [];
  private pinged: { id: string; waiting: Waiting[]; timer: NodeJS.Timeout } | undefined;
  private readonly answers = new Map<string, (answer: Element | undefined) => void>();
  private counter = 0;
  /** The server runs mod_hutong_link: no stanza is lost or duplicated when either side crashes. */
  reliable = false;
  /** Why the server refuses the component of this domain; undefined when it accepts it, or has not answered yet. */
  refused: string | undefined;
  /** Reasons why the stream broke or was not opened since it was last up. Each reason is logged once, not at each attempt. */
  private readonly reasons = new Set<string>();

  constructor(
    readonly options: ConnectionOptions,
    private readonly log: Log,
  ) {
    super();
    const { host, port, domain, secret } = options;
    this.entity = withoutThrowing(
      withoutAnswering(component({ service: `xmpp://${host}:${port}`, domain, password: secret })),
    );
    const safely = guarded.bind(undefined, TASK, log);
    this.entity.on(
      'connect',
      safely(() => {
        this.entity.socket?.setNoDelay(true);
        // COMPAT(@xmpp/connection 0.13): it decodes each read separately, but one character can be split over two reads.
        this.entity.socket?.setEncoding('utf8');
      }),
    );
    this.entity.on(
      'online',
      safely(() => this.wentUp()),
    );
    this.entity.on(
      'disconnect',
      safely(() => this.wentDown()),
    );
    this.entity.on(
      'stanza',
      guarded(TASK, log, (stanza: Element) => this.received(stanza)),
    );
    this.entity.on(
      'error',
      guarded(TASK, log, (error: Error) => this.failed(error)),
    );
  }

  get connected(): boolean {
    return this.online;
  }

  /** Connects, and reconnects after failures; never rejects. */
  start(): void {
    runInBackground(TASK, this.log, async () => {
      try {
        await this.entity.start();
      } catch (error) {
        this.log.debug(
          { domain: this.options.domain, reason: (error as Error).message },
          'not connected yet',
        );
        this.retryFirst();
      }
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.entity.reconnect.stop();
    await tolerate(TASK, this.log, () => this.entity.stop());
  }

  /** Resolves when the server has accepted the stanza. @throws HubError: the error of the server, or 91 when the result is unknown */
  deliver(stanza: Element): Promise<void> {
    if (!this.online) return Promise.reject(new HubError('91', `${this.options.domain} is not connected`));
    return new Promise((resolve, reject) => {
      this.unpinged.push({ id: stanza.attrs['id'], resolve, reject });
      this.send(stanza);
      this.ping();
    });
  }

  /**
   * Whether the server's link module suppresses messages that are already in the recipient's archive. The module announces itself right
   * after the component has signed on: if it has not done so after one round trip, it is not installed.
   * @throws HubError 91 when the stream breaks before that
   */
  async holdsBackDuplicates(): Promise<boolean> {
    if (!this.reliable) await this.roundTrip();
    return this.reliable;
  }

  private roundTrip(): Promise<void> {
    if (!this.online) return Promise.reject(new HubError('91', `${this.options.domain} is not connected`));
    return new Promise((resolve, reject) => {
      this.unpinged.push({ id: randomUUID(), resolve, reject });
      this.ping();
    });
  }

  /** Sends a query and returns its result. @throws HubError: the error of the answer, or 91 */
  ask(
    to: string,
    query: Element,
    { from = this.options.domain, type = 'get' }: { from?: string; type?: 'get' | 'set' } = {},
  ): Promise<Element> {
    if (!this.online) return Promise.reject(new HubError('91', `${this.options.domain} is not connected`));
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        guarded(TASK, this.log, () => this.answers.get(answerKey(to, id))?.(undefined)),
        ASK_PATIENCE_MS,
      );
      this.answers.set(answerKey(to, id), (answer) => {
        clearTimeout(timer);
        this.answers.delete(answerKey(to, id));
        const error = answer?.getChild('error');
        if (error) reject(hubErrorOf(error));
        else if (answer) resolve(answer);
        else reject(new HubError('91', `${to} does not answer`));
      });
      this.send(xml('iq', { type, from, to, id }, query));
    });
  }

  /** Sends a stanza without waiting for the server. */
  send(stanza: Element): void {
    if (this.online)
      runInBackground(TASK, this.log, () => this.entity.send(withoutForbiddenCharacters(stanza)));
  }

  /** Reads nothing from the server. @returns to be called to read again; without effect when the stream has broken meanwhile */
  pause(): () => void {
    const { socket } = this.entity;
    socket?.pause();
    return () => {
      socket?.resume();
    };
  }

  /** Opens a new stream, on which the server sends again every stanza that was not confirmed. */
  redial(): void {
    this.entity.socket?.destroy();
  }

  /** Connects at once, because the reason for a refusal may be gone. */
  dialAgain(): void {
    if (this.stopped || this.online || this.entity.status !== 'disconnect') return;
    this.entity.reconnect.delay = 0;
    this.entity.reconnect.scheduleReconnect();
  }

  /** Confirms all stanzas up to this one to mod_hutong_link, which then deletes them. */
  confirm(queueId: string): void {
    const { domain } = this.options;
    this.send(
      xml(
        'iq',
        { type: 'set', from: domain, to: domain, id: `s${this.counter++}` },
        xml('stored', { xmlns: NS.link, id: queueId }),
      ),
    );
  }

  private wentUp(): void {
    this.online = true;
    this.attempts = 0;
    this.refused = undefined;
    this.reasons.clear();
    this.log.info({ domain: this.options.domain }, 'component connected');
    this.emit('up');
  }

  private wentDown(): void {
    // COMPAT(@xmpp/reconnect 0.13): a fixed delay; jitter keeps many adapters from returning at once.
    // A refused domain stays refused until somebody changes the server's configuration, so the delay is longer.
    this.entity.reconnect.delay =
      this.refused === undefined
        ? backoff(++this.attempts, 200, 5000)
        : backoff(++this.attempts, REFUSED_DELAY_MS, MOST_REFUSED_DELAY_MS);
    this.reliable = false;
    if (this.online) this.log.warn({ domain: this.options.domain }, 'component disconnected');
    this.online = false;
    for (const answer of this.answers.values()) answer(undefined);
    const lost = [...(this.pinged?.waiting ?? []), ...this.unpinged];
    clearTimeout(this.pinged?.timer);
    this.pinged = undefined;
    this.unpinged = [];
    for (const waiting of lost)
      waiting.reject(new HubError('91', 'the stream broke before the server answered'));
    this.emit('down');
  }

  private failed(error: Error): void {
    const { domain } = this.options;
    const { condition } = error as { condition?: string };
    const known = this.reasons.has(error.message);
    if (this.reasons.size < MOST_REASONS) this.reasons.add(error.message);
    this.log[known ? 'debug' : 'warn']({ domain, reason: error.message }, 'component stream');
    if (this.online || condition === undefined || !REFUSALS.has(condition)) return;
    this.refused = condition;
    this.emit('refused');
  }

  private retryFirst(): void {
    // The library reconnects only after a disconnect. When the first attempt to connect fails, there was no disconnect.
    if (this.stopped || this.online || this.entity.status !== 'offline') return;
    setTimeout(
      guarded(TASK, this.log, () => this.start()),
      backoff(++this.attempts, 200, 5000),
    );
  }

  private received(stanza: Element): void {
    // Only an answer from the queried JID counts. The server guarantees `from`, so nobody else can answer.
    const { from = '', id = '' } = stanza.attrs;
    const asked = stanza.is('iq') ? this.answers.get(answerKey(from, id)) : undefined;
    if (asked && stanza.attrs['type'] !== 'get' && stanza.attrs['type'] !== 'set') return asked(stanza);
    if (stanza.is('iq') && id === this.pinged?.id && from === this.options.serverDomain)
      return this.answered();
    if (
      stanza.is('message') &&
      stanza.getChild('ready', NS.link) &&
      stanza.attrs['from'] === this.options.domain
    ) {
      this.reliable = true;
      this.emit('ready');
      return;
    }
    // An error for a delivery that still waits rejects that delivery; a later error is emitted like any other stanza.
    if (stanza.is('message') && stanza.attrs['type'] === 'error' && this.bounced(stanza)) return;
    this.emit('stanza', stanza);
  }

  private bounced(stanza: Element): boolean {
    const error = stanza.getChild('error');
    const list = [this.pinged?.waiting ?? [], this.unpinged].find((waiting) =>
      waiting.some(({ id }) => id === stanza.attrs['id']),
    );
    const at = list?.findIndex(({ id }) => id === stanza.attrs['id']) ?? -1;
    if (!list || !error || at < 0) return false;
    list.splice(at, 1)[0]?.reject(hubErrorOf(error));
    return true;
  }

  /** One ping at a time is under way; its answer covers every stanza sent before it. */
  private ping(): void {
    if (this.pinged || this.unpinged.length === 0) return;
    const id = randomUUID();
    const timer = setTimeout(
      guarded(TASK, this.log, () => this.redial()),
      PING_PATIENCE_MS,
    );
    this.pinged = { id, waiting: this.unpinged, timer };
    this.unpinged = [];
    this.send(
      xml(
        'iq',
        { type: 'get', from: this.options.domain, to: this.options.serverDomain, id },
        xml('ping', { xmlns: NS.ping }),
      ),
    );
  }

  private answered(): void {
    const done = this.pinged;
    clearTimeout(done?.timer);
    this.pinged = undefined;
    for (const waiting of done?.waiting ?? []) waiting.resolve();
    this.ping();
  }
}

/**
 * Characters of one stanza. Servers take at most 512 kB from their users and from other servers (Prosody: 256 and 512 kB),
 * so a longer stanza is a fault of the server itself, and the stream is closed.
 */
const MAX_STANZA = 1024 * 1024;

/**
 * COMPAT(@xmpp/connection 0.13): exceptions of its parser, for example at an unknown entity, are thrown in the socket's handler and would end
 * the process. It also has no limit for the size of a stanza.
 */
function withoutThrowing(entity: Component): Component {
  const read = entity._onData.bind(entity);
  let sinceStanza = 0;
  entity.on('element', () => (sinceStanza = 0));
  entity.on('open', () => (sinceStanza = 0));
  entity._onData = (data) => {
    sinceStanza += data.length;
    try {
      if (sinceStanza > MAX_STANZA) throw new Error('a stanza is too long');
      read(data);
    } catch (error) {
      sinceStanza = 0;
      entity._onParserError(error);
    }
  };
  return entity;
}

/**
 * COMPAT(@xmpp/component 0.13): its middleware answers every query by itself, with an error if no handler is registered there.
 * This adapter answers queries in its handler of `stanza`. Nothing else listens to these two events.
 */
function withoutAnswering(entity: Component): Component {
  entity.removeAllListeners('element');
  entity.removeAllListeners('send');
  return entity;
}

function answerKey(from: string, id: string): string {
  return `${from} ${id}`;
}
