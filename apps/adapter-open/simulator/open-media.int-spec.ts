import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAll } from '#simulators';
import { OpenNetwork } from './open-network.js';
import type { OpenPerson } from './open-person.js';

const KEY = 'open-key';
const MB = 1024 * 1024;

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const signatureOf = (...parts: string[]): string =>
  `v1=${createHmac('sha256', KEY).update(parts.join('.')).digest('hex')}`;

/** As much of the hub as the documents of the open interface say about media. */
class HubStub {
  readonly files = new Map<string, { name: string; type: string; bytes: Buffer }>();
  readonly events: Record<string, unknown>[] = [];
  refusal: { status: number; body: string } | undefined;
  breaksOff = false;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.serve(request, response));
  }

  static async open(): Promise<HubStub> {
    const stub = new HubStub(createServer());
    await new Promise<void>((resolve) => stub.server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers, url: path = '' } = request;
    const url = new URL(path, 'http://hub');
    const isUpload = method === 'POST' && url.pathname === '/open/v1/media';
    // As a hub does that sees by the headers that it does not want the rest.
    if (isUpload && this.refusal) {
      response.writeHead(this.refusal.status, { connection: 'close' }).end(this.refusal.body);
      return;
    }
    const body = await readAll(request);
    const signedBody = isUpload ? String(headers['hutong-content-sha256']) : body.toString();
    const [time, nonce] = [String(headers['hutong-timestamp']), String(headers['hutong-nonce'])];
    if (headers['hutong-signature'] !== signatureOf(time, nonce, method, path, signedBody)) {
      response.writeHead(401).end();
    } else if (isUpload) {
      const file = {
        name: url.searchParams.get('name') ?? '',
        type: String(headers['content-type']),
        bytes: body,
      };
      const [id, digest] = [randomUUID(), sha256(body)];
      if (digest !== signedBody) return void response.writeHead(422).end('{}');
      this.files.set(id, file);
      response
        .writeHead(201)
        .end(JSON.stringify({ media: id, type: file.type, size: body.length, sha256: digest }));
    } else if (method === 'GET') this.give(url.pathname, headers.range, response);
    else {
      const { events } = JSON.parse(body.toString()) as { events: Record<string, unknown>[] };
      this.events.push(...events);
      response.end(JSON.stringify({ verdicts: events.map(() => ({ accepted: true })) }));
    }
  }

  private give(path: string, range: string | undefined, response: ServerResponse): void {
    const file = this.files.get(decodeURIComponent(path.replace('/open/v1/media/', '')));
    if (!file) return void response.writeHead(404).end('{"code":"20"}');
    const { type, bytes } = file;
    const [, from = 0, to = bytes.length - 1] = (/^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []).map(Number);
    const part = bytes.subarray(from, to + 1);
    response.writeHead(range ? 206 : 200, {
      'content-type': type,
      'content-length': part.length,
      ...(range ? { 'content-range': `bytes ${from}-${to}/${bytes.length}` } : {}),
    });
    if (this.breaksOff) response.write(part.subarray(0, part.length / 2), () => response.destroy());
    else response.end(part);
  }
}

