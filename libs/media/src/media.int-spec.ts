/** Real files, a real ffmpeg, a real HTTP server: what a file is, what becomes of it, and where it may come from. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFfmpeg, required } from '#engines';
import type { MediaRule } from '#protocol';
import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { encode } from 'silk-wasm';
import { Converter } from './converter.js';
import { isPublic } from '#service/public-address';
import { Downloader } from './download.js';
import { inspect } from './inspect.js';
import { MediaFile } from './media-file.js';
import { Scratch } from './scratch.js';
import { MediaTools } from './tools.js';

let folder: string;
let scratch: Scratch;
let tools: MediaTools;
let converter: Converter;
let ffmpeg: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-media-'));
  scratch = Scratch.open(join(folder, 'scratch'));
  const found = required('ffmpeg', await findFfmpeg(() => undefined)).paths;
  ffmpeg = found.ffmpeg;
  tools = (await MediaTools.find({ FFMPEG: found.ffmpeg, FFPROBE: found.ffprobe })) as MediaTools;
  converter = new Converter(scratch, tools);
});
afterAll(async () => {
  await converter?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function file(content: Buffer, filename?: string): Promise<MediaFile> {
  const { path, size, sha256 } = await scratch.receive([content] as unknown as AsyncIterable<Buffer>, 1e9);
  return new MediaFile(path, { ...(await inspect(path, size, tools)), size, sha256, filename });
}

/** So many seconds of a tone, in some form. */
async function tone(seconds: number, ...args: string[]): Promise<MediaFile> {
  const path = join(folder, `tone-${Math.random()}`);
  execFileSync(ffmpeg, [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    `sine=f=440:d=${seconds}`,
    '-ac',
    '1',
    ...args,
    path,
  ]);
  const { size } = statSync(path);
  return new MediaFile(path, { ...(await inspect(path, size, tools)), size, sha256: '' });
}

const AMR = ['-ar', '8000', '-c:a', 'libopencore_amrnb', '-f', 'amr'];

describe('the type of a file', () => {
  test.each([
    [
      'a picture that says it is a text',
      () =>
        sharp({ create: { width: 3, height: 2, channels: 3, background: 'red' } })
          .png()
          .toBuffer(),
      'image/png',
    ],
    [
      'SVG',
      () => Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      'application/octet-stream',
    ],
    ['HTML', () => Buffer.from('<!DOCTYPE html><script>alert(1)</script>'), 'application/octet-stream'],
    [
      'HTML after a while of text',
      () => Buffer.from(`${'a '.repeat(100)}<script>alert(1)</script>`),
      'application/octet-stream',
    ],
    ['a vCard', () => Buffer.from('BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Li Lei\r\nEND:VCARD'), 'text/vcard'],
    ['a text', () => Buffer.from('你好, nothing more'), 'text/plain'],
    ['a PDF that is HTML too', () => Buffer.from('%PDF-1.7\n<script>alert(1)</script>'), 'application/pdf'],
    ['a GIF that is a script too', () => Buffer.from('GIF89a=1;alert(1)//\0\0\0'), 'image/gif'],
    [
      'a playlist that names a file',
      () => Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n'),
      'text/plain',
    ],
    ['nothing', () => Buffer.alloc(0), 'application/octet-stream'],
    ['noise', () => Buffer.from([0, 255, 1, 254, 0, 0, 7, 9]), 'application/octet-stream'],
  ])('%s', async (_, content, type) => {
    await using it = await file(Buffer.from(await content()), 'innocent.txt');
    expect(it.contentType).toBe(type);
  });

  test('a picture has a size, upright', async () => {
    const wide = sharp({ create: { width: 40, height: 20, channels: 3, background: 'red' } });
    await using it = await file(
      await wide
        .withExif({ IFD0: { Orientation: '6' } })
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer(),
    );
    expect(it.facts.meta).toEqual({ width: 20, height: 40 });
  });

  test('a recording has a duration', async () => {
    await using it = await tone(3, ...AMR);
    expect(it.contentType).toBe('audio/amr');
    expect(Math.abs((it.facts.meta.durationMs ?? 0) - 3000)).toBeLessThan(200);
  });
});

