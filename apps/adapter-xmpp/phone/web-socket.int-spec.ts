/** A client that speaks XMPP through a WebSocket (RFC 7395), on a real Prosody, with somebody who is connected by TCP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sees } from '#phones';
import { freePort, prosodyOrSkip, startProsody, type RunningProsody } from '../../../test/support/prosody.js';
import { webSocketAddress } from '../src/web-socket.js';
import { XmppPhone } from './xmpp.phone.js';

const paths = await prosodyOrSkip();
const [ALICE, BOB] = ['alice@localhost', 'bob@localhost'];

(paths ? describe : describe.skip)('XMPP through a WebSocket', () => {
  let folder: string;
  let running: RunningProsody;
  let alice: XmppPhone;
  let bob: XmppPhone;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hutong-websocket-'));
    const upload = { port: await freePort(), maxMb: 1 };
    const options = { root: paths?.root ?? '', folder, domain: 'localhost', secret: 'secret', upload };
    running = await startProsody(
      { ...options, components: ['matrix.hub.localhost'] },
      { alice: 'alicepw', bob: 'bobpw' },
    );
    // Nobody listens on this port: whoever connects does so through the WebSocket.
    const server = { host: '127.0.0.1', port: await freePort(), domain: 'localhost' };
    const webSocket = webSocketAddress('localhost', upload.port);
    alice = await XmppPhone.dial({ ...server, webSocket, user: 'alice', password: 'alicepw' });
    bob = await XmppPhone.dial({ ...server, port: running.c2sPort, user: 'bob', password: 'bobpw' });
  });
  afterAll(async () => {
    await alice?.hangUp();
    await bob?.hangUp();
    await running?.server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('texts and their receipts go both ways', async () => {
    await alice.write(BOB, '<b>from</b> a WebSocket & back');
    await sees(bob, 'her text', ({ text }) => text === '<b>from</b> a WebSocket & back');
    const answer = await bob.write(ALICE, 'from TCP');
    const seen = await sees(alice, 'his text', ({ text }) => text === 'from TCP');
    await alice.markRead(BOB, seen.id);
    await sees(bob, 'that she read it', ({ kind, target }) => kind === 'read' && target === answer);
  });

  test('whoever watches a phone is told of what it shows', async () => {
    const told = new Promise<void>((resolve) => {
      alice.onSeen(() => {
        if (alice.timeline.at(-1)?.text === 'watched') resolve();
      });
    });
    await bob.write(ALICE, 'watched');
    await told;
  });

  test('the upload service still has the port', async () => {
    const path = join(folder, 'note.txt');
    writeFileSync(path, 'a file');
    await alice.sendFile(BOB, { path, name: 'note.txt', type: 'text/plain', kind: 'file' });
    const file = await sees(bob, 'the file', ({ kind }) => kind === 'media');
    expect((await bob.fetch(file)).toString()).toBe('a file');
    await expect(bob.fetch(file, 3)).rejects.toThrow('larger than');
  });
});
