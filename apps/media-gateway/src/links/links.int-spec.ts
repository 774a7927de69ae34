/** Links to attachments as strangers try them, on a gateway with the bus credentials of production. */
import { randomBytes } from 'node:crypto';
import { Bucket, MediaStore } from '#bus';
import { BUCKETS, linkId, linkKey, mediaUrl, network, signLink, type EventId, MediaLink } from '#protocol';
import { HubFixture, quiet } from '../../../../test/support/hub-fixture.js';
import type { RunningApp } from '#hub-process';
import { startMediaGateway } from '../media-gateway.app.js';
import { mediaGatewaySettings } from '../media-gateway.config.js';

const SECRET = 'a key of at least thirty-two characters';
const HOUR_MS = 3600_000;
const CONTENT = randomBytes(700_000);

let hub: HubFixture;
let gateway: RunningApp;
let objects = 0;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.admit('north');
  const settings = mediaGatewaySettings.parse({
    HTTP_PORT: 0,
    NATS_URL: hub.natsUrl,
    NATS_CREDS: hub.credentials('media-gateway', await hub.authority.mediaGatewayCredentials()),
    MEDIA_LINK_KEY: SECRET,
    TRUSTED_PROXIES: '127.0.0.1',
  });
  gateway = await startMediaGateway({
    settings,
    log: quiet,
    onRefusal: (why) => {
      throw why;
    },
  });
});

afterAll(async () => {
  await gateway?.close();
  await hub?.close();
});

const get = (path: string, init?: RequestInit) => fetch(gateway.url + path, init);

/** As the adapter of the sender and the switch store it. @returns its path */
async function linkTo(
  content: Buffer,
  part: Partial<MediaLink['part']> = {},
  until = new Date(Date.now() + HOUR_MS),
): Promise<string> {
  const place = { network: network('north'), object: `${objects++}`.padStart(43, 'A') };
  const key = randomBytes(32);
  await new MediaStore(hub.link).write(place, key, inOne(content));
  const url = mediaUrl(place);
  const id = linkId('event-0000000000000000000' as EventId, url);
  const record = MediaLink.parse({
    part: {
      kind: 'external',
      disposition: 'attachment',
      contentType: 'image/png',
      url,
      size: content.length,
      seal: { alg: 'aes-256-gcm-blocks', key: key.toString('base64url') },
      hash: { alg: 'sha-256', value: randomBytes(32).toString('hex') },
      ...part,
    },
  });
  await new Bucket(hub.link, hub.publisher, BUCKETS.links).put(linkKey(id), record);
  return `/m/${signLink(SECRET, id, until)}`;
}

async function* inOne(content: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(content);
}

describe('a link', () => {
  let path: string;
  beforeAll(async () => {
    path = await linkTo(CONTENT, { filename: 'cat.png' });
  });

  test('gives the whole, and says what it is', async () => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(CONTENT)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(CONTENT.length),
      'content-disposition': "inline; filename*=UTF-8''cat.png",
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'cache-control': 'private, max-age=3600',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test.each([
    ['bytes=0-9', 0, 9],
    ['bytes=262140-262150', 262_140, 262_150],
    ['bytes=-5', CONTENT.length - 5, CONTENT.length - 1],
  ])('gives a part: %s', async (range, from, to) => {
    const answer = await get(path, { headers: { range } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([
      206,
      `bytes ${from}-${to}/${CONTENT.length}`,
    ]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(CONTENT.subarray(from, to + 1))).toBe(true);
  });

  test('has no part beyond its end', async () => {
    expect((await get(path, { headers: { range: 'bytes=9999999-' } })).status).toBe(416);
  });

  test('can be asked for its headers alone', async () => {
    const answer = await get(path, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(CONTENT.length)]);
  });

  test('cannot be guessed, prolonged or moved', async () => {
    const [id = '', end = '', signature = ''] = path.slice('/m/'.length).split('.');
    const later = (parseInt(end, 36) + 3600).toString(36);
    for (const token of [
      `${id}.${later}.${signature}`,
      `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}.${end}.${signature}`,
      `${id}.${end}.${'A'.repeat(22)}`,
      id,
      '..%2f..%2fetc%2fpasswd',
      '%00',
    ])
      expect({ token, status: (await get(`/m/${token}`)).status }).toEqual({ token, status: 404 });
  });

  test('is refused after its time, and when its file is gone', async () => {
    const expired = await linkTo(CONTENT, {}, new Date(Date.now() - 1000));
    expect(await (await get(expired)).json()).toMatchObject({ status: 404, detail: 'the link has expired' });
    const gone = await linkTo(Buffer.from('soon gone'));
    const store = new MediaStore(hub.link);
    for (const object of await store.objects())
      if (object.place.object === `${objects - 1}`.padStart(43, 'A')) await store.remove(object);
    expect(await (await get(gone)).json()).toMatchObject({
      status: 404,
      type: 'urn:hutong:problem:not-found',
      detail: 'the file is no longer there',
    });
  });

  test.each(['image/svg+xml', 'text/html', 'application/pdf', 'application/octet-stream'])(
    'to %s is saved, never shown',
    async (contentType) => {
      const { headers } = await get(await linkTo(Buffer.from('<script>alert(1)</script>'), { contentType }));
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    },
  );

  test('is served through a restart of the bus', async () => {
    await hub.nats.crash();
    const asked = get(path);
    await hub.nats.start();
    const answer = await asked;
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(CONTENT)).toBe(true);
  });
});

describe('every other answer', () => {
  test.each(['/m/no-link', '/healthz/live', '/healthz/ready', '/nothing'])('%s: headers', async (path) => {
    const { headers } = await get(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
  });

  test('HSTS is said over TLS only, which the proxy in front has', async () => {
    const over = async (proto: string) =>
      (await get('/m/no-link', { headers: { 'x-forwarded-proto': proto } })).headers.get(
        'strict-transport-security',
      );
    expect(await over('https')).toBe('max-age=31536000');
    expect(await over('http')).toBeNull();
  });

  test.each(['/v1/networks', '/v1', '/docs', '/docs/openapi.json', '/metrics', '/m', '/m/'])(
    'nothing of the console or of monitoring is here: %s',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ type: 'urn:hutong:problem:not-found' });
    },
  );

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    '%s is answered with the methods that there are',
    async (method) => {
      const answer = await get('/m/no-link', { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    },
  );
});