describe('a voice note', () => {
  const rules: Record<string, MediaRule> = {
    'Ogg/Opus': { types: ['audio/ogg'] },
    AMR: { types: ['audio/amr'], maxBytes: 2 * 1024 * 1024, maxMs: 60_000 },
    MP3: { types: ['audio/mpeg'] },
    M4A: { types: ['audio/mp4'] },
    SILK: { types: ['audio/silk'] },
  };
  const sources: Record<string, () => Promise<MediaFile>> = {
    AMR: () => tone(3, ...AMR),
    'Ogg/Opus': () => tone(3, '-c:a', 'libopus', '-f', 'ogg'),
    MP3: () => tone(3, '-c:a', 'libmp3lame', '-f', 'mp3'),
    M4A: () => tone(3, '-c:a', 'aac', '-f', 'ipod'),
    SILK: async () => {
      const samples = join(folder, `raw-${Math.random()}`);
      execFileSync(ffmpeg, [
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'sine=f=440:d=3',
        '-f',
        's16le',
        '-ar',
        '24000',
        '-ac',
        '1',
        samples,
      ]);
      return file(Buffer.from((await encode(readFileSync(samples), 24_000)).data));
    },
  };
  const pairs = Object.keys(sources).flatMap((from) => Object.keys(rules).map((to) => [from, to] as const));

  test.each(pairs)('%s becomes %s and lasts as long', async (from, to) => {
    await using source = (await sources[from]?.()) as MediaFile;
    await using made = await converter.voice(source, rules[to] as MediaRule);
    expect(made.contentType).toBe(rules[to]?.types?.[0]);
    expect(Math.abs((made.facts.meta.durationMs ?? 0) - 3000)).toBeLessThan(250);
  });

  test('a file that is no recording is refused without a hang', async () => {
    await using broken = await file(Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(4000, 0xff)]));
    await expect(converter.voice(broken, { types: ['audio/ogg'] })).rejects.toMatchObject({
      name: 'HubError',
    });
    await using silk = await file(Buffer.concat([Buffer.from('#!SILK_V3'), Buffer.alloc(100, 0xee)]));
    await expect(converter.voice(silk, { types: ['audio/ogg'] })).rejects.toMatchObject({ name: 'HubError' });
  });

  test('a playlist makes ffmpeg open nothing', async () => {
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'secret');
    const list = new MediaFile(join(folder, 'list'), {
      contentType: 'audio/mpeg',
      size: 1,
      sha256: '',
      meta: {},
    });
    writeFileSync(list.path, `#EXTM3U\n#EXTINF:1,\nfile://${secret}\n`);
    await expect(converter.voice(list, { types: ['audio/ogg'] })).rejects.toMatchObject({ code: '106' });
  });
});

