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
import { registration } from './requests.js';

export interface SessionOptions {
  navigationUrl: string;
  replyMs: number;
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

export class FetionConnection extends EventEmitter<{ frame: [Frame]; up: []; down: [] }> {
  state: SessionState = 'down';
  identity: Identity | undefined;
  /** Asked for by the network, until somebody answers. */
  captchaAlgorithm: string | undefined;
  private captcha: CaptchaAnswer | undefined;
  private socket: Socket | undefined;
  private calls = 0;
  private readonly waiting = new Map<string, Waiting>();
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
        attempt = 0;
        await this.untilClosed();
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
    const { socket, identity } = this;
    if (!socket || !identity) return Promise.reject(new HubError('91', 'the Fetion session is down'));
    const call = ++this.calls;
    const sequence = `1 ${method}`;
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

  /** An RPC (method S, its name in N). @throws as `request`, and the network's refusal */
  async service(name: string, body: string): Promise<Frame> {
    const answer = await this.request('S', [['N', name]], body);
    if (answer.start.kind === 'response' && answer.start.code >= 300)
      throw fetionError(answer.start.code, answer.start.reason);
    return answer;
  }

  /** Acknowledges what the server asked. */
  answer(frame: Frame, code = 200, reason = 'OK'): void {
    const headers = ['F', 'I', 'Q'].flatMap((name): Header[] => {
      const value = header(frame, name);
      return value === undefined ? [] : [[name, value]];
    });
    this.socket?.write(printFrame({ start: { kind: 'response', code, reason }, headers, body: '' }));
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
    const first = await this.request(
      'R',
      [
        ['CN', nonce],
        ['CL', 'type="pc" ,version="4.3.0980"'],
      ],
      '',
      LOGIN_MS,
    );
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
    const second = await this.request('R', proof, registration(this.account.mobile, userId), LOGIN_MS);
    this.loggedIn(second);
    this.captcha = undefined;
    await this.onLogin(this);
    this.state = 'up';
    this.emit('up');
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
      for (const frame of reader.read(chunk)) this.take(frame);
    } catch (thrown) {
      this.log.warn(
        { account: this.account.mobile, reason: toHubError(thrown).detail },
        'Fetion connection dropped',
      );
      socket.destroy();
    }
  }

  private take(frame: Frame): void {
    if (frame.start.kind === 'request') {
      this.emit('frame', frame);
      return;
    }
    // 1xx: it is being worked on.
    if (frame.start.code < 200 && frame.start.code !== 188) return;
    this.settle(`${header(frame, 'I')} ${header(frame, 'Q')}`)?.resolve(frame);
  }

  private settle(key: string): Waiting | undefined {
    const waiting = this.waiting.get(key);
    if (waiting) clearTimeout(waiting.timer);
    this.waiting.delete(key);
    return waiting;
  }

  private hangUp(): void {
    const { socket } = this;
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
