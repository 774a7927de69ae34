/**
 * One Fetion session: the account signs in, registers with a SIP-C server and stays registered. Requests are matched
 * with their answers by call id and sequence; what the server asks is handed up.
 */
import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { HubError, toHubError } from '#protocol';
import { backoff, sleep, type Log } from '#service';
import { fetionError, noAnswer } from './fetion.errors.js';
import { answerChallenge, readChallenge } from './login.js';
import {
  CaptchaNeeded,
  findServers,
  signIn,
  type Account,
  type CaptchaAnswer,
  type Identity,
} from './sign-in.js';
import { FrameReader, header, printFrame, type Frame, type Header } from './sipc-frame.js';
import { KEEP_ALIVE, registration, setPresence } from './requests.js';

export interface SessionOptions {
  navigationUrl: string;
  replyMs: number;
  keepAliveMs: number;
}

/** down: it tries again by itself · captcha: a person must read a picture · elsewhere: logged in somewhere else, for good */
export type SessionState = 'down' | 'up' | 'captcha' | 'elsewhere' | 'refused' | 'stopped';

interface Waiting {
  what: string;
  resolve: (frame: Frame) => void;
  reject: (error: HubError) => void;
  timer: NodeJS.Timeout;
}

const LOGIN_MS = 15_000;
const CONNECT_MS = 10_000;
/** A session that held for so long was a good one: the next login need not wait. */
const STEADY_MS = 10_000;

export class FetionConnection extends EventEmitter<{ frame: [Frame]; up: []; down: [] }> {
  state: SessionState = 'down';
  identity: Identity | undefined;
  /** Asked for by the network, until somebody answers. */
  captchaAlgorithm: string | undefined;
  private captcha: CaptchaAnswer | undefined;
  private renewal: NodeJS.Timeout | undefined;
  private presence = 0;
  private socket: Socket | undefined;
  private calls = 0;
  private readonly waiting = new Map<string, Waiting>();
  private readonly asked = new WeakMap<Frame, Socket>();
  private readonly stopping = new AbortController();

  constructor(
    readonly account: Account,
    private readonly options: SessionOptions,
    /** After the registration, before the session counts as up. */
    private readonly onLogin: (session: FetionConnection) => Promise<void>,
    private readonly log: Log,
  ) {
    super();
  }

  get connected(): boolean {
    return this.state === 'up';
  }

  /** Keeps the session up until `stop`; never rejects. */
  async run(): Promise<void> {
    for (let attempt = 1; !this.stopping.signal.aborted; attempt++) {
      try {
        await this.logIn();
        const since = Date.now();
        await this.untilClosed();
        if (Date.now() - since > STEADY_MS) attempt = 0;
      } catch (thrown) {
        this.failed(thrown);
      }
      this.hangUp();
      if (this.state === 'elsewhere' || this.state === 'refused') return;
      if (this.state === 'captcha') await this.untilAnswered();
      else await sleep(backoff(attempt + 1, 250, 60_000), this.stopping.signal);
    }
  }

  async stop(): Promise<void> {
    if (this.state === 'up') {
      const [name, value]: Header = ['X', '0'];
      await this.request('R', [[name, value]], '', 1000).catch(() => undefined);
    }
    this.state = 'stopped';
    this.stopping.abort();
    this.hangUp();
  }

  /** A person read the picture: the login is tried again with it. */
  answerCaptcha(answer: CaptchaAnswer): void {
    this.captcha = answer;
    this.captchaAlgorithm = undefined;
    this.emit('down');
  }

  /**
   * @returns the final answer, whatever its code
   * @throws HubError 91 when it was not sent, 103 when it was and nothing came back
   */
  request(method: string, headers: Header[], body = '', replyMs = this.options.replyMs): Promise<Frame> {
    return this.ask(++this.calls, 1, method, headers, body, replyMs);
  }

