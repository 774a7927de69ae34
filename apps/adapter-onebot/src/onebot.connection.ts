/** How all bots are reached: WebSockets that they open here, WebSockets that are opened to bots that listen, and HTTP. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { AttachTools, Connectivity } from '#adapter-kit';
import { dialWebSocket } from '#adapter-session';
import { admitUpgrade, claimOf, slowedDown } from '#adapter-webhook';
import { HubError, toHubError } from '#protocol';
import { guarded, runInBackground, secretsEqual, sleep, type Log } from '#service';
import { BotSocket, HEARTBEAT_MS } from './bot-socket.js';
import { HttpPost } from './http-post.js';
import type { Bot } from './onebot.config.js';
import { tokenIn } from './to-canonical.js';

const TASK = 'WebSockets of bots';
/** An action with a picture of 8 MB in base64. */
const MAX_FRAME = 12 * 1024 * 1024;
/** OneBot 11: `ws_reverse.reconnect_interval`. */
const RECONNECT_MS = 3000;
const MAX_SOCKETS_OF_A_BOT = 10;

/** What goes over a WebSocket: actions, events, or both. */
const ROLES: Readonly<Record<string, { hears: boolean; acts: boolean }>> = {
  '/': { hears: true, acts: true },
  '/api': { hears: false, acts: true },
  '/event': { hears: true, acts: false },
};
const BOTH = { hears: true, acts: true };

/** What bots ask for; neither rejects nor throws. */
export interface Acting {
  /** @returns the response */
  act(bot: Bot, frame: Buffer): Promise<object>;
  /** A quick operation, the answer to an event over HTTP. */
  operate(bot: Bot, event: object, operation: object): void;
}

