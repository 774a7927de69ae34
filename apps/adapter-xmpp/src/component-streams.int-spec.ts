/** Networks that come while the XMPP server runs, on a real Prosody with and without mod_hutong_link. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xml as said } from '@xmpp/client';
import { xml, type Element } from '@xmpp/component';
import { pino } from 'pino';
import { addressOf, network } from '#protocol';
import { until } from '../../../test/support/hub-fixture.js';
import { freePort, prosodyOrSkip, startProsody, type RunningProsody } from '../../../test/support/prosody.js';
import { XmppPhone } from '../phone/xmpp.phone.js';
import { ComponentStreams } from './component-streams.js';
import { NS } from './namespaces.js';
import { xmppSettings } from './xmpp.config.js';
import type { XmppConnection } from './xmpp.connection.js';

const prosodyPaths = await prosodyOrSkip();
const [matrix, acme] = [network('matrix'), network('acme')];

(prosodyPaths ? describe : describe.skip)('a network that is registered later', () => {
  let folder: string;
  let running: RunningProsody;
  let alice: XmppPhone;
  let streams: ComponentStreams;
  let opened: Map<string, XmppConnection>;
  let lines: string[];

  /** The server knows one component from its configuration: matrix. */
  async function start(plugins: string | undefined): Promise<void> {
    folder = mkdtempSync(join(tmpdir(), 'hutong-streams-'));
    running = await startProsody(
      {
        root: prosodyPaths?.root ?? '',
        folder,
        domain: 'localhost',
        components: ['matrix.hub.localhost'],
        secret: 'secret',
        upload: { port: await freePort(), maxMb: 1 },
        ...(plugins ? { plugins } : {}),
      },
      { alice: 'alicepw' },
    );
    const settings = xmppSettings.parse({
      XMPP_COMPONENT_PORT: running.componentPort,
      XMPP_COMPONENT_DOMAIN: 'hub.localhost',
      XMPP_COMPONENT_SECRET: 'secret',
      XMPP_SERVER_DOMAIN: 'localhost',
    });
    lines = [];
    opened = new Map();
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    streams = new ComponentStreams(settings, log, (connection) => {
      opened.set(connection.options.domain, connection);
    });
    streams.serve([matrix]);
    await until('matrix', () => streams.connectivity.connected);
    alice = await dial();
  }

  function dial(): Promise<XmppPhone> {
    const account = { host: '127.0.0.1', port: running.c2sPort, domain: 'localhost' };
    return XmppPhone.dial({ ...account, user: 'alice', password: 'alicepw' });
  }

  afterEach(async () => {
    await alice.hangUp();
    await streams.stop();
    await running.server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('gets a component from the link module, which clients find among the items of their server', async () => {
    await start(join(process.cwd(), 'docker', 'prosody'));
    streams.serve([matrix, acme]);
    await until('acme', () => opened.get('acme.hub.localhost')?.connected === true);
    expect(streams.to(addressOf(acme, 'sue')).options.domain).toBe('acme.hub.localhost');

    const heard: Element[] = [];
    opened.get('acme.hub.localhost')?.on('stanza', (stanza) => void heard.push(stanza));
    await alice.write('sue@acme.hub.localhost', 'hello');
    await until('alice’s text', () => heard.some((stanza) => stanza.getChildText('body') === 'hello'));

    const items = await alice.ask('localhost', said('query', { xmlns: NS.discoItems }));
    const listed = items.getChild('query', NS.discoItems)?.getChildren('item') ?? [];
    expect(listed.map(({ attrs }) => attrs['jid'])).toEqual(
      expect.arrayContaining(['matrix.hub.localhost', 'acme.hub.localhost']),
    );
  });

  test('is not listed if people are not shown its network', async () => {
    await start(join(process.cwd(), 'docker', 'prosody'));
    const hidden = ['sandbox', 'certify', 'tel'].map((slug) => network(slug));
    streams.serve([matrix, acme, ...hidden]);
    const connections = hidden.map((peer) => opened.get(`${peer}.hub.localhost`));
    await until('all', () => [...streams.all()].every(({ connected }) => connected));
    for (const connection of connections) {
      expect(await connection?.holdsBackDuplicates()).toBe(true);
      // Asked on the same stream: the server has read before what the adapter said there when it connected.
      const items = await connection?.ask('localhost', xml('query', { xmlns: NS.discoItems }));
      const listed = items?.getChild('query', NS.discoItems)?.getChildren('item') ?? [];
      const jids = listed.map(({ attrs }) => attrs['jid'] ?? '');
      expect(jids).toEqual(expect.arrayContaining(['matrix.hub.localhost', 'acme.hub.localhost']));
      expect(jids).not.toContain(connection?.options.domain);
    }
  });

  test('may upload files where the other components may', async () => {
    await start(join(process.cwd(), 'docker', 'prosody'));
    streams.serve([matrix, acme]);
    await until('acme', () => opened.get('acme.hub.localhost')?.connected === true);
    const request = { xmlns: NS.upload, filename: 'a.txt', size: '3', 'content-type': 'text/plain' };
    const slot = await opened.get('acme.hub.localhost')?.ask('upload.localhost', xml('request', request));
    expect(slot?.getChild('slot', NS.upload)?.getChild('put')).toBeDefined();
  });

  test('is no host outside of the domain that the components share', async () => {
    await start(join(process.cwd(), 'docker', 'prosody'));
    const connection = streams.to(addressOf(matrix, 'bob'));
    await connection.holdsBackDuplicates();
    for (const domain of ['localhost', 'evil.localhost', 'a.b.hub.localhost', 'hub.localhost', ''])
      await expect(
        connection.ask(connection.options.domain, xml('serve', { xmlns: NS.link, domain }), { type: 'set' }),
      ).rejects.toMatchObject({ code: '40' });
  });

  test('without the link module is refused at once, with the reason, and logged once', async () => {
    await start(undefined);
    streams.serve([matrix, acme]);
    const connection = opened.get('acme.hub.localhost');
    let attempts = 0;
    connection?.on('refused', () => attempts++);
    await until('three refusals', () => attempts >= 3);
    expect(() => streams.to(addressOf(acme, 'sue'))).toThrow(
      expect.objectContaining({
        code: '92',
        detail: expect.stringContaining('host-unknown') as string,
      }) as Error,
    );
    expect(lines.filter((line) => line.includes('acme') && line.includes('host-unknown'))).toHaveLength(1);
    // Whatever else a broken stream says (EPIPE, ECONNRESET) is said once as well.
    expect(new Set(lines.map((line) => line.replace(/"time":\d+/, '')))).toHaveProperty('size', lines.length);
  });

  test('an id that a client uses again in a new stream is distinguished by the stream', async () => {
    await start(join(process.cwd(), 'docker', 'prosody'));
    const heard: Element[] = [];
    opened.get('matrix.hub.localhost')?.on('stanza', (stanza) => void heard.push(stanza));
    const say = (text: string) =>
      alice.raw(
        said('message', { to: 'bob@matrix.hub.localhost', type: 'chat', id: '1' }, said('body', {}, text)),
      );
    const streamOf = (text: string) =>
      heard.find((stanza) => stanza.getChildText('body') === text)?.getChild('session', NS.link)?.attrs['id'];
    await say('first');
    await say('second');
    await until('both', () => streamOf('second') !== undefined);
    await alice.hangUp();
    alice = await dial();
    await say('third');
    await until('the third', () => streamOf('third') !== undefined);
    expect(streamOf('first')).toBe(streamOf('second'));
    expect(streamOf('third')).not.toBe(streamOf('first'));
  });
});
