/**
 * The session of one Fetion account, on the shared session of `#adapter-session`: finds the servers, signs in over HTTP,
 * registers over SIP-C, renews the registration, and reconnects automatically.
 */
import { EventEmitter } from 'node:events';
import { Session, USUAL_LIMITS, type PeerRequest, type SessionLimits } from '#adapter-session';
import { HubError, toHubError } from '#protocol';
import type { Log } from '#service';
import { fetionError } from './fetion.errors.js';
import { register } from './registration.js';
import { KEEP_ALIVE, setPresence } from './request-bodies.js';
import {
  CaptchaNeeded,
  findServers,
  signIn,
  type Account,
  type CaptchaAnswer,
  type Identity,
} from './sign-in.js';
import type { Frame, Header } from './sipc-frame.js';
import { SIPC_PROTOCOL, sipcRequest, sipcResponse, type SipcRequest } from './sipc-protocol.js';

export interface FetionConnectionOptions {
  account: Account;
  navigationUrl: string;
  /** Time limit of a response, ms. */
  replyMs: number;
  /** Interval of registration renewals, ms. */
  keepAliveMs: number;
  /** Called after each registration, before the session counts as up; may send requests. */
  onLogin: (session: FetionConnection) => Promise<void>;
  /** Called for each request of the server, in order; answers it through `answer`. */
  onFrame: (session: FetionConnection, frame: Frame) => Promise<void>;
  log: Log;
}

/**
 * down: reconnects automatically · captcha: waits until a person has answered the captcha · elsewhere: the account
 * logged in somewhere else; no further attempt · refused: wrong password; no further attempt
 */
export type SessionState = 'down' | 'up' | 'captcha' | 'elsewhere' | 'refused' | 'stopped';

/** Fetion's clients sent without waiting for responses: the window only bounds memory. */
const LIMITS: Omit<SessionLimits, 'responseMs'> = { ...USUAL_LIMITS, window: 1000, queue: 10_000 };
const SIGN_OFF_MS = 1000;

export class FetionConnection extends EventEmitter<{ up: []; down: [] }> {
  readonly account: Account;
  /** Set while the network waits for the answer to a captcha of this kind. */
  captchaAlgorithm: string | undefined;
  private captcha: CaptchaAnswer | undefined;
  private haltedBy: 'captcha' | 'elsewhere' | 'refused' = 'refused';
  private presence = 0;
  /** Identity of the login in progress, otherwise of the latest login. */
  private identity: Identity = { userId: 0, sid: '', uri: '' };
  /** How to answer each frame: on the connection on which it was received, because a new connection starts its call numbers again. */
  private readonly unanswered = new WeakMap<Frame, PeerRequest<Frame>>();
  private readonly session: Session<Frame>;

  constructor(private readonly options: FetionConnectionOptions) {
    super();
    // One for each delivery that waits for the login.
    this.setMaxListeners(0);
    const { account, keepAliveMs, log, replyMs: responseMs } = options;
    this.account = account;
    this.session = new Session<Frame>({
      protocol: SIPC_PROTOCOL,
      limits: { ...LIMITS, responseMs },
      log,
      logFields: { account: account.mobile },
      endpoint: () => this.signIn(),
      logIn: async (connection) => {
        const { captcha, identity, presence } = this;
        await register(connection, { account, identity, captcha, presence });
        this.captcha = undefined;
      },
      prepare: () => options.onLogin(this),
      onFailed: (thrown) => this.failed(thrown),
      onRequest: (request) => {
        this.unanswered.set(request.frame, request);
        return options.onFrame(this, request.frame);
      },
      keepAlive: {
        everyMs: keepAliveMs,
        make: (call) => this.frame({ method: 'R', headers: [['N', 'KeepAlive']], body: KEEP_ALIVE }, call),
        accepts: ({ start }) => start.kind === 'response' && start.code === 200,
      },
      signOff: (connection) =>
        connection.request((call) => this.frame({ method: 'R', headers: [['X', '0']], body: '' }, call), {
          responseMs: SIGN_OFF_MS,
          outsideWindow: true,
        }),
    });
    this.session.on('up', () => this.emit('up'));
    this.session.on('down', () => this.emit('down'));
  }

  get state(): SessionState {
    return this.session.state === 'halted' ? this.haltedBy : this.session.state;
  }

  get connected(): boolean {
    return this.session.state === 'up';
  }

  /** Keeps the session up until `stop` is called; never rejects. */
  run(): Promise<void> {
    return this.session.run();
  }

  stop(): Promise<void> {
    return this.session.stop();
  }

  /** A person answered the captcha: the next login sends the answer. */
  answerCaptcha(answer: CaptchaAnswer): void {
    this.captcha = answer;
    this.captchaAlgorithm = undefined;
    this.session.resume();
  }

  /** @throws HubError 91 when the request was not sent, 103 when it was and no response came */
  request(method: string, headers: Header[], body = ''): Promise<Frame> {
    return this.session.request((call) => this.frame({ method, headers, body }, call));
  }

  /**
   * A request of the method S, whose operation is named in the header N. Unlike a message it may be sent again.
   * @param alsoGood a code that means that the request changes nothing because its effect exists already
   * @throws HubError 91 when there was no response, and the network's refusal
   */
  async service(name: string, body: string, alsoGood?: number): Promise<Frame> {
    const answer = await this.request('S', [['N', name]], body).catch((cause: unknown) => {
      throw new HubError('91', `Fetion gave no answer to ${name}`, { cause });
    });
    if (answer.start.kind === 'response' && answer.start.code >= 300 && answer.start.code !== alsoGood)
      throw fetionError(answer.start.code, answer.start.reason);
    return answer;
  }

  /** Shows a presence to everybody who has this account as a contact, now and after every login. */
  async appear(basic: number, mood: string | undefined): Promise<void> {
    this.presence = basic;
    if (this.connected) await this.service('SetPresenceV4', setPresence(basic, mood));
  }

  /** Answers a request of the server. */
  answer(frame: Frame, code = 200, reason = 'OK'): void {
    this.unanswered.get(frame)?.answer(sipcResponse(frame, code, reason));
  }

  /** The network reports that the account is in use elsewhere. Logging in again would disconnect the person who uses it. */
  pushedOut(): void {
    this.options.log.error(
      { account: this.account.mobile },
      'Fetion: the account was logged in elsewhere; this adapter does not log in again until it is restarted',
    );
    this.haltedBy = 'elsewhere';
    this.session.halt('logged in elsewhere');
  }

  /** Ends the connection. The session reconnects automatically, and the server sends unacknowledged frames again. */
  hangUp(): void {
    this.session.hangUp('we hung up');
  }

  private async signIn(): Promise<{ host: string; port: number }> {
    const servers = await findServers(this.options.navigationUrl, this.account.mobile);
    this.identity = await signIn(servers.signInUrl, this.account, this.captcha);
    return { host: servers.sipcHost, port: servers.sipcPort };
  }

  private frame(request: SipcRequest, call: number): Frame {
    return sipcRequest(request, this.identity.sid, call);
  }

  /** After a login that failed: whether to try again. */
  private failed(thrown: unknown): 'retry' | 'halt' {
    if (thrown instanceof CaptchaNeeded) {
      this.haltedBy = 'captcha';
      this.captchaAlgorithm = thrown.algorithm;
      this.captcha = undefined;
      this.options.log.warn(
        { account: this.account.mobile },
        'Fetion asks for a captcha: answer it at /fetion/captchas',
      );
      return 'halt';
    }
    if (toHubError(thrown).code !== '31') return 'retry';
    this.haltedBy = 'refused';
    return 'halt';
  }
}