export class BotConnections {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME });
  /** Bounded by the bots that are configured, and MAX_SOCKETS_OF_A_BOT for each. */
  private readonly sockets = new Map<Bot, Set<BotSocket>>();
  /** Bots that are called over HTTP; bounded by the bots. */
  private readonly posts = new Map<Bot, HttpPost>();
  private readonly stopping = new AbortController();

  constructor(
    bots: readonly Bot[],
    private readonly acting: Acting,
    private readonly connectivity: Connectivity,
    private readonly log: Log,
  ) {
    for (const bot of bots) {
      this.sockets.set(bot, new Set());
      if (!bot.url?.startsWith('http')) continue;
      const operate = (event: object, operation: object) => acting.operate(bot, event, operation);
      this.posts.set(bot, new HttpPost(bot, operate));
    }
  }

  attach(server: Server, { refusals, proofs }: Pick<AttachTools, 'refusals' | 'proofs'>): void {
    server.on(
      'upgrade',
      guarded(TASK, this.log, (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        admitUpgrade(
          { request, socket, refusals, route: '/' },
          async (address) => {
            const { role, token } = asked(request);
            const bot = await slowedDown(proofs, claimOf(address, token), () => this.admitted(token));
            return { bot, role };
          },
          ({ bot, role }) =>
            this.server.handleUpgrade(request, socket, head, (opened) => this.take(bot, opened, role)),
        ),
      ),
    );
  }

  /** Calls the bots that listen, again whenever the connection ends. */
  start(): void {
    for (const bot of this.sockets.keys())
      if (bot.url?.startsWith('ws')) runInBackground(TASK, this.log, () => this.keepCalling(bot));
    this.count();
  }

  stop(): void {
    this.stopping.abort();
    for (const sockets of this.sockets.values())
      for (const socket of sockets) socket.end(1001, 'the hub is restarting: connect again');
    this.server.close();
  }

  hears(bot: Bot): boolean {
    return this.listening(bot).length > 0;
  }

  /**
   * Sends an event to everything of a bot that hears events. Resolves when one of them has it.
   * @throws HubError 91 not sent, 103 sent and not confirmed
   */
  async say(bot: Bot, event: object): Promise<void> {
    const listening = this.listening(bot);
    if (listening.length === 0) throw new HubError('91', `bot ${bot.selfId} is not connected`);
    const told = await Promise.allSettled(listening.map((socket) => socket.say(event)));
    if (told.some(({ status }) => status === 'fulfilled')) return;
    const errors = told.flatMap((one) => (one.status === 'rejected' ? [toHubError(one.reason)] : []));
    throw errors.find(({ code }) => code === '103') ?? errors[0] ?? new HubError('91', 'not connected');
  }

  private listening(bot: Bot): (BotSocket | HttpPost)[] {
    const post = this.posts.get(bot);
    return [...(this.sockets.get(bot) ?? []), ...(post ? [post] : [])].filter(({ hears }) => hears);
  }

  /** @throws HubError 31 */
  private admitted(token: string): Bot {
    const bot = this.botWith(token);
    if (!bot) throw new HubError('31', 'no bot has this access token');
    return bot;
  }

  botWith(token: string): Bot | undefined {
    let known: Bot | undefined;
    for (const bot of this.sockets.keys()) if (secretsEqual(token, bot.token)) known = bot;
    return known;
  }

  private take(bot: Bot, opened: WebSocket, { hears, acts }: typeof BOTH): BotSocket {
    const sockets = this.sockets.get(bot) ?? new Set();
    const socket = new BotSocket(opened, {
      hears,
      act: acts ? (frame) => this.acting.act(bot, frame) : undefined,
      closed: () => {
        sockets.delete(socket);
        this.count();
      },
      heartbeat: () =>
        metaEvent(bot, { meta_event_type: 'heartbeat', status: STATUS, interval: HEARTBEAT_MS }),
      log: this.log,
    });
    sockets.add(socket);
    const [oldest] = sockets;
    if (sockets.size > MAX_SOCKETS_OF_A_BOT) oldest?.end(1013, 'too many WebSockets of this bot');
    socket.tell(metaEvent(bot, { meta_event_type: 'lifecycle', sub_type: 'connect' }));
    this.count();
    return socket;
  }

  /** With no bot there is nobody to deliver to; what is for a bot that is away is tried again by itself. */
  private count(): void {
    this.connectivity.connected = [...this.sockets.keys()].some((bot) => this.hears(bot));
  }

  private async keepCalling(bot: Bot): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.call(bot);
      } catch (thrown) {
        this.log.debug({ bot: bot.selfId, reason: toHubError(thrown).detail }, 'a bot does not answer');
      }
      await sleep(RECONNECT_MS, signal);
    }
  }

  /** Resolves when the connection has ended. */
  private async call(bot: Bot): Promise<void> {
    const headers = {
      'X-Self-ID': String(bot.selfId),
      'X-Client-Role': 'Universal',
      Authorization: `Bearer ${bot.token}`,
    };
    const socket = await dialWebSocket(bot.url ?? '', { headers, maxPayload: MAX_FRAME });
    const ended = new Promise((resolve) => socket.once('close', resolve));
    if (this.stopping.signal.aborted) socket.terminate();
    else this.take(bot, socket, BOTH);
    socket.resume();
    await ended;
  }
}

/** @throws HubError 14 */
function asked({ url = '/', headers }: IncomingMessage): { role: typeof BOTH; token: string } {
  const { pathname, searchParams } = new URL(url, 'ws://localhost');
  const role = ROLES[pathname === '/' ? pathname : pathname.replace(/\/$/, '')];
  if (!role) throw new HubError('14', 'no such WebSocket: / , /api or /event');
  return { role, token: tokenIn(headers.authorization, searchParams.get('access_token')) };
}

/** OneBot 11: `status` of a heartbeat and of `get_status`. */
export const STATUS = { online: true, good: true };

function metaEvent({ selfId }: Bot, about: object): object {
  return { time: Math.floor(Date.now() / 1000), self_id: selfId, post_type: 'meta_event', ...about };
}
