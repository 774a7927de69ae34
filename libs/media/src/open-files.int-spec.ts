/** Open descriptors of this process before and after a file is read, uploaded or fetched, to its end or not. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fileContent, fileHash, sleep } from '#service';
import { Downloader } from './download.js';
import { MediaFile } from './media-file.js';
import { Scratch } from './scratch.js';

const ROUNDS = 25;
let folder: string;
let path: string;
let scratch: Scratch;
const servers: Server[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-open-'));
  path = join(folder, 'file');
  writeFileSync(path, Buffer.alloc(1_000_000, 7));
  scratch = Scratch.open(join(folder, 'scratch'));
});
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const descriptors = () => readdirSync('/proc/self/fd').length;
const file = () => new MediaFile(path, { contentType: 'video/mp4', size: 1_000_000, sha256: '', meta: {} });

/** Whatever becomes of it. */
async function attempt(work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => expect(error).toHaveProperty('message'));
}

async function readWhole(content: AsyncIterable<Uint8Array>): Promise<void> {
  await scratch.receive(content, Infinity).then(({ path: made }) => rmSync(made));
}

const uses: Record<string, () => Promise<unknown>> = {
  'read to its end': () => readWhole(fileContent(path)),
  'asked for and never read': async () => void file().content(),
  'read in part': async () => {
    for await (const chunk of file().content()) if (chunk.length > 0) break;
  },
  'read by somebody who fails': () => scratch.receive(file().content(), 100),
  'gone before it is read': () => readWhole(fileContent(join(folder, 'never-was'))),
  'a folder': () => readWhole(fileContent(folder)),
  hashed: () => fileHash(path, 'md5'),
};

const uploads: Record<string, [RequestListener, number?]> = {
  taken: [(request, response) => request.resume().on('end', () => response.end())],
  // The client may see the refusal only at its time limit, because nothing takes the rest of the body.
  'refused before it is read': [(_, response) => response.writeHead(413).end(), 200],
  'broken off by the other side': [(request) => request.once('data', () => request.socket.destroy())],
  'not answered in time': [(request) => void request.pause(), 50],
};

const downloads: Record<string, [RequestListener, number?]> = {
  whole: [(_, response) => response.end(Buffer.alloc(500_000))],
  gone: [(_, response) => response.writeHead(404).end('no')],
  'broken off by the other side': [
    (_, response) => response.write(Buffer.alloc(70_000), () => response.destroy()),
  ],
  'not continued in time': [(_, response) => response.write('a beginning'), 50],
};

async function flatAfter(work: () => Promise<unknown>, settle: () => Promise<void>): Promise<void> {
  await attempt(work);
  await settle();
  const before = descriptors();
  for (let round = 0; round < ROUNDS; round++) await attempt(work);
  await settle();
  // fetch holds the socket of a refused upload until its request is collected; a test that only waits collects nothing.
  while (descriptors() > before + 1) {
    collectGarbage();
    await sleep(20);
  }
  expect(descriptors()).toBeLessThanOrEqual(before + 1);
}

describe('a file holds no descriptor longer than it is read', () => {
  test.each(Object.entries(uses))('%s', (_, use) => flatAfter(use, () => Promise.resolve()));
});

describe('an upload', () => {
  test.each(Object.entries(uploads))('%s', async (_, [listener, timeoutMs = 5000]) => {
    const host = await serve(listener);
    await flatAfter(
      async () => {
        const signal = AbortSignal.timeout(timeoutMs);
        const answer = await fetch(`http://${host}/`, { method: 'POST', body: await file().blob(), signal });
        await answer.arrayBuffer();
      },
      async () => servers.at(-1)?.closeAllConnections(),
    );
  });
});

describe('a download', () => {
  test.each(Object.entries(downloads))('%s', async (_, [listener, timeoutMs = 5000]) => {
    const host = await serve(listener);
    const downloader = new Downloader({ MEDIA_HOSTS: [], MEDIA_PRIVATE_HOSTS: [host] });
    await flatAfter(
      async () => readWhole(await downloader.open(`http://${host}/file`, AbortSignal.timeout(timeoutMs))),
      async () => servers.at(-1)?.closeAllConnections(),
    );
    await downloader.close();
  });
});
