/** Two processes of the adapter of a bot account share its conversations, and both take its webhooks. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMissing, partitionConsumers } from '#bus';
import type { TestNetwork } from '#adapter-contract';
import { network } from '#protocol';
import { HubFixture, until, type App } from '../../../test/support/hub-fixture.js';
import { serveSharedSignOn } from '../../../test/support/shared-sign-on.js';
import { tapHttp, type Tap } from '../../../test/support/wire-tap.js';
import { ACCOUNT_ID, LineSimulator, userIdOf, type LinePerson } from '../simulator/index.js';

const secrets = { channelSecret: 'channel-secret', channelToken: 'channel-token' };
const writers = Array.from({ length: 16 }, (_, n) => `writer${n}`);

let hub: HubFixture;
let far: TestNetwork;
let line: LineSimulator;
let aoi: LinePerson;
let creds: string;
let webhooks: { server: Server; url: string; to: string[] };
const taps: Tap[] = [];
const processes: App[] = [];

/** Gives the webhooks to the processes in turn, as a proxy does; a process that is gone answers nothing. */
async function openProxy(): Promise<typeof webhooks> {
  let turn = 0;
  const to: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const signature = String(request.headers['x-line-signature']);
      const answered = await fetch(`${to[turn++ % to.length]}/webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-line-signature': signature },
        body: Buffer.concat(chunks),
      }).catch(() => ({ status: 502 }));
      response.writeHead(answered.status).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`, to };
}

async function startProcess(name: string): Promise<void> {
  const tap = await tapHttp(line.url);
  taps.push(tap);
  const app = await hub.app(name, 'dist/apps/adapter-line/src/main.js', {
    NATS_CREDS: creds,
    ADAPTER_PROCESSES: 'several',
    LINE_API_URL: tap.url,
    LINE_DATA_URL: tap.url,
    LINE_CHANNEL_SECRET: secrets.channelSecret,
    LINE_CHANNEL_TOKEN: secrets.channelToken,
  });
  processes.push(app);
  webhooks.to.push(app.url);
}

const pushes = (tap: Tap | undefined) => tap?.sent.filter((call) => call.line.includes('/push')).length ?? 0;
const writeAll = (text: string) => {
  for (const from of writers) far.act({ kind: 'message', from, to: `${aoi.native}@line`, text });
};
const shown = (text: string) => aoi.timeline.filter((seen) => seen.text?.endsWith(`] ${text}`));
const numberOf = (seen: { text?: string }) => Number(/^\[(\d+) /.exec(seen.text ?? '')?.[1]);
const writerOf = (seen: { text?: string }) => /writer\d+/.exec(seen.text ?? '')?.[0] ?? '';

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  await serveSharedSignOn(hub, ['far', 'line']);
  far = await hub.testNetwork('far');
  line = await LineSimulator.open({ ...secrets, retryMs: 200 });
  aoi = line.person(userIdOf('aoi'));
  webhooks = await openProxy();
  creds = await hub.admit('line');
  if (hub.link.session) await createMissing(hub.link.session, partitionConsumers(network('line')));
  await startProcess('first');
  await startProcess('second');
  await line.connect(webhooks.url);
});

afterAll(async () => {
  await line?.close();
  await hub?.close();
  await far?.close();
  for (const tap of taps) await tap.stop();
  webhooks?.server.closeAllConnections();
  webhooks?.server.close();
});

test('friends who write through both processes at once have a number each', async () => {
  let rounds = 0;
  await until('both processes to deliver', () => {
    if (shown(`round ${rounds}`).length < (rounds === 0 ? 0 : writers.length)) return false;
    if (taps.every((tap) => pushes(tap) > 0)) return true;
    writeAll(`round ${++rounds}`);
    return false;
  });
  await until('the last round', () => shown(`round ${rounds}`).length === writers.length);
  const numbers = new Map(shown(`round ${rounds}`).map((seen) => [writerOf(seen), numberOf(seen)]));
  expect(new Set(numbers.values())).toEqual(new Set(writers.map((_, n) => n + 1)));
  for (const seen of shown('round 1')) expect(numbers.get(writerOf(seen))).toBe(numberOf(seen));
});

test('her lines reach whom she names, once, whichever process takes them, also if LINE repeats one to the other process', async () => {
  for (const [n, writer] of writers.entries()) {
    if (n % 3 === 0) line.faults.duplicate();
    await aoi.act({ do: 'write', to: ACCOUNT_ID, text: `@${writer}@far for ${writer}` });
    await line.idle();
  }
  await aoi.act({ do: 'write', to: ACCOUNT_ID, text: 'to the last one' });
  const heard = (writer: string) => far.inbox(writer).filter(({ kind }) => kind === 'message');
  await until('the last line', () => heard(writers.at(-1) ?? '').length === 2);
  for (const writer of writers) expect(heard(writer)[0]?.text).toBe(`for ${writer}`);
  expect(writers.map((writer) => heard(writer).length)).toEqual(writers.map((_, n) => (n === 15 ? 2 : 1)));
});

test('a process is killed while friends write and she answers: nothing is lost, doubled or out of order', async () => {
  const before = aoi.timeline.length;
  for (let n = 0; n < 3; n++) writeAll(`before ${n}`);
  const killed = processes[1]?.child.crash();
  for (let n = 0; n < 3; n++) writeAll(`after ${n}`);
  await killed;
  await aoi.act({ do: 'write', to: ACCOUNT_ID, text: 'still there?' });
  const expected = ['before 0', 'before 1', 'before 2', 'after 0', 'after 1', 'after 2'];
  await until('all of it', () => shown('after 2').length === writers.length);
  for (const writer of writers) {
    const texts = aoi.timeline.slice(before).filter((seen) => writerOf(seen) === writer);
    expect(texts.map((seen) => /\] (.*)$/.exec(seen.text ?? '')?.[1])).toEqual(expected);
  }
  await until('her line', () => far.inbox('writer15').some(({ text }) => text === 'still there?'));
});
