/**
 * The power goes right after thousands of messages were accepted. The hub, its bus and its database start again on what
 * the disk held: every accepted message is delivered once, and in order. The networks themselves stay up.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { freePort, type Child } from '#engines';
import { signed } from '../apps/adapter-open/simulator/index.js';
import { amount } from './support/amounts.js';
import { until } from './support/hub-fixture.js';
import { Disk, playOrSkip, processTree } from './support/power-cut.js';
import { prosodyOrSkip, startProsody } from './support/prosody.js';
import { StandaloneFixture } from './support/standalone-fixture.js';
import { XmppPhone } from '../apps/adapter-xmpp/phone/xmpp.phone.js';

const { play } = playOrSkip();
const prosodyPaths = await prosodyOrSkip();

/** A multiple of `PEOPLE`. */
const EACH_WAY = amount({ test: 100, torture: 2000 });
const PEOPLE = 10;
const BATCH = Math.min(100, EACH_WAY / PEOPLE);

interface OpenEvent {
  kind: string;
  id: string;
  to: string;
  text?: string;
}

/** A network on the open interface, on a machine of its own. An event that it has seen before is answered with 94. */
class FarNetwork {
  readonly texts = new Map<string, string[]>();
  private readonly seen = new Set<string>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<FarNetwork> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { event } = JSON.parse(Buffer.concat(parts).toString()) as { event?: OpenEvent };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(event ? far.take(event) : {}));
      });
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const far = new FarNetwork(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/hub`);
    return far;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  get count(): number {
    return [...this.texts.values()].reduce((sum, { length }) => sum + length, 0);
  }

  private take({ kind, id, to, text = '' }: OpenEvent): object {
    if (kind !== 'message') return {};
    if (this.seen.has(id)) return { code: '94' };
    this.seen.add(id);
    this.texts.set(to, [...(this.texts.get(to) ?? []), text]);
    return {};
  }
}

(prosodyPaths ? describe : describe.skip)(`${EACH_WAY} messages each way, then the power goes`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-power-'));
  let disk: Disk;
  let server: Child;
  let far: FarNetwork;
  let whole: StandaloneFixture;
  let alice: XmppPhone;

  /** Settings of the hub: alice's server and the far network are elsewhere. */
  async function networks(root: string): Promise<NodeJS.ProcessEnv> {
    const running = await startProsody(
      {
        root,
        folder: join(folder, 'prosody'),
        domain: 'own.example',
        components: ['sandbox.hub.own.example'],
        secret: 'own-secret',
        plugins: join(process.cwd(), 'docker', 'prosody'),
      },
      { alice: 'alicepw' },
    );
    server = running.server;
    far = await FarNetwork.open();
    return {
      XMPP_URL: `xmpp://127.0.0.1:${running.c2sPort}/own.example?component=${running.componentPort}`,
      XMPP_COMPONENT_SECRET: 'own-secret',
      XMPP_COMPONENT_DOMAIN: 'hub.own.example',
      XMPP_ACCOUNTS: 'alice:alicepw',
      OPEN_WEBHOOK_URL: far.url,
    };
  }

  afterAll(async () => {
    await alice?.hangUp();
    await whole?.close();
    far?.close();
    await server?.stop();
    disk?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns once all of the batch is accepted */
  async function submit(person: number, from: number): Promise<void> {
    const { url, key } = whole.file.networks.sandbox;
    const path = '/open/v1/events';
    const events = Array.from({ length: BATCH }, (_, n) => ({
      kind: 'message',
      id: `cut-${person}-${from + n}`,
      from: { id: `far${person}` },
      to: 'im:alice%40own.example@xmpp',
      text: `far${person} ${from + n}`,
    }));
    const body = JSON.stringify({ events });
    let verdicts: { accepted: boolean }[] | undefined;
    await until('verdicts', async () => {
      const headers = { ...signed(key, 'POST', path, body), 'content-type': 'application/json' };
      const answer = await fetch(url + path, { method: 'POST', headers, body });
      ({ verdicts } = (await answer.json()) as { verdicts?: { accepted: boolean }[] });
      // While it starts, the adapter refuses what was signed before.
      return verdicts !== undefined;
    });
    expect(verdicts?.filter(({ accepted }) => accepted)).toHaveLength(BATCH);
  }

  function busConnection(): Promise<NatsConnection> {
    const { url, credsFile } = whole.file.nats;
    return connect({ servers: url, authenticator: credsAuthenticator(readFileSync(credsFile)) });
  }

  /** Until the stream holds all messages of both networks. */
  async function allAccepted(nc: NatsConnection): Promise<void> {
    const jsm = await jetstreamManager(nc, { timeout: 60_000 });
    await until('all to be accepted', async () => {
      const counts = await Promise.all(
        ['sandbox', 'xmpp'].map(async (network) => {
          const info = await jsm.streams.info(`IN_${network}`, { subjects_filter: `hub.in.${network}.*` });
          return Object.values(info.state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
        }),
      );
      return counts.every((count) => count >= EACH_WAY);
    });
  }

  const heard = () =>
    alice.timeline.flatMap(({ kind, text }) =>
      kind === 'text' && /^far\d+ \d+$/.test(text ?? '') ? [text ?? ''] : [],
    );

  play(
    'all that was accepted is delivered once, in order',
    async () => {
      disk = Disk.open();
      const env = await networks(prosodyPaths?.root ?? '');
      whole = await StandaloneFixture.open(['xmpp', 'sandbox'], env, join(disk.path, 'data'));
      const bus = await busConnection();
      alice = await whole.xmppPhone();
      const perPerson = EACH_WAY / PEOPLE;
      const everybody = Array.from({ length: PEOPLE }, (_, person) => person);
      const writing = (async () => {
        for (let n = 0; n < perPerson; n++)
          for (const person of everybody)
            await alice.write(`far${person}@sandbox.hub.own.example`, `alice ${n}`);
      })();
      for (let from = 0; from < perPerson; from += BATCH)
        await Promise.all(everybody.map((person) => submit(person, from)));
      await writing;
      await allAccepted(bus);
      await bus.close();
      const before = { alice: heard().length, far: far.count };

      await disk.cut(processTree(whole.pid));
      process.stderr.write(
        `power cut after ${EACH_WAY} accepted each way, ${before.alice} and ${before.far} delivered\n`,
      );
      await whole.start();

      await until('the rest', () => heard().length >= EACH_WAY && far.count >= EACH_WAY);
      for (const person of everybody) {
        const numbers = Array.from({ length: perPerson }, (_, n) => n);
        expect(heard().filter((text) => text.startsWith(`far${person} `))).toEqual(
          numbers.map((n) => `far${person} ${n}`),
        );
        expect(far.texts.get(`far${person}`)).toEqual(numbers.map((n) => `alice ${n}`));
      }
      expect([heard().length, far.count]).toEqual([EACH_WAY, EACH_WAY]);
    },
    amount({ test: 120_000, torture: 600_000 }),
  );
});
