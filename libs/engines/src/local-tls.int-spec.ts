/** The certificate of the local servers: ordinary clients log in with STARTTLS and with direct TLS once they trust its authority. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { prosodyOrSkip, startProsody } from '../../../test/support/prosody.js';
import { localTls, type LocalTls } from './local-tls.js';
import { freePort } from './ports.js';

const prosodyPaths = await prosodyOrSkip();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-tls-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const contentOf = (tls: LocalTls) =>
  [tls.authorityFile, tls.certificateFile, tls.keyFile].map((file) => readFileSync(file, 'utf8'));

test('is made once, for the names that are asked for, and its key is for the owner alone', async () => {
  const first = await localTls(folder, ['localhost', '127.0.0.1']);
  const before = contentOf(first);
  expect(statSync(first.keyFile).mode & 0o777).toBe(0o600);
  expect(contentOf(await localTls(folder, ['localhost', '127.0.0.1']))).toEqual(before);
  expect(contentOf(await localTls(folder, ['localhost', 'upload.localhost']))).not.toEqual(before);
});

const STREAM = `<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;
const PLAIN = Buffer.from('\0alice\0alicepw').toString('base64');

/** Writes, and reads until what comes holds the word. */
async function say(socket: Socket, text: string, word: string): Promise<string> {
  let heard = '';
  socket.write(text);
  while (!heard.includes(word))
    heard += String((await once(socket, 'data', { signal: AbortSignal.timeout(20_000) }))[0]);
  return heard;
}

async function logIn(socket: Socket): Promise<string> {
  await say(socket, STREAM, 'PLAIN');
  return say(
    socket,
    `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${PLAIN}</auth>`,
    '<success',
  );
}

(prosodyPaths ? test : test.skip)(
  'lets clients into a real Prosody that trust its authority, and no others',
  async () => {
    const { authorityFile, ...certificate } = await localTls(join(folder, 'tls'), ['localhost']);
    const ca = readFileSync(authorityFile);
    const port = await freePort();
    const { server, c2sPort } = await startProsody(
      {
        root: prosodyPaths?.root ?? '',
        folder: join(folder, 'prosody'),
        domain: 'localhost',
        components: ['matrix.hub.localhost'],
        secret: 'secret',
        tls: { ...certificate, port },
      },
      { alice: 'alicepw' },
    );

    const direct = connectTls({
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      ca,
      ALPNProtocols: ['xmpp-client'],
    });
    await once(direct, 'secureConnect');
    expect(direct.authorized).toBe(true);
    expect(await logIn(direct)).toContain('<success');

    const plain = connect(c2sPort, '127.0.0.1');
    await say(plain, STREAM, '<starttls');
    await say(plain, `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`, '<proceed');
    const upgraded = connectTls({ socket: plain, servername: 'localhost', ca });
    await once(upgraded, 'secureConnect');
    expect(upgraded.authorized).toBe(true);
    expect(await logIn(upgraded)).toContain('<success');

    const earlier = await localTls(join(folder, 'earlier'), ['localhost']);
    const stranger = connectTls({
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      ca: readFileSync(earlier.authorityFile),
    });
    const [refused] = (await once(stranger, 'error')) as [Error];
    expect(refused.message).toMatch(/self-signed|unable to verify|local issuer/);

    const trustsBoth = connectTls({
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      ca: [readFileSync(earlier.authorityFile), ca],
    });
    await once(trustsBoth, 'secureConnect');
    expect(trustsBoth.authorized).toBe(true);

    for (const socket of [direct, upgraded, stranger, trustsBoth]) socket.destroy();
    await server.stop();
  },
);
