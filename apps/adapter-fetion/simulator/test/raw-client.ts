/** A Fetion client by hand: sockets, strings and node:crypto; it knows nothing of the simulator's own code. */
import { constants, createHash, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface RawFrame {
  first: string;
  headers: Record<string, string>;
  body: string;
}

/** K and A may come several times. */
type Headings = Record<string, string | string[]>;

interface Who {
  sid: string;
  userId: number;
  password: string;
}

export class RawClient {
  readonly frames: RawFrame[] = [];
  closed = false;
  private held = Buffer.alloc(0);
  private call = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('close', () => (this.closed = true));
    socket.on('error', () => socket.destroy());
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawClient(socket);
  }

  static async loggedIn(port: number, who: Who, subscribe = true): Promise<RawClient> {
    const client = await RawClient.open(port);
    const answer = await client.logIn(who);
    if (answer.first !== 'SIP-C/4.0 200 OK') throw new Error(answer.first);
    if (subscribe) await client.ask('SUB', { F: who.sid, N: 'PresenceV4' }, '<args><subscription/></args>');
    return client;
  }

  async logIn(who: Who, picture?: string): Promise<RawFrame> {
    const challenge = await this.ask('R', {
      F: who.sid,
      CN: randomBytes(16).toString('hex').toUpperCase(),
      CL: 'type="pc" ,version="4.3.0980"',
    });
    const answer = digestResponse(challenge.headers['W'] ?? '', who);
    const digest = `Digest response="${answer}",algorithm="SHA1-sess-v4"`;
    const body = '<args><presence><basic value="400" desc=""/></presence></args>';
    return this.ask(
      'R',
      { F: who.sid, A: [digest, ...(picture === undefined ? [] : [picture])], AK: 'ak-value' },
      body,
    );
  }

  /** Sends a request and waits for its answer. */
  async ask(method: string, headers: Headings, body = ''): Promise<RawFrame> {
    const { I, Q } = this.send(method, headers, body);
    return this.sees(
      (frame) => frame.first.startsWith('SIP-C') && frame.headers['I'] === I && frame.headers['Q'] === Q,
    );
  }

  send(method: string, headers: Headings, body = ''): { I: string; Q: string } {
    const n = ++this.call;
    const echoed = { I: String(n), Q: `${n} ${method}` };
    const length: Headings = body ? { L: String(Buffer.byteLength(body)) } : {};
    this.write(`${method} fetion.com.cn SIP-C/4.0`, { ...headers, ...echoed, ...length }, body);
    return echoed;
  }

  acknowledge({ headers }: RawFrame): void {
    this.write('SIP-C/4.0 200 OK', pick(headers, ['F', 'I', 'Q']));
  }

  /** Waits for a frame and takes it off the list. */
  async sees(matches: (frame: RawFrame) => boolean, ms = 5000): Promise<RawFrame> {
    for (const end = Date.now() + ms; Date.now() < end; await pause(5)) {
      const at = this.frames.findIndex(matches);
      const [frame] = at < 0 ? [] : this.frames.splice(at, 1);
      if (frame) return frame;
    }
    throw new Error(`not seen, only: ${JSON.stringify(this.frames.map(({ first, body }) => [first, body]))}`);
  }

  async seesMessage(): Promise<RawFrame> {
    return this.sees(({ first }) => first.startsWith('M '));
  }

  async seesEvent(name: string): Promise<RawFrame> {
    return this.sees(({ first, headers }) => first.startsWith('BN ') && headers['N'] === name);
  }

  close(): void {
    this.socket.destroy();
  }

  raw(bytes: Buffer | string): void {
    this.socket.write(bytes);
  }

  private write(first: string, headers: Headings, body = ''): void {
    const lines = Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((one) => `${name}: ${one}\r\n`),
    );
    this.socket.write(`${first}\r\n${lines.join('')}\r\n${body}`);
  }

  private read(chunk: Buffer): void {
    this.held = Buffer.concat([this.held, chunk]);
    for (let end = this.held.indexOf('\r\n\r\n'); end >= 0; end = this.held.indexOf('\r\n\r\n')) {
      const [first = '', ...lines] = this.held.toString('utf8', 0, end).split('\r\n');
      const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)));
      const whole = end + 4 + Number(headers['L'] ?? 0);
      if (this.held.length < whole) return;
      this.frames.push({ first, headers, body: this.held.toString('utf8', end + 4, whole) });
      this.held = this.held.subarray(whole);
    }
  }
}

export function digestResponse(challenge: string, { userId, password }: Omit<Who, 'sid'>): string {
  const [, nonce = ''] = /nonce="([^"]*)"/.exec(challenge) ?? [];
  const [, modulus = ''] = /key="([0-9A-F]{256})010001"/.exec(challenge) ?? [];
  const n = Buffer.from(modulus, 'hex').toString('base64url');
  const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
  const id = Buffer.alloc(4);
  id.writeInt32LE(userId);
  const inner = createHash('sha1').update(`fetion.com.cn:${password}`).digest();
  const digest = createHash('sha1').update(id).update(inner).digest();
  const plain = Buffer.concat([Buffer.from(nonce), digest, randomBytes(32)]);
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, plain).toString('hex').toUpperCase();
}

export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !holds(); await pause(10))
    if (Date.now() > end) throw new Error('it never came to hold');
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function pick(headers: Record<string, string>, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
}
