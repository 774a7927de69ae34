/** One Fetion session: the account signs in, registers with a SIP-C server, stays registered, and comes back by itself. */
import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import { HubError, toHubError } from '#protocol';
import { backoff, guarded, sleep, tolerate, type Log } from '#service';
import { fetionError } from './fetion.errors.js';
import { answerChallenge, readChallenge } from './login.js';
import { KEEP_ALIVE, registration, setPresence } from './requests.js';
import {
  CaptchaNeeded,
  findServers,
  signIn,
  type Account,
  type CaptchaAnswer,
  type Identity,
} from './sign-in.js';
import { header, type Frame, type Header } from './sipc-frame.js';
import { SipcLink } from './sipc.link.js';

export interface SessionOptions {
  navigationUrl: string;
  replyMs: number;
  keepAliveMs: number;
}

/** down: it tries again by itself · captcha: a person must read a picture · elsewhere: logged in somewhere else, for good */
export type SessionState = 'down' | 'up' | 'captcha' | 'elsewhere' | 'refused' | 'stopped';

const LOGIN_MS = 15_000;
/** A session that held for so long was a good one: the next login need not wait. */
const STEADY_MS = 10_000;

export class FetionConnection extends EventEmitter<{ frame: [Frame]; up: []; down: [] }> {
  state: SessionState = 'down';
  /** Asked for by the network, until somebody answers. */
  captchaAlgorithm: string | undefined;
  private captcha: CaptchaAnswer | undefined;
  private renewal: NodeJS.Timeout | undefined;
  private presence = 0;
  private link: SipcLink | undefined;
  /** On which connection each frame came: call ids count anew on the next one. */
  private readonly cameOn = new WeakMap<Frame, SipcLink>();
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
    const goodbye: Header = ['X', '0'];
    if (this.connected)
      await tolerate('Fetion sign-off', this.log, () => this.request('R', [goodbye], '', 1000));
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

  /** @throws HubError as SipcLink.ask */
  request(method: string, headers: Header[], body = '', replyMs = this.options.replyMs): Promise<Frame> {
    if (!this.link) return Promise.reject(new HubError('91', 'the Fetion session is down'));
    return this.link.ask({ method, headers, body, replyMs });
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

  /** Acknowledges what the server asked. */
  answer(frame: Frame, code = 200, reason = 'OK'): void {
    this.cameOn.get(frame)?.answer(frame, code, reason);
  }

  /** The network said that this account is in use elsewhere: coming back would throw out whoever that is. */
  pushedOut(): void {
    this.state = 'elsewhere';
    this.log.error({ account: this.account.mobile }, 'Fetion: logged in elsewhere; this account stays out');
    this.hangUp();
  }

  /** The session comes back by itself, and the server gives again what was not acknowledged. */
  hangUp(): void {
    const { link } = this;
    clearInterval(this.renewal);
    this.link = undefined;
    if (this.state === 'up') this.state = 'down';
    link?.close('we hung up');
    this.emit('down');
  }

  private async logIn(): Promise<void> {
    const servers = await findServers(this.options.navigationUrl, this.account.mobile);
    const identity = await signIn(servers.signInUrl, this.account, this.captcha);
    this.link = await SipcLink.dial(
      { host: servers.sipcHost, port: servers.sipcPort, sid: identity.sid },
      (link, frame) => {
        this.cameOn.set(frame, link);
        this.emit('frame', frame);
      },
      (link, why) => this.closed(link, why),
    );
    await this.register(this.link, identity);
    this.captcha = undefined;
    await this.onLogin(this);
    this.state = 'up';
    this.renewal = setInterval(
      guarded('Fetion keep-alive', this.log, () => this.renew()),
      this.options.keepAliveMs,
    );
    this.renewal.unref();
    this.emit('up');
  }

  /** Challenge and proof (SHA1-sess-v4); both are steps of one call. */
  private async register(link: SipcLink, { userId }: Identity): Promise<void> {
    const { mobile, password } = this.account;
    const call = link.newCall();
    const hello: Header[] = [
      ['CN', randomBytes(16).toString('hex').toUpperCase()],
      ['CL', 'type="pc" ,version="4.3.0980"'],
    ];
    const first = await link.ask({ method: 'R', headers: hello, body: '', replyMs: LOGIN_MS }, call, 1);
    const response = answerChallenge(readChallenge(header(first, 'W')), userId, password);
    const proof: Header[] = [
      ['A', `Digest response="${response}",algorithm="SHA1-sess-v4"`],
      ['AK', 'ak-value'],
      ...captchaProof(this.captcha),
    ];
    const body = registration(mobile, userId, this.presence);
    const second = await link.ask({ method: 'R', headers: proof, body, replyMs: LOGIN_MS }, call, 2);
    checkRegistered(second);
  }

  /** Also how a connection is noticed that is dead without having been closed. */
  private async renew(): Promise<void> {
    const answer = await tolerate('Fetion keep-alive', this.log, () =>
      this.request('R', [['N', 'KeepAlive']], KEEP_ALIVE),
    );
    if (answer?.start.kind !== 'response' || answer.start.code !== 200) this.hangUp();
  }

  private closed(link: SipcLink, why: string): void {
    if (this.link !== link) return;
    this.log.info({ account: this.account.mobile, why }, 'Fetion connection ended');
    this.hangUp();
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
    const { code, detail: reason } = toHubError(thrown);
    this.state = code === '31' ? 'refused' : 'down';
    this.log[code === '31' ? 'error' : 'warn']({ account, code, reason }, 'Fetion session');
  }

  private async untilClosed(): Promise<void> {
    while (this.link && !this.stopping.signal.aborted)
      await new Promise<void>((resolve) => this.once('down', () => resolve()));
  }

  private async untilAnswered(): Promise<void> {
    while (this.captchaAlgorithm !== undefined && !this.stopping.signal.aborted)
      await new Promise<void>((resolve) => this.once('down', () => resolve()));
    if (this.state === 'captcha') this.state = 'down';
  }
}

function captchaProof(captcha: CaptchaAnswer | undefined): Header[] {
  if (!captcha) return [];
  const { text, algorithm, id } = captcha;
  return [['A', `Verify response="${text}",algorithm="${algorithm}",type="GeneralPic",chid="${id}"`]];
}

/** @throws CaptchaNeeded; HubError 31 for a wrong account, and the network's refusal */
function checkRegistered(answer: Frame): void {
  if (answer.start.kind !== 'response') return;
  const { code, reason } = answer.start;
  if (code === 421) throw new CaptchaNeeded(/algorithm="([^"]*)"/.exec(header(answer, 'W') ?? '')?.[1] ?? '');
  if (code === 401 || code === 403 || code === 404)
    throw new HubError('31', `login refused: ${code} ${reason}`);
  if (code !== 200) throw fetionError(code, reason);
}
