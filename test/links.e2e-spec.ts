/** Links to media for networks of text, as strangers try them; addresses that a message names; and what is swept away. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { BusConnection, MediaStore } from '#bus';
import { RESULTS } from '#protocol';
import { RemotePerson } from '#simulators';
import { Attachments } from './support/attachments.js';
import { until } from './support/hub-fixture.js';
import type { MatrixPhone } from '../apps/adapter-matrix/phone/matrix.phone.js';
import { fetchBytes, linkIn, sees, type Attachment } from '#phones';
import { SimulatedPhone } from '#phones';
import { StandaloneFixture } from './support/standalone-fixture.js';
import type { XmppPhone } from '../apps/adapter-xmpp/phone/xmpp.phone.js';

const SWEEP_S = 3;
let whole: StandaloneFixture;
let alice: XmppPhone;
let bob: MatrixPhone;
let fei: SimulatedPhone;
let attachments: Attachments;
let link: BusConnection;
let store: MediaStore;

beforeAll(async () => {
  attachments = await Attachments.open();
  whole = await StandaloneFixture.open(['xmpp', 'matrix', 'fetion'], {
    MEDIA_SWEEP_SECONDS: String(SWEEP_S),
  });
  [alice, bob] = [await whole.xmppPhone(), await whole.matrixPhone()];
  const { usersUrl, channel, accounts } = whole.file.networks.fetion;
  fei = new SimulatedPhone(await RemotePerson.find(usersUrl, 'fetion', accounts[0]?.native ?? ''), channel);
  const { url, credsFile } = whole.file.nats;
  link = await BusConnection.open(
    { url, creds: readFileSync(credsFile, 'utf8'), name: 'test' },
    pino({ level: 'silent' }),
  );
  store = new MediaStore(link);
});

afterAll(async () => {
  await link?.close();
  await alice?.hangUp();
  await bob?.hangUp();
  await whole?.close();
  attachments?.close();
});

const feiInXmpp = () =>
  whole.file.networks.xmpp.ghostOf[whole.file.networks.fetion.accounts[0]?.address ?? ''] ?? '';

/** What a person on Fetion, which has words only, is led to. */
async function linkTo(file: Attachment): Promise<string> {
  const before = fei.timeline.length;
  await alice.sendFile(feiInXmpp(), file);
  const isNew = (id: string) => fei.timeline.findIndex((seen) => seen.id === id) >= before;
  const { text } = await sees(fei, 'a link', (seen) => isNew(seen.id) && linkIn(seen.text) !== '');
  return linkIn(text);
}

describe('a link', () => {
  let file: Attachment;
  let url: string;

  beforeAll(async () => {
    file = attachments.write('report.bin', 'image/png', 'file', randomBytes(700_000));
    url = await linkTo(file);
  });

  test('gives the whole, a part, or its end', async () => {
    const content = readFileSync(file.path);
    expect((await fetchBytes(url)).equals(content)).toBe(true);
    for (const [range, from, to] of [
      ['bytes=0-9', 0, 9],
      ['bytes=262140-262150', 262_140, 262_150],
      ['bytes=-5', content.length - 5, content.length - 1],
    ] as const) {
      const response = await fetch(url, { headers: { range } });
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to}/${content.length}`);
      expect(Buffer.from(await response.arrayBuffer()).equals(content.subarray(from, to + 1))).toBe(true);
    }
    expect((await fetch(url, { headers: { range: 'bytes=9999999-' } })).status).toBe(416);
  });

  test('cannot be guessed, prolonged or moved', async () => {
    const [id = '', end = '', signature = ''] = url.slice(url.lastIndexOf('/') + 1).split('.');
    const at = (token: string) =>
      fetch(`${whole.file.mediaGateway.url}/m/${token}`).then(({ status }) => status);
    expect(await at(`${id}.${(parseInt(end, 36) + 3600).toString(36)}.${signature}`)).toBe(404);
    expect(await at(`${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}.${end}.${signature}`)).toBe(404);
    expect(await at(`${id}.${end}.${'A'.repeat(22)}`)).toBe(404);
    expect(await at('..%2f..%2fetc%2fpasswd')).toBe(404);
  });

  test.each([
    [
      'SVG',
      'drawing.svg',
      'image/svg+xml',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ],
    ['HTML', 'page.jpg', 'image/jpeg', '<!DOCTYPE html><script>alert(1)</script>'],
    ['a PDF that is HTML too', 'a.pdf', 'application/pdf', '%PDF-1.7\n<html><script>alert(1)</script>'],
  ])('%s is saved, never shown', async (_, name, type, content) => {
    const hostile = await linkTo(attachments.write(name, type, 'file', Buffer.from(content)));
    const { headers } = await fetch(hostile);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    );
  });

  test('a GIF that is a script too is a picture, and nothing is guessed of it', async () => {
    const polyglot = Buffer.concat([Buffer.from('GIF89a/*'), Buffer.alloc(20), Buffer.from('*/=1;alert(1)')]);
    const { headers } = await fetch(await linkTo(attachments.write('a.html', 'text/html', 'file', polyglot)));
    expect(headers.get('content-type')).toBe('image/gif');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
  });
});

describe('an address that a message names', () => {
  test.each([
    ['of this machine', (port: number) => `http://127.0.0.1:${port}/secret`],
    ['of this machine, by a name', (port: number) => `http://localhost:${port}/secret`],
    ['of a cloud', () => 'http://169.254.169.254/latest/meta-data/'],
    ['of a file', () => 'file:///etc/passwd'],
  ])('%s is not fetched, and both are told', async (_, address) => {
    let asked = 0;
    const server = createServer((__, response) => response.end(String(asked++)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const before = bob.timeline.length;
    const id = await alice.sendAddress(whole.inXmpp(), address((server.address() as AddressInfo).port));
    const told = await sees(
      bob,
      'words in its place',
      (seen) => bob.timeline.indexOf(seen) >= before && seen.kind === 'text',
    );
    expect(told.text).toMatch(/^\(file.*; no longer there\)$/);
    await sees(
      alice,
      'what became of it',
      ({ kind, text, target }) =>
        (kind === 'text' || kind === 'error') &&
        (target === id || (text ?? '').includes(RESULTS['107'].subscriber.en)),
    );
    expect(asked).toBe(0);
    server.close();
  });
});

describe('how long attachments are kept', () => {
  test('an attachment is deleted after it was delivered to all; an attachment with a link stays', async () => {
    const linked = await linkTo(attachments.file(1, 'linked.bin'));
    const picture = await attachments.picture();
    const names = async () => (await store.objects()).map(({ place }) => `${place.network} ${place.object}`);
    const others = new Set(await names());
    const before = bob.timeline.length;
    await alice.sendFile(whole.inXmpp(), picture);
    await sees(bob, 'the picture', (seen) => bob.timeline.indexOf(seen) >= before && seen.kind === 'media');
    await until('the picture to be swept away', async () =>
      (await names()).every((name) => others.has(name)),
    );
    expect((await fetchBytes(linked)).length).toBe(1024 * 1024);
    expect(await names()).not.toEqual([]);
  });
});