describe('a picture', () => {
  test('is made small enough, and stands upright', async () => {
    const noise = sharp({
      create: {
        width: 1500,
        height: 1000,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    });
    await using big = await file(
      await noise.withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer(),
    );
    await using made = await converter.picture(big, { types: ['image/jpeg'], maxBytes: 200_000 });
    expect(made.size).toBeLessThanOrEqual(200_000);
    expect(made.facts.meta.height).toBeGreaterThan(made.facts.meta.width ?? 0);
  });

  test('of another form is turned into one that is taken', async () => {
    await using webp = await file(
      await sharp({ create: { width: 30, height: 20, channels: 4, background: 'red' } })
        .webp()
        .toBuffer(),
    );
    await using made = await converter.picture(webp, { types: ['image/jpeg', 'image/png'] });
    expect(made.contentType).toBe('image/jpeg');
  });

  test('that is a bomb is not unpacked', async () => {
    const bomb = await sharp({
      create: { width: 16_000, height: 16_000, channels: 3, background: 'red' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(5_000_000);
    await using it = await file(bomb);
    const before = process.memoryUsage().rss;
    await expect(converter.picture(it, { types: ['image/jpeg'], maxBytes: 1000 })).rejects.toMatchObject({
      code: '106',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });
});

describe('where a file may come from', () => {
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close().closeAllConnections()));

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  async function fetched(downloader: Downloader, url: string): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await downloader.open(url, AbortSignal.timeout(5000))) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }
  const refused = { code: '107' };

  test('from a declared host inside, and from no other', async () => {
    const mine = await serve((_, response) => response.end('mine'));
    const other = await serve((_, response) => response.end('not for you'));
    const downloader = new Downloader({ MEDIA_HOSTS: [], MEDIA_PRIVATE_HOSTS: [mine] });
    expect(await fetched(downloader, `http://${mine}/a`)).toBe('mine');
    await expect(fetched(downloader, `http://${other}/a`)).rejects.toMatchObject(refused);
    await expect(fetched(downloader, `http://user:pass@${mine}/a`)).rejects.toMatchObject(refused);
    await expect(fetched(downloader, 'file:///etc/passwd')).rejects.toMatchObject(refused);
  });

  test('a declared host whose name leads inside is refused after resolution', async () => {
    const mine = await serve((_, response) => response.end('metadata'));
    const port = mine.split(':')[1] ?? '';
    const downloader = new Downloader({ MEDIA_HOSTS: [`localhost:${port}`, mine], MEDIA_PRIVATE_HOSTS: [] });
    await expect(fetched(downloader, `http://localhost:${port}/`)).rejects.toMatchObject(refused);
    await expect(fetched(downloader, `http://${mine}/`)).rejects.toMatchObject(refused);
  });

  test('a redirect is judged as the first address was', async () => {
    const other = await serve((_, response) => response.end('not for you'));
    const mine = await serve((_, response) =>
      response.writeHead(302, { location: `http://${other}/` }).end(),
    );
    const round: string = await serve((_, response) =>
      response.writeHead(302, { location: `http://${round}/again` }).end(),
    );
    const downloader = new Downloader({ MEDIA_HOSTS: [], MEDIA_PRIVATE_HOSTS: [mine, round] });
    await expect(fetched(downloader, `http://${mine}/`)).rejects.toMatchObject(refused);
    await expect(fetched(downloader, `http://${round}/`)).rejects.toMatchObject(refused);
  });

  test('gone is final; a fault is worth another try', async () => {
    const status = { is: 404 };
    const mine = await serve((_, response) => response.writeHead(status.is).end());
    const downloader = new Downloader({ MEDIA_HOSTS: [], MEDIA_PRIVATE_HOSTS: [mine] });
    await expect(fetched(downloader, `http://${mine}/`)).rejects.toMatchObject(refused);
    status.is = 503;
    await expect(fetched(downloader, `http://${mine}/`)).rejects.toMatchObject({ code: '91' });
  });

  test.each([
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '127.0.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '224.0.0.1',
    '::1',
    'fe80::1',
    'fc00::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    'ff02::1',
    '::',
    '255.255.255.255',
    'nonsense',
  ])('%s is nobody’s public address', (address) => expect(isPublic(address)).toBe(false));
  test.each(['1.1.1.1', '2606:4700:4700::1111'])('%s is one', (address) =>
    expect(isPublic(address)).toBe(true),
  );

  test('more than is allowed is cut off while it comes', async () => {
    const endless = await serve((_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const downloader = new Downloader({ MEDIA_HOSTS: [], MEDIA_PRIVATE_HOSTS: [endless] });
    const stream = await downloader.open(`http://${endless}/`, AbortSignal.timeout(5000));
    await expect(scratch.receive(stream, 1_000_000)).rejects.toMatchObject({ code: '105' });
  });
});
