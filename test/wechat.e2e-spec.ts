/** WeChat and its rules: the 48-hour window, quotas, repeated pushes, tokens, silence, forged callbacks. */
import type { TestAct, TestNetwork } from '#adapter-contract';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { openIdOf, type Person } from '#simulators';
import { HubFixture, until } from './support/hub-fixture.js';
import { wechatHome } from '../apps/adapter-wechat/test/wechat.home.js';

const TWO_DAYS_MS = 48 * 3600_000;

let hub: HubFixture;
let far: TestNetwork;
let wechat: Awaited<ReturnType<typeof wechatHome>>;
let lin: Person;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  await hub.serveSignOn(['far', 'wechat']);
  far = await hub.testNetwork('far');
  wechat = await wechatHome(hub, { quota: { message: 5 } });
  lin = wechat.person('lin');
});

afterAll(async () => {
  await hub?.close();
  await wechat?.stop();
  await far?.close();
});

const write = (text: string) =>
  far.act({ kind: 'message', from: 'sue', to: `${openIdOf('lin')}@wechat`, text });
const says = (text: string) => lin.act({ do: 'write', to: wechat.channel ?? '', text });
const reads = (text: string) =>
  until(`lin to read "${text}"`, () => lin.timeline.some((seen) => seen.text?.endsWith(text)));

async function sueHears(what: string, match: (act: TestAct) => boolean): Promise<TestAct> {
  let found: TestAct | undefined;
  await until(`sue to hear ${what}`, () => (found = far.inbox('sue').find(match)) !== undefined);
  return found ?? { kind: 'failure', id: '', from: '', to: '' };
}

describe('lin on WeChat, sue far away', () => {
  test('lin has not written yet: sue reads that WeChat lets us only answer (101)', async () => {
    const sent = write('first words');
    const told = await sueHears('of the window', ({ target }) => target === sent);
    expect(told).toMatchObject({ kind: 'failure', code: '101' });
  });

  test('lin follows the account, and gets a greeting with the help text', async () => {
    await lin.act({ do: 'add', who: wechat.channel ?? '' });
    await reads('/help 查看本说明。');
    await until('how to write', () => lin.timeline.some(({ text }) => text?.includes('@对方@网络 内容')));
  });

  test('her picture comes, though WeChat stumbles twice and breaks off once while it is fetched', async () => {
    await says('@sue@far 看');
    await sueHears('lin', ({ text }) => text === '看');
    wechat.platform.faults.failDownload(2);
    wechat.platform.faults.breakDownload(1);
    const path = join(hub.folder, 'cat.jpg');
    const noise = { type: 'gaussian' as const, mean: 99, sigma: 40 };
    await sharp({ create: { width: 300, height: 300, channels: 3, background: 'red', noise } })
      .jpeg()
      .toFile(path);
    await lin.act({ do: 'send', to: wechat.channel ?? '', what: 'image', fields: {}, file: path });
    const { media } = await sueHears('the picture', (act) => act.media !== undefined);
    expect(readFileSync(media?.path ?? '').equals(readFileSync(path))).toBe(true);
    expect(far.inbox('sue').filter((act) => act.media !== undefined)).toHaveLength(1);
  });

  test('both sides are notified of a picture that has expired before its download', async () => {
    const path = join(hub.folder, 'gone.jpg');
    await sharp({ create: { width: 30, height: 30, channels: 3, background: 'blue' } })
      .jpeg()
      .toFile(path);
    wechat.platform.faults.failDownload(1);
    await lin.act({ do: 'send', to: wechat.channel ?? '', what: 'image', fields: {}, file: path });
    wechat.platform.faults.forgetMedia();
    await sueHears('that it is gone', ({ text }) => text === '(picture; no longer there)');
    await until('lin to be notified', () =>
      lin.timeline.some(({ text }) => text?.includes('文件已失效') ?? false),
    );
    wechat.platform.advance(120_000);
  });

  test('after her first words five answers arrive; the sixth waits for her (102)', async () => {
    await says('@sue@far 你好');
    await sueHears('lin', ({ text }) => text === '你好');
    // Following opened a window of its own, for a minute.
    wechat.platform.advance(120_000);
    for (let n = 1; n <= 5; n++) {
      write(`answer ${n}`);
      await reads(`answer ${n}`);
    }
    const sixth = write('answer 6');
    expect((await sueHears('of the quota', ({ target }) => target === sixth)).code).toBe('102');
    await says('go on');
    await sueHears('go on', ({ text }) => text === 'go on');
    write('answer 7');
    await reads('answer 7');
  });

  test('two days later the window is closed again', async () => {
    wechat.platform.advance(TWO_DAYS_MS + 60_000);
    const late = write('too late');
    expect((await sueHears('of the window', ({ target }) => target === late)).code).toBe('101');
    await says('back again');
    await sueHears('her', ({ text }) => text === 'back again');
  });

  test('a push that comes twice is one message', async () => {
    wechat.platform.faults.duplicate();
    await says('只此一次');
    await wechat.platform.idle();
    await says('之后');
    await sueHears('what came after', ({ text }) => text === '之后');
    expect(far.inbox('sue').filter(({ text }) => text === '只此一次')).toHaveLength(1);
  });

  test('the token expires in between: a new one, and the message once', async () => {
    wechat.platform.faults.expireTokens();
    write('with a new token');
    await reads('with a new token');
    expect(lin.timeline.filter(({ text }) => text?.endsWith('with a new token'))).toHaveLength(1);
  });

  test('busy is tried again; silence is unknown, and never sent again', async () => {
    await says('a new window');
    wechat.platform.faults.refuse(-1);
    write('busy at first');
    await reads('busy at first');
    wechat.platform.faults.silence('taken');
    const silent = write('no answer');
    expect((await sueHears('that nobody knows', ({ target }) => target === silent)).code).toBe('103');
    expect(lin.timeline.filter(({ text }) => text?.endsWith('no answer'))).toHaveLength(1);
  });

  test('lin unfollows the account: senders are notified that lin does not accept messages (40)', async () => {
    await lin.act({ do: 'remove', who: wechat.channel ?? '' });
    await wechat.platform.idle();
    const gone = write('are you there?');
    expect((await sueHears('that she left', ({ target }) => target === gone)).code).toBe('40');
  });
});

describe('callbacks of others', () => {
  const post = (query: string, body: string) =>
    fetch(`${wechat.app.url}/callback?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body,
    });

  test.each([
    ['nothing signed', '', '<xml/>'],
    ['a signature that is none', 'signature=abc&timestamp=1&nonce=2', '<xml/>'],
    ['parameters that come twice', 'signature=a&signature=b&timestamp=1&nonce=2', '<xml/>'],
    ['a body that is no XML', 'msg_signature=a&timestamp=1&nonce=2', 'hello'],
  ])('%s: refused with 401, and nothing crashes', async (_, query, body) => {
    expect((await post(query, body)).status).toBe(401);
    expect((await fetch(`${wechat.app.url}/healthz/live`)).status).toBe(200);
  });
});
