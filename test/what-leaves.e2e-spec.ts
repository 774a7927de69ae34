/**
 * All that an adapter sends to its network during ordinary traffic is recorded, and each request or frame is explained:
 * nothing is sent without a cause, and nothing twice.
 */
import type { TestNetwork } from '#adapter-contract';
import type { Person } from '#simulators';
import { FrameReader } from '#adapter-session';
import { sipcCodec } from '../apps/adapter-fetion/src/sipc-frame.js';
import { fetionHome } from '../apps/adapter-fetion/test/fetion.home.js';
import { openHome } from '../apps/adapter-open/test/open.home.js';
import { wechatHome } from '../apps/adapter-wechat/test/wechat.home.js';
import { wecomHome } from '../apps/adapter-wecom/test/wecom.home.js';
import { yixinHome } from '../apps/adapter-yixin/test/yixin.home.js';
import { yunxinHome } from '../apps/adapter-yunxin/test/yunxin.home.js';
import { HubFixture, until } from './support/hub-fixture.js';
import { tapHttp, tapTcp, unexplained, type Explained, type Sent, type Tap } from './support/wire-tap.js';

let hub: HubFixture;
let far: TestNetwork;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  await hub.serveSignOn(['far', 'wechat', 'wecom', 'yixin', 'fetion', 'open']);
  far = await hub.testNetwork('far');
});

afterAll(async () => {
  await hub?.close();
  for (const stop of stops) await stop();
  await far?.close();
});

/** Ann writes twice, Sue answers, edits, types and answers once more: four messages to Ann in all, of which one is an edit. */
async function talk(
  network: string,
  ann: Person,
  say: (text: string) => Promise<unknown>,
  sues = far,
): Promise<void> {
  const to = `${ann.native}@${network}`;
  const annReads = (text: string) =>
    until(`ann to read "${text}"`, () => ann.timeline.some((seen) => seen.text?.endsWith(text) ?? false));
  const sueReads = (text: string) =>
    until(`sue to read "${text}"`, () => sues.inbox('sue').some((act) => act.text === text));
  await say(`hello from ${network}`);
  await sueReads(`hello from ${network}`);
  const answer = sues.act({ kind: 'message', from: 'sue', to, text: 'hello ann' });
  await annReads('hello ann');
  sues.act({ kind: 'edit', from: 'sue', to, target: answer, text: 'hello dear ann' });
  await annReads('hello dear ann');
  sues.act({ kind: 'typing', from: 'sue', to, state: 'composing' });
  await say(`how are you on ${network}?`);
  await sueReads(`how are you on ${network}?`);
  sues.act({ kind: 'message', from: 'sue', to, text: 'the last word' });
  await annReads('the last word');
}

const lines = (sent: Sent[]) => sent.map(({ line, body }) => `${line} ${body}`);

async function tapped(tap: Promise<Tap>): Promise<Tap> {
  const made = await tap;
  stops.push(() => made.stop());
  return made;
}

/** What goes to an HTTP server of the network, once the adapter is led past it. */
function recording(rewrite?: (answer: string) => string) {
  const sent: Sent[] = [];
  const through = async (url: string) => (await tapped(tapHttp(url, rewrite, sent))).url;
  return { sent, through };
}

const TOKENS: Explained[] = [
  { what: /^POST \/cgi-bin\/stable_token /, why: 'a token, at the start', most: 2 },
  { what: /^GET \/cgi-bin\/(?:gettoken|token) /, why: 'a token, at the start', most: 2 },
  { what: /^GET \/cgi-bin\/get_?callback_?ip /, why: 'whether the platform can be reached' },
];

describe.each([
  ['wechat', wechatHome],
  ['wecom', wecomHome],
  ['yixin', yixinHome],
] as const)('%s', (kind, openPlatform) => {
  test('sends tokens, messages and signs of typing, and answers callbacks', async () => {
    const { sent, through } = recording();
    const home = await openPlatform(hub, { through });
    stops.push(() => home.stop());
    const callback = await tapped(tapHttp(home.app.url));
    await home.platform.connectCallback(`${callback.url}/callback`);
    const ann = home.person('ann');
    const say = (text: string) => ann.act({ do: 'write', to: home.channel ?? '', text });
    let first = true;
    await talk(kind, ann, (text) => {
      const typed = first ? `@sue@far ${text}` : text;
      first = false;
      return say(typed);
    });
    const to = `"touser":"${ann.native}"`;
    const said = (text: string): Explained => ({
      what: new RegExp(`/send \\{.*${to}.*"msgtype":"text".*${text}"\\}\\}$`),
      why: 'what sue said, under her name',
      most: 1,
    });
    expect(
      unexplained(lines(sent), [
        ...TOKENS,
        said('hello ann'),
        said('hello dear ann'),
        said('the last word'),
        { what: /^GET \/cgi-bin\/user\/(?:info|get) $/, why: 'what ann is called', most: 1 },
        { what: /\/typing \{.*"command":"(?:Cancel)?Typing"\}$/, why: 'sue writes' },
      ]),
    ).toEqual([]);
    const [, ...answers] = callback.answers;
    expect(answers.filter((answer) => answer !== 'success' && !answer.startsWith('<xml>'))).toEqual([]);
    // One answer in words: who is written to from now on.
    expect(answers.filter((answer) => answer.startsWith('<xml>'))).toHaveLength(1);
  });
});

