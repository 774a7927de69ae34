/** The open interface when things go wrong: replays, a torn socket, a webhook that hangs, an adapter that is killed. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TestNetwork } from '#adapter-contract';
import { UNPROVEN } from '#adapter-webhook';
import { addressOf, network } from '#protocol';
import type { Person } from '#simulators';
import { signed } from '../apps/adapter-open/simulator/index.js';
import { HubFixture, until } from './support/hub-fixture.js';
import { OPEN_KEY, openHome } from '../apps/adapter-open/test/open.home.js';

const sue = addressOf(network('far'), 'sue');

describe.each(['webhook', 'socket'] as const)('a network that joined by %s', (transport) => {
  let hub: HubFixture;
  let far: TestNetwork;
  let open: Awaited<ReturnType<typeof openHome>>;
  let ann: Person;

  beforeAll(async () => {
    hub = await HubFixture.open();
    await hub.switch();
    await hub.serveSignOn(['far', 'open']);
    far = await hub.testNetwork('far');
    open = await openHome(hub, transport);
    ann = open.person('ann');
  });

  afterAll(async () => {
    await hub?.close();
    await open?.stop();
    await far?.close();
  });

  const toAnn = (text: string) => far.act({ kind: 'message', from: 'sue', to: 'ann@open', text });
  const annRead = (text: string) => ann.timeline.filter((seen) => seen.text === text).length;
  const sueRead = (text: string) => far.inbox('sue').filter((seen) => seen.text === text).length;

  test('messages from the time of a disconnection arrive after it, once and in order', async () => {
    open.service.hang(true);
    open.service.drop();
    for (const n of [1, 2, 3]) toAnn(`meanwhile ${n}`);
    await until('the hub to have them', () => far.allTaken);
    open.service.hang(false);
    await until('the last of it', () => annRead('meanwhile 3') > 0);
    expect(ann.timeline.flatMap(({ text }) => (text?.startsWith('meanwhile') ? [text] : []))).toEqual([
      'meanwhile 1',
      'meanwhile 2',
      'meanwhile 3',
    ]);
  });

  test('the adapter is killed while both write: everything arrives once', async () => {
    const lines = Array.from({ length: 40 }, (_, n) => n);
    for (const n of lines) {
      await ann.act({ do: 'write', to: sue, text: `up ${n}` });
      toAnn(`down ${n}`);
      if (n === 20) await open.app.child.crash();
    }
    await open.app.child.start();
    await until('all of it', () => sueRead('up 39') > 0 && annRead('down 39') > 0);
    for (const n of lines) expect([sueRead(`up ${n}`), annRead(`down ${n}`)]).toEqual([1, 1]);
  });

  test('an edit that says nothing is refused, and is no recall', async () => {
    const path = '/open/v1/events';
    const said = { kind: 'message', id: `kept-${transport}`, from: { id: 'ann' }, to: sue, text: 'kept' };
    const edit = { kind: 'edit', id: `empty-${transport}`, from: { id: 'ann' }, to: sue, target: said.id };
    const body = JSON.stringify({ events: [said, edit] });
    const headers = { ...signed(OPEN_KEY, 'POST', path, body), 'content-type': 'application/json' };
    const answer = await fetch(open.app.url + path, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({
      verdicts: [
        { id: said.id, accepted: true },
        { id: edit.id, accepted: false, code: '30' },
      ],
    });
    await until('sue to read it', () => sueRead('kept') > 0);
  });

  test('strangers who request the stream and disconnect do not end the streams of others', async () => {
    const { port } = new URL(open.app.url);
    for (let n = 0; n < 20; n++) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(
        `GET /open/v1/${n % 2 ? 'stream' : 'nothing'} HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      socket.resetAndDestroy();
    }
    toAnn('after the strangers');
    await until('ann to read it', () => annRead('after the strangers') > 0);
    expect(open.app.child.running).toBe(true);
  });

  test('a request that was taken once is refused when somebody sends it again', async () => {
    const path = '/open/v1/events';
    const event = {
      kind: 'message',
      id: `replay-${transport}`,
      from: { id: 'ann' },
      to: sue,
      text: 'only once',
    };
    const body = JSON.stringify({ events: [event] });
    const headers = { ...signed(OPEN_KEY, 'POST', path, body), 'content-type': 'application/json' };
    const post = () => fetch(open.app.url + path, { method: 'POST', headers, body });
    expect(await (await post()).json()).toMatchObject({ verdicts: [{ id: event.id, accepted: true }] });
    const again = await post();
    expect([again.status, await again.json()]).toEqual([
      401,
      expect.objectContaining({ code: '31', detail: UNPROVEN }),
    ]);
    await until('sue to read it', () => sueRead('only once') > 0);
    expect(sueRead('only once')).toBe(1);
  });

  test('each invalid event gets a verdict, and delays no other event', async () => {
    const path = '/open/v1/events';
    const good = { kind: 'message', id: `good-${transport}`, from: { id: 'ann' }, to: sue, text: 'good one' };
    const events = [
      7,
      { ...good, id: 'a', to: 'im:bob@open' },
      { ...good, id: 'b', kind: 'edit', target: 'x' },
      { kind: 'message', id: 'c', from: { id: 'ann' }, to: sue },
      good,
    ];
    const body = JSON.stringify({ events });
    const headers = { ...signed(OPEN_KEY, 'POST', path, body), 'content-type': 'application/json' };
    const answer = await fetch(open.app.url + path, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({
      verdicts: [
        { id: '', accepted: false, code: '30' },
        { id: 'a', accepted: false, code: '30' },
        { id: 'b', accepted: false, code: '25' },
        { id: 'c', accepted: false, code: '30' },
        { id: good.id, accepted: true },
      ],
    });
    await until('sue to read it', () => sueRead('good one') > 0);
    expect(sueRead('good one')).toBe(1);
  });
});