describe('media on a network that joined through the open interface', () => {
  let hub: HubStub;
  let network: OpenNetwork;
  let wei: OpenPerson;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'open-'));
    hub = await HubStub.open();
    network = await OpenNetwork.open({ name: 'open', key: KEY, transport: 'webhook' });
    network.connect(hub.url);
    wei = network.person('wei');
  });

  afterEach(async () => {
    await network.close();
    await hub.close();
    await rm(folder, { recursive: true });
  });

  async function sends(
    what: 'image' | 'voice' | 'video' | 'file' | 'sticker',
    name: string,
    bytes: Buffer,
    fields: Record<string, string> = {},
  ): Promise<unknown> {
    const file = join(folder, name);
    await writeFile(file, bytes);
    const { id } = await wei.act({ do: 'send', to: 'amy', what, fields, file });
    while (hub.events.at(-1)?.['id'] !== id) await new Promise((resolve) => setTimeout(resolve, 5));
    const { media, sticker } = hub.events.at(-1) ?? {};
    return media ?? sticker;
  }

  /** The hub tells the network about a message. */
  async function shows(more: object): Promise<void> {
    const event = { kind: 'message', id: randomUUID(), from: { id: 'amy' }, to: 'wei', ...more };
    const [time, nonce, body] = [String(Date.now()), randomUUID(), JSON.stringify({ event })];
    const headers = {
      'hutong-timestamp': time,
      'hutong-nonce': nonce,
      'hutong-signature': signatureOf(time, nonce, 'POST', '/hub', body),
    };
    await fetch(network.webhookUrl, { method: 'POST', headers, body });
  }

  function holds(type: string, bytes: Buffer, id: string = randomUUID()): string {
    hub.files.set(id, { name: '', type, bytes });
    return id;
  }

  const urlOf = (n: number): string => wei.timeline.at(n)?.media?.url ?? '';

  it('uploads an attachment that a person sends, then sends the event', async () => {
    const bytes = randomBytes(20 * MB);
    const film = (await sends('video', '长 城&1.mp4', bytes, { seconds: '12' })) as { id: string };
    expect(film).toEqual({
      id: expect.any(String) as string,
      type: 'video/mp4',
      name: '长 城&1.mp4',
      seconds: 12,
    });
    const held = hub.files.get(film.id);
    expect(held).toMatchObject({ name: '长 城&1.mp4', type: 'video/mp4' });
    expect(held?.bytes.equals(bytes)).toBe(true);
    const some = Buffer.from('x');
    expect(await sends('voice', 'a.silk', some)).toMatchObject({ type: 'audio/silk', voice: true });
    expect(await sends('file', 'b.VCF', some)).toMatchObject({ type: 'text/vcard', name: 'b.VCF' });
    expect(await sends('file', 'c.bin', some, { type: 'x/y', name: 'd' })).toMatchObject({
      type: 'x/y',
      name: 'd',
    });
    expect(await sends('sticker', 'e.webp', some, { meaning: '挥手' })).toMatchObject({
      id: expect.any(String) as string,
      type: 'image/webp',
      meaning: '挥手',
    });
  });

  it.each([1000, 20 * MB])('tells a person why the hub refused their %i bytes', async (size) => {
    hub.refusal = {
      status: 413,
      body: JSON.stringify({ code: '21', title: 'Too large', detail: 'at most 10 MB' }),
    };
    await expect(sends('file', 'a.bin', randomBytes(size))).rejects.toThrow('at most 10 MB (21)');
    hub.refusal = { status: 500, body: 'oops' };
    await expect(sends('file', 'a.bin', randomBytes(size))).rejects.toThrow('the hub answered 500');
    expect(hub.events).toEqual([]);
  });

  it('shows a person an attachment from the hub, at a URL that needs no signature', async () => {
    const [film, note] = [randomBytes(20 * MB), randomBytes(10)];
    await shows({
      text: 'look',
      media: { id: holds('video/mp4', film), type: 'video/mp4', name: 'a.mp4', seconds: 3 },
    });
    await shows({ media: { id: holds('audio/amr', note), type: 'application/x', voice: true } });
    await shows({ media: { id: holds('image/png', note, 'a/b +'), type: 'image/png' } });
    await shows({ media: { id: 'gone', type: 'text/vcard', name: 'c.vcf' } });
    await shows({ sticker: { id: 'gone', type: 'image/webp', meaning: '挥手' } });
    await shows({ media: { type: 'audio/mpeg' } });
    expect(wei.timeline).toMatchObject([
      { kind: 'media', state: 'video', text: 'look', media: { name: 'a.mp4', seconds: 3 } },
      { kind: 'media', state: 'voice' },
      { kind: 'media', state: 'image' },
      { kind: 'media', state: 'file', media: { name: 'c.vcf' } },
      { kind: 'media', state: 'sticker', text: '挥手' },
      { kind: 'media', state: 'voice' },
    ]);
    expect(wei.timeline[5]?.media).toBeUndefined();
    const response = await fetch(urlOf(0));
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(response.headers.get('content-length')).toBe(String(film.length));
    expect(Buffer.from(await response.arrayBuffer()).equals(film)).toBe(true);
    expect(Buffer.from(await (await fetch(urlOf(2))).arrayBuffer())).toEqual(note);
    expect((await fetch(urlOf(3))).status).toBe(404);
  });

  it('lets a person download a part, and notice that the rest is missing', async () => {
    await shows({ media: { id: holds('image/png', Buffer.from('0123456789')), type: 'image/png' } });
    const part = await fetch(urlOf(0), { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 2-4/10']);
    expect(await part.text()).toBe('234');
    hub.breaksOff = true;
    await expect(fetch(urlOf(0)).then((response) => response.text())).rejects.toThrow('terminated');
    await hub.close();
    expect((await fetch(urlOf(0))).status).toBe(502);
  });
});