test('yunxin: makes accounts, sends messages', async () => {
  const { sent, through } = recording();
  // A hub of its own: the name of the network is that of the Yixin platform.
  const own = await HubFixture.open();
  await own.switch();
  await own.serveSignOn(['far', 'yunxin']);
  const sues = await own.testNetwork('far');
  const home = await yunxinHome(own, through);
  stops.push(
    () => own.close(),
    () => home.stop(),
    () => sues.close(),
  );
  const ann = home.person('ann-of-yunxin');
  await talk(
    'yunxin',
    ann,
    (text) => ann.act({ do: 'write', to: 'hutong_robot', text: `@sue@far ${text}` }),
    sues,
  );
  const action = (name: string) => new RegExp(`^POST /nimserver/${name}\\.action `);
  const message = (text: string): Explained => ({
    what: new RegExp(
      `sendMsg\\.action .*from=hutong_[0-9a-f]{24}&to=ann-of-yunxin.*${encodeURIComponent(text).replaceAll('%20', '\\+')}`,
    ),
    why: 'what sue said, from her ghost',
    most: 1,
  });
  expect(
    unexplained(lines(sent), [
      { what: action('user/create'), why: 'the account of the robot, and the ghost of sue', most: 2 },
      { what: action('user/updateUinfo'), why: 'their names', most: 2 },
      {
        what: /^POST \/nimserver\/user\/getUinfos\.action accids=%5B%22ann-of-yunxin%22%5D$/,
        why: 'what ann is called, asked beside her first message',
        most: 1,
      },
      message('hello ann'),
      message('hello dear ann'),
      message('the last word'),
      {
        what: /sendMsg\.action .*from=hutong_robot&to=ann-of-yunxin/,
        why: 'who is written to from now on',
        most: 1,
      },
    ]),
  ).toEqual([]);
});

test('open interface: pings its webhook, and sends events to it', async () => {
  const { sent, through } = recording();
  const home = await openHome(hub, 'webhook', through);
  stops.push(() => home.stop());
  const ann = home.person('ann');
  await talk('open', ann, (text) => ann.act({ do: 'write', to: 'im:sue@far', text }));
  const event = (what: string, most?: number): Explained => ({
    what: new RegExp(`^POST /\\S* \\{"event":\\{"kind":${what}`),
    why: 'an event of sue for ann',
    ...(most === undefined ? {} : { most }),
  });
  expect(
    unexplained(lines(sent), [
      { what: /^POST \/\S* \{"ping":true\}$/, why: 'whether the webhook answers' },
      { what: /^POST \/\S* \{"lookup":"ann"\}$/, why: 'who ann is' },
      event('"message".*"text":"hello ann"', 1),
      event('"edit".*"text":"hello dear ann"', 1),
      event('"message".*"text":"the last word"', 1),
      event('"delivered"'),
      event('"read"'),
      event('"typing"'),
      event('"presence"'),
    ]),
  ).toEqual([]);
});

test('fetion: registers, keeps presence, sends messages, and acknowledges received frames', async () => {
  let address = '';
  const wire = await tapTcp(() => address);
  stops.push(() => wire.stop());
  const { sent, through } = recording((answer) =>
    answer.replace(/(<sipc-proxy>)([^<]+)(<)/, (_all, before: string, real: string, after: string) => {
      address = real;
      return `${before}${wire.address}${after}`;
    }),
  );
  const home = await fetionHome(hub, 3, {}, through);
  stops.push(() => home.stop());
  const ann = home.person('13800138000');
  await ann.act({ do: 'appear', state: '400' });
  await talk('fetion', ann, (text) =>
    ann.act({ do: 'write', to: home.channel ?? '', text: `@sue@far ${text}` }),
  );
  const frames = wire.sent.flatMap((chunks) =>
    [...new FrameReader(sipcCodec).read(Buffer.concat(chunks))].map(({ start, headers, body }) => {
      const name = headers.find(([header]) => header === 'N')?.[1] ?? '';
      return start.kind === 'request'
        ? `${start.method} ${name} ${body}`.trim()
        : `${start.code} to ${headers.find(([header]) => header === 'Q')?.[1]?.split(' ')[1]}`;
    }),
  );
  const explained: Explained[] = [
    { what: /^R\b/, why: 'the login of the robot and of the ghost, in two steps each; keep-alive' },
    { what: /^SUB PresenceV4 <args>/, why: 'presence, once for each session', most: 2 },
    { what: /^S GetContactInfoV4 /, why: 'who ann is', most: 2 },
    { what: /^S SetUserInfoV4 .*nickname=/, why: 'the name of the ghost', most: 2 },
    { what: /^S SetPresenceV4 /, why: 'the presence of sue' },
    { what: /^S AddBuddyV4 /, why: 'the ghost asks to be a contact of ann', most: 1 },
    { what: /^S HandleContactRequestV4 /, why: 'a contact request is answered' },
    { what: /^M CatMsg hello ann$/, why: 'what sue said', most: 1 },
    { what: /^M CatMsg .*hello dear ann$/, why: 'what sue changed', most: 1 },
    { what: /^M CatMsg the last word$/, why: 'what sue said', most: 1 },
    { what: /^M CatMsg 现在发给：sue · far$/, why: 'who is written to from now on', most: 1 },
    { what: /^M CatMsg sue \(far\) 在飞信的号码是 /, why: 'the number of the ghost', most: 1 },
    { what: /^IN\b.*<state>input<\/state>/, why: 'sue writes' },
    { what: /^200 to M$/, why: 'what ann wrote is stored', most: 2 },
  ];
  expect(unexplained(frames, explained)).toEqual([]);
  expect(
    unexplained(lines(sent), [
      { what: /^POST \/nav\/getsystemconfig\.aspx </, why: 'where the servers are', most: 2 },
      { what: /^GET \S*SSIAppSignIn\S*/i, why: 'sign-in', most: 2 },
    ]),
  ).toEqual([]);
});
