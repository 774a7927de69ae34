/**
 * All requests of the Matrix adapter to its homeserver during ordinary traffic are recorded, and each is explained: nothing is
 * sent without a cause, and nothing twice. The other networks: `what-leaves.e2e-spec.ts`.
 */
import type { TestNetwork } from '#adapter-contract';
import { findSynapse } from '#engines';
import { onSynapse } from '../apps/adapter-matrix/test/matrix.home.js';
import type { Home } from './contract/keeps-the-contract.js';
import { engineOrSkip } from './support/engines.js';
import { HubFixture, until } from './support/hub-fixture.js';
import type { MatrixPhone } from '../apps/adapter-matrix/phone/matrix.phone.js';
import { tapHttp, unexplained, type Explained, type Sent, type Tap } from './support/wire-tap.js';

const synapsePaths = await engineOrSkip('Synapse', findSynapse);

(synapsePaths ? describe : describe.skip)('matrix', () => {
  const sent: Sent[] = [];
  let hub: HubFixture;
  let far: TestNetwork;
  let home: Home & { ann: MatrixPhone };
  let tap: Tap | undefined;

  beforeAll(async () => {
    hub = await HubFixture.open();
    await hub.switch();
    far = await hub.testNetwork('far');
    home = await onSynapse(hub, synapsePaths?.root ?? '', async (url) => {
      tap = await tapHttp(url, undefined, sent);
      return tap.url;
    });
  });

  afterAll(async () => {
    await home?.ann.hangUp();
    await hub?.close();
    await home?.server.stop();
    await tap?.stop();
    await far?.close();
  });

  /** Sue asks ann into a room; they write, edit, react, recall, type and read. */
  async function talk(): Promise<void> {
    const { ann } = home;
    const ghost = home.ghostOf('sue');
    const to = `${ann.native}@matrix`;
    const act = (kind: 'message' | 'edit' | 'recall' | 'reaction' | 'typing', more: object) =>
      far.act({ kind, from: 'sue', to, ...more });
    const annSees = async (kind: string, text?: string) => {
      const find = () =>
        ann.timeline.find((seen) => seen.kind === kind && (text === undefined || seen.text === text));
      await until(`ann to see ${kind} ${text ?? ''}`, () => find() !== undefined);
      return find()?.id ?? '';
    };
    const sueSees = async (kind: string, text?: string) => {
      const find = () =>
        far.inbox('sue').find((seen) => seen.kind === kind && (text === undefined || seen.text === text));
      await until(`sue to see ${kind} ${text ?? ''}`, () => find() !== undefined);
      return find()?.id ?? '';
    };
    const hello = act('message', { text: 'hello ann' });
    const atAnn = await annSees('text', 'hello ann');
    await ann.markRead(ghost, atAnn);
    await sueSees('read');
    await ann.write(ghost, 'hello sue');
    const answer = await sueSees('message', 'hello sue');
    act('edit', { target: hello, text: 'hello dear ann' });
    await annSees('edit', 'hello dear ann');
    act('reaction', { target: answer, emoji: ['👍'] });
    await annSees('reaction');
    act('typing', { state: 'composing' });
    await annSees('typing');
    const slip = act('message', { text: 'a slip' });
    await annSees('text', 'a slip');
    act('recall', { target: slip });
    await annSees('recall');
    act('message', { text: 'the last word' });
    await annSees('text', 'the last word');
  }

  test('makes a ghost and a room, sends the events of sue, and read marks for the messages of ann', async () => {
    await talk();
    const lines = sent.map(({ line, body }) => `${decodeURIComponent(line)} ${body}`);
    const room = '/_matrix/client/v3/rooms/![^/]+';
    const user = '@_hutong_far_sue:suite\\.test';
    const event = (content: string, why: string, most = 1): Explained => ({
      what: new RegExp(`^PUT ${room}/send/m\\.room\\.message/[\\w-]+ \\{.*${content}`),
      why,
      most,
    });
    expect(lines.filter((line) => line.includes('/createRoom'))).toHaveLength(1);
    expect(
      unexplained(lines, [
        {
          what: /^POST \/_matrix\/client\/v1\/appservice\/hutong\/ping /,
          why: 'whether the homeserver can reach us',
          most: 2,
        },
        {
          what: /^GET \/_matrix\/client\/v3\/profile\/@ann:suite\.test $/,
          why: 'whether ann exists, what she is called',
          most: 2,
        },
        {
          what: /^POST \/_matrix\/client\/v3\/register \{.*"username":"_hutong_far_sue"/,
          why: 'the ghost of sue',
          most: 1,
        },
        {
          what: new RegExp(`^PUT /_matrix/client/v3/profile/${user}/displayname `),
          why: 'its name',
          most: 1,
        },
        {
          what: /^POST \/_matrix\/client\/v3\/createRoom \{.*"is_direct":true/,
          why: 'the portal, with the invitation',
          most: 1,
        },
        {
          what: new RegExp(`^GET ${room}/state/m\\.room\\.member/@ann:suite\\.test $`),
          why: 'whether ann has answered already',
          most: 1,
        },
        {
          what: new RegExp(`^GET ${room}/messages $`),
          why: 'what was written before the ghost was there, or while we were away',
        },
        event('"body":"hello ann"', 'what sue said'),
        event('"body":"a slip"', 'what sue said'),
        event('"body":"the last word"', 'what sue said'),
        event('"body":"\\* hello dear ann".*"rel_type":"m\\.replace"', 'what sue changed'),
        {
          what: new RegExp(`^PUT ${room}/send/m\\.reaction/[\\w-]+ \\{.*"key":"👍`),
          why: 'the reaction of sue',
          most: 1,
        },
        { what: new RegExp(`^PUT ${room}/redact/`), why: 'what sue took back', most: 1 },
        { what: new RegExp(`^PUT ${room}/typing/${user} `), why: 'sue writes' },
        {
          what: new RegExp(`^PUT ${room}/send/com\\.beeper\\.message_send_status/`),
          why: 'delivered, at most once a second',
          most: 2,
        },
        {
          what: new RegExp(`^GET /_matrix/client/v3/presence/@ann:suite\\.test/status $`),
          why: 'the presence of ann, asked for by the network of sue',
        },
        { what: new RegExp(`^PUT /_matrix/client/v3/presence/${user}/status `), why: 'the presence of sue' },
        { what: new RegExp(`^POST ${room}/receipt/m\\.read/`), why: 'sue has read' },
      ]),
    ).toEqual([]);
  });
});
