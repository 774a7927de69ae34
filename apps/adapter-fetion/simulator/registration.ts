/** Method R: login with challenge, keep-alive, logout, and the end of a session by a second login. */
import { CAPTCHA_ALGORITHM } from './captcha.js';
import { credentials, loginResults, reasonResults } from './bodies.js';
import { digest2, hex32, sealedCredential } from './login-secrets.js';
import type { Context } from './requests.js';
import type { Session } from './session.js';
import { type Frame, header, headersOf } from './sipc-frame.js';
import type { User } from './users.js';
import { first, readXml, xml } from './xml.js';

export class Registration {
  /** @param forget called when the session has ended */
  constructor(
    private readonly context: Context,
    private readonly forget: (session: Session) => void,
  ) {}

  take(session: Session, frame: Frame): void {
    if (header(frame, 'X') === '0') return this.logOut(session, frame);
    if (header(frame, 'N') === 'KeepAlive') return this.keepAlive(session, frame);
    const user = this.context.directory.sid(header(frame, 'F'));
    if (user?.password === undefined) return session.reply(frame, 404);
    if (user.suspended) return session.reply(frame, 403);
    const answer = headersOf(frame, 'A').find((value) => value.startsWith('Digest'));
    if (answer === undefined) this.challenge(session, frame);
    else this.logIn(session, frame, user, user.password, parameters(answer)['response'] ?? '');
  }

  deregister(session: Session): void {
    session.deregister();
    this.forget(session);
  }

  /** The connection is closed: the account is offline unless it is logged in on another connection. */
  leave(session: Session): void {
    const { user } = session;
    session.user = undefined;
    if (!user || user.client !== session) return;
    user.client = undefined;
    this.context.roster.change(user, { online: false });
  }

  private challenge(session: Session, frame: Frame): void {
    session.nonce = hex32();
    const { published, signature } = this.context.key;
    const challenge = `Digest algorithm="SHA1-sess-v4",nonce="${session.nonce}",key="${published}",signature="${signature}"`;
    session.reply(frame, 401, [['W', challenge]]);
  }

  private logIn(session: Session, frame: Frame, user: User, password: string, response: string): void {
    const { faults, key, roster, expires } = this.context;
    const digest = digest2(user.userId, password);
    const aesKey = session.nonce === undefined ? undefined : key.open(response, session.nonce, digest);
    if (!aesKey || faults.refuseLogins) return this.challenge(session, frame);
    if (faults.captchaAtLogin && !this.pictureKnown(session, frame)) return;
    session.nonce = undefined;
    if (user.client && user.client !== session) this.deregister(user.client as Session);
    if (session.user && session.user !== user) this.leave(session);
    session.deadline = Date.now() + expires * 1000;
    const body = loginResults(user, sealedCredential(aesKey), session.wire.address);
    session.reply(frame, 200, [['X', String(expires)]], body);
    session.attach(user);
    const presence = Number(first(readXml(frame.body), 'basic')?.at['value'] ?? 400);
    roster.change(user, { online: true, presence: Number.isInteger(presence) ? presence : 400 });
  }

  /** The nonce stays valid, because the client repeats the same answer together with the text of the image code. */
  private pictureKnown(session: Session, frame: Frame): boolean {
    const answer = headersOf(frame, 'A').find((value) => value.startsWith('Verify'));
    const { response = '', chid = '' } = answer === undefined ? {} : parameters(answer);
    if (this.context.captchas.check(chid, response)) return true;
    const picture = `Verify algorithm="${CAPTCHA_ALGORITHM}",type="GeneralPic"`;
    session.reply(frame, answer === undefined ? 421 : 420, [['W', picture]], reasonResults('请输入验证码'));
    return false;
  }

  private keepAlive(session: Session, frame: Frame): void {
    if (!session.user) return session.reply(frame, 403);
    const { expires } = this.context;
    session.deadline = Date.now() + expires * 1000;
    session.reply(frame, 200, [['X', String(expires)]], xml('results', {}, credentials(hex32())));
  }

  private logOut(session: Session, frame: Frame): void {
    session.reply(frame, 200, [['X', '0']]);
    session.wire.end();
    this.forget(session);
  }
}

/** `Digest a="1",b="2"` */
function parameters(value: string): Record<string, string> {
  return Object.fromEntries([...value.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, text]) => [name, text]));
}