  private ask(
    call: number,
    step: number,
    method: string,
    headers: Header[],
    body: string,
    replyMs: number,
  ): Promise<Frame> {
    const { socket, identity } = this;
    if (!socket || !identity) return Promise.reject(new HubError('91', 'the Fetion session is down'));
    const sequence = `${step} ${method}`;
    const frame: Frame = {
      start: { kind: 'request', method, target: 'fetion.com.cn' },
      headers: [['F', identity.sid], ['I', String(call)], ['Q', sequence], ...headers],
      body,
    };
    return new Promise((resolve, reject) => {
      const key = `${call} ${sequence}`;
      const timer = setTimeout(() => this.settle(key)?.reject(noAnswer(method)), replyMs);
      this.waiting.set(key, { what: method, resolve, reject, timer });
      socket.write(printFrame(frame));
    });
  }

  /**
   * An RPC (method S, its name in N). Unlike a message it may be asked again.
   * @param alsoGood a code that means that it is so already
   * @throws HubError 91 when there was no answer, and the network's refusal
   */
  async service(name: string, body: string, alsoGood?: number): Promise<Frame> {
    const answer = await this.request('S', [['N', name]], body).catch((cause: unknown) => {
      throw new HubError('91', `Fetion gave no answer to ${name}`, { cause });
    });
    if (answer.start.kind === 'response' && answer.start.code >= 300 && answer.start.code !== alsoGood)
      throw fetionError(answer.start.code, answer.start.reason);
    return answer;
  }

  /** Told to whoever has this account as a contact, now and after every login. */
  async appear(basic: number, mood: string | undefined): Promise<void> {
    this.presence = basic;
    if (this.connected) await this.service('SetPresenceV4', setPresence(basic, mood));
  }

  /** Acknowledges what the server asked, on the connection on which it asked: call ids count anew on the next one. */
  answer(frame: Frame, code = 200, reason = 'OK'): void {
    const socket = this.asked.get(frame);
    const headers = ['F', 'I', 'Q'].flatMap((name): Header[] => {
      const value = header(frame, name);
      return value === undefined ? [] : [[name, value]];
    });
    if (socket?.writable)
      socket.write(printFrame({ start: { kind: 'response', code, reason }, headers, body: '' }));
  }

  /** The network said that this account is in use elsewhere: coming back would throw out whoever that is. */
  pushedOut(): void {
    this.state = 'elsewhere';
    this.log.error({ account: this.account.mobile }, 'Fetion: logged in elsewhere; this account stays out');
    this.hangUp();
  }

  private async logIn(): Promise<void> {
    const servers = await findServers(this.options.navigationUrl, this.account.mobile);
    const answer = this.captcha;
    this.identity = await signIn(servers.signInUrl, this.account, answer);
    await this.dial(servers.sipcHost, servers.sipcPort);
    const nonce = randomBytes(16).toString('hex').toUpperCase();
    // Both steps are one call.
    const call = ++this.calls;
    const hello: Header[] = [
      ['CN', nonce],
      ['CL', 'type="pc" ,version="4.3.0980"'],
    ];
    const first = await this.ask(call, 1, 'R', hello, '', LOGIN_MS);
    const { userId } = this.identity;
    const response = answerChallenge(readChallenge(header(first, 'W')), userId, this.account.password);
    const proof: Header[] = [
      ['A', `Digest response="${response}",algorithm="SHA1-sess-v4"`],
      ['AK', 'ak-value'],
      ...(answer
        ? [
            [
              'A',
              `Verify response="${answer.text}",algorithm="${answer.algorithm}",type="GeneralPic",chid="${answer.id}"`,
            ] satisfies Header,
          ]
        : []),
    ];
    const body = registration(this.account.mobile, userId, this.presence);
    const second = await this.ask(call, 2, 'R', proof, body, LOGIN_MS);
    this.loggedIn(second);
    this.captcha = undefined;
    await this.onLogin(this);
    this.state = 'up';
    this.renewal = setInterval(() => void this.renew(), this.options.keepAliveMs);
    this.renewal.unref();
    this.emit('up');
  }

