/** A send to Yunxin that is interrupted: the adapter asks Yunxin's history, and the sender gets the truth where it says one. */
import type { TestNetwork } from '#adapter-contract';
import { decodeOutcome, STREAMS, type Outcome } from '#protocol';
import type { Person } from '#simulators';
import { HubFixture, restart, until } from '../../../test/support/hub-fixture.js';
import { yunxinHome, type YunxinHome } from './yunxin.home.js';

let hub: HubFixture;
let far: TestNetwork;
let home: YunxinHome;
let lin: Person;
const outcomes: Outcome[] = [];

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  await hub.serveSignOn(['far', 'yunxin']);
  far = await hub.testNetwork('far');
  home = await yunxinHome(hub);
  lin = home.person('lin');
  const reports = await hub.link.session?.js.consumers.get(STREAMS.report);
  await reports?.consume({ callback: (message) => void outcomes.push(decodeOutcome(message.data)) });
  write('first words');
  await ended(1);
});

afterAll(async () => {
  await hub?.close();
  await home?.stop();
  await far?.close();
});

const write = (text: string) => far.act({ kind: 'message', from: 'sue', to: 'lin@yunxin', text });
const shown = (text: string) => lin.timeline.filter((seen) => seen.text === text);
/** @returns the outcomes of her messages, in their order */
async function ended(count: number): Promise<Outcome[]> {
  const found = () => outcomes.filter(({ to }) => to === 'im:lin@yunxin');
  await until(`${count} outcomes`, () => found().length >= count);
  return found();
}

test('the adapter is killed after Yunxin took the message and before it answered: it is delivered, once', async () => {
  home.yunxin.faults.answerLate(3600_000);
  write('taken before the end');
  await until('lin to read it', () => shown('taken before the end').length === 1);
  await restart(home.app, 'SIGKILL');
  write('after the start');
  const [, interrupted, next] = await ended(3);
  expect([interrupted, next]).toMatchObject([{ code: '00' }, { code: '00' }]);
  expect(shown('taken before the end')).toHaveLength(1);
});

test('a message without an answer is found in the history', async () => {
  home.yunxin.faults.silence('taken');
  write('no answer');
  const [, , , unanswered] = await ended(4);
  expect(unanswered).toMatchObject({ code: '00' });
  expect(shown('no answer')).toHaveLength(1);
});

test('what the history does not have is unknown: a request may still be on its way', async () => {
  home.yunxin.faults.silence('lost');
  const lost = write('lost');
  await until('sue to read it', () =>
    far
      .inbox('sue')
      .some(({ kind, target, code }) => kind === 'failure' && target === lost && code === '103'),
  );
  expect(far.inbox('sue').filter(({ kind }) => kind === 'failure')).toHaveLength(1);
  expect(shown('lost')).toHaveLength(0);
});
