/** HTTP pages with which a client starts: server addresses, password check and image codes. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inBackground } from '#simulators';
import { CAPTCHA_ALGORITHM, type Captchas } from './captcha.js';
import type { Faults } from './faults.js';
import { digest1, digest2, hex32 } from './login-secrets.js';
import type { Directory, User } from './users.js';
import { first, readXml, xml } from './xml.js';

const MAX_REQUEST_BYTES = 16 * 1024;

interface Page {
  body: string;
  status?: number;
  cookie?: string;
}

export class Navigation {
  private readonly server: Server;

  constructor(
    private readonly directory: Directory,
    private readonly captchas: Captchas,
    private readonly faults: Faults,
    private readonly sipcAddress: () => string,
  ) {
    this.server = createServer((request, response) =>
      inBackground('Fetion navigation', () => this.answer(request, response)),
    );
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const { status = 200, body: text, cookie } = this.page(request, body);
    response.writeHead(status, {
      'content-type': 'text/xml; charset=utf-8',
      ...(cookie !== undefined && { 'set-cookie': `ssic=${cookie}; domain=fetion.com.cn; path=/` }),
    });
    response.end(text);
  }

  private page(request: IncomingMessage, body: string | undefined): Page {
    const url = URL.parse(request.url ?? '', 'http://nav');
    const route = `${request.method} ${url?.pathname.toLowerCase()}`;
    if (!url || body === undefined) return { status: 400, body: '' };
    if (this.faults.unavailable) return { ...refusal(503), status: 503 };
    if (route === 'POST /nav/getsystemconfig.aspx') return this.systemConfig(body);
    if (route === 'GET /ssiportal/ssiappsigninv4.aspx') return this.signIn(url.searchParams);
    if (route === 'GET /nav/getpiccodev4.aspx') return this.picture();
    return { status: 404, body: '' };
  }

  private systemConfig(body: string): Page {
    if (first(readXml(body), 'config')?.name !== 'config') return { status: 400, body: '' };
    const signIn = `${this.url}/ssiportal/SSIAppSignInV4.aspx`;
    const servers = Object.entries({
      'sipc-proxy': this.sipcAddress(),
      'sipc-ssl-proxy': '',
      'ssi-app-sign-in': signIn,
      'ssi-app-sign-in-v2': signIn,
      'http-tunnel': '',
      'get-pic-code': `${this.url}/nav/GetPicCodeV4.aspx`,
    }).map(([name, text]) => xml(name, {}, text));
    return { body: xml('config', {}, xml('servers', { version: 1 }, ...servers)) };
  }

  private signIn(query: URLSearchParams): Page {
    const mobile = query.get('mobileno');
    const user = mobile === null ? this.directory.sid(query.get('sid') ?? '') : this.directory.mobile(mobile);
    if (user?.password === undefined) return refusal(404);
    if (!passwordRight(user, user.password, query)) return refusal(401);
    if (user.suspended) return refusal(433);
    const wrong = this.faults.captchaAtSignIn ? this.pictureWrong(query) : undefined;
    return wrong ?? { body: signedIn(user), cookie: hex32() };
  }

  private pictureWrong(query: URLSearchParams): Page | undefined {
    const id = query.get('pid');
    if (this.captchas.check(id ?? '', query.get('pic') ?? '')) return undefined;
    const wanted = { algorithm: CAPTCHA_ALGORITHM, type: 'GeneralPic', text: '请输入验证码', tips: '' };
    return refusal(id === null ? 421 : 420, xml('verification', wanted));
  }

  private picture(): Page {
    return { body: xml('results', {}, xml('pic-certificate', { ...this.captchas.draw() })) };
  }
}

function passwordRight({ userId }: User, password: string, query: URLSearchParams): boolean {
  const type = query.get('v4digest-type') ?? '1';
  const right = type === '2' ? digest2(userId, password) : digest1(password);
  return (type === '1' || type === '2') && query.get('v4digest')?.toLowerCase() === right.toString('hex');
}

function signedIn({ uri, mobile, userId }: User): string {
  const credential = xml('credential', { domain: 'fetion.com.cn', c: hex32() });
  const at = { uri, 'mobile-no': mobile, 'user-status': 101, 'user-id': userId };
  return xml('results', { 'status-code': 200 }, xml('user', at, xml('credentials', {}, credential)));
}

function refusal(code: number, ...inner: string[]): Page {
  return { body: xml('results', { 'status-code': code }, ...inner) };
}

/** @returns undefined for a body that is longer than any real one */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = chunk as Buffer;
    bytes += piece.length;
    if (bytes > MAX_REQUEST_BYTES) return undefined;
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}
