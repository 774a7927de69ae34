/** A real XMPP server returns a message that it had accepted, and the sender learns it in their own network. */
import type { TestNetwork } from '#adapter-contract';
import { findProsody } from '#engines';
import { network } from '#protocol';
import { engineOrSkip } from '../../../test/support/engines.js';
import { HubFixture, until } from '../../../test/support/hub-fixture.js';
import { onProsody } from './xmpp.home.js';

const prosodyPaths = await engineOrSkip('Prosody', findProsody);

(prosodyPaths ? describe : describe.skip)('a server that keeps nothing for people who are offline', () => {
  let hub: HubFixture;
  let far: TestNetwork;
  let first: string;
  let home: Awaited<ReturnType<typeof onProsody>>;

  beforeAll(async () => {
    hub = await HubFixture.open();
    await hub.switch();
    far = await hub.testNetwork('far');
    if (prosodyPaths) home = await onProsody(hub, prosodyPaths.root, undefined, { forgetful: true });
  });

  afterAll(async () => {
    await home?.ann.hangUp();
    await hub?.close();
    await home?.server.stop();
    await far?.close();
  });

  const sueWrites = (text: string) =>
    far.act({ kind: 'message', from: 'sue', to: `ann@localhost@${network('xmpp')}`, text });
  const toldOf = (id: string) =>
    far.inbox('sue').flatMap(({ kind, target, code }) => (target === id ? [{ kind, code }] : []));

  test('ann’s device breaks down before it reads a message: sue sees "delivered", and then that it did not arrive', async () => {
    await until('ann to be online', () => home.ann.timeline.some(({ kind }) => kind === 'presence'));
    home.ann.freeze();
    const id = (first = sueWrites('are you there?'));
    await until('the server to accept it', () => toldOf(id).some(({ kind }) => kind === 'delivered'));
    home.ann.vanish();
    await until('the server to return it', () => toldOf(id).some(({ kind }) => kind === 'failure'));
    expect(toldOf(id)).toEqual([{ kind: 'delivered' }, { kind: 'failure', code: '100' }]);
  });

  test('ann is offline: the server refuses the next message at once, and nothing more is said about the first one', async () => {
    const id = sueWrites('and now?');
    await until('the server to refuse it', () => toldOf(id).length > 0);
    expect(toldOf(id)).toMatchObject([{ kind: 'failure' }]);
    expect(toldOf(first)).toEqual([{ kind: 'delivered' }, { kind: 'failure', code: '100' }]);
  });
});