  /** Also how a connection is noticed that is dead without having been closed. */
  private async renew(): Promise<void> {
    const answer = await this.request('R', [['N', 'KeepAlive']], KEEP_ALIVE).catch(() => undefined);
    if (answer?.start.kind !== 'response' || answer.start.code !== 200) this.hangUp();
  }

  private loggedIn(answer: Frame): void {
    if (answer.start.kind !== 'response') return;
    const { code, reason } = answer.start;
    if (code === 421)
      throw new CaptchaNeeded(/algorithm="([^"]*)"/.exec(header(answer, 'W') ?? '')?.[1] ?? '');
    if (code === 401 || code === 403 || code === 404)
      throw new HubError('31', `login refused: ${code} ${reason}`);
    if (code !== 200) throw fetionError(code, reason);
  }

  private failed(thrown: unknown): void {
    if (this.state === 'stopped' || this.state === 'elsewhere') return;
    const { mobile: account } = this.account;
    if (thrown instanceof CaptchaNeeded) {
      this.state = 'captcha';
      this.captchaAlgorithm = thrown.algorithm;
      this.captcha = undefined;
      this.log.warn({ account }, 'Fetion asks for a captcha: answer it at /fetion/captchas');
      return;
    }
    const error = toHubError(thrown);
    this.state = error.code === '31' ? 'refused' : 'down';
    this.log[error.code === '31' ? 'error' : 'warn'](
      { account, code: error.code, reason: error.detail },
      'Fetion session',
    );
  }

  private dial(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, timeout: CONNECT_MS });
      const reader = new FrameReader();
      this.socket = socket;
      socket.setNoDelay(true);
      socket.once('connect', () => (socket.setTimeout(0), resolve()));
      socket.on('timeout', () => socket.destroy());
      socket.on('error', (cause) =>
        reject(new HubError('91', 'the SIP-C server cannot be reached', { cause })),
      );
      socket.on('data', (chunk) => this.received(socket, reader, chunk));
      socket.on('close', () => {
        reject(new HubError('91', 'the SIP-C server closed the connection'));
        if (this.socket === socket) this.hangUp();
      });
    });
  }

  private received(socket: Socket, reader: FrameReader, chunk: Buffer): void {
    try {
      for (const frame of reader.read(chunk)) this.take(socket, frame);
    } catch (thrown) {
      this.log.warn(
        { account: this.account.mobile, reason: toHubError(thrown).detail },
        'Fetion connection dropped',
      );
      socket.destroy();
    }
  }

  private take(socket: Socket, frame: Frame): void {
    if (frame.start.kind === 'request') {
      this.asked.set(frame, socket);
      this.emit('frame', frame);
      return;
    }
    // 100: it is being worked on; 188: a part of a long answer, of which we need nothing.
    if (frame.start.code < 200) return;
    this.settle(`${header(frame, 'I')} ${header(frame, 'Q')}`)?.resolve(frame);
  }

  private settle(key: string): Waiting | undefined {
    const waiting = this.waiting.get(key);
    if (waiting) clearTimeout(waiting.timer);
    this.waiting.delete(key);
    return waiting;
  }

  /** The session comes back by itself, and the server gives again what was not acknowledged. */
  hangUp(): void {
    const { socket } = this;
    clearInterval(this.renewal);
    this.socket = undefined;
    if (this.state === 'up') this.state = 'down';
    for (const key of this.waiting.keys()) {
      const waiting = this.settle(key);
      // It was written: whether the server worked on it, nobody can tell.
      waiting?.reject(noAnswer(waiting.what));
    }
    socket?.destroy();
    this.emit('down');
  }

  private async untilClosed(): Promise<void> {
    while (this.socket && !this.stopping.signal.aborted)
      await new Promise<void>((resolve) => this.once('down', () => resolve()));
  }

  private async untilAnswered(): Promise<void> {
    while (this.captchaAlgorithm !== undefined && !this.stopping.signal.aborted)
      await new Promise<void>((resolve) => this.once('down', () => resolve()));
    if (this.state === 'captcha') this.state = 'down';
  }
}
