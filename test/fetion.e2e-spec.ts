/** Fetion and its faults: SMS, silence, torn and joined frames, captchas, a login elsewhere, and ways to meet people. */
import type { TestAct, TestNetwork } from '#adapter-contract';
import type { FetionSubscriber } from '../apps/adapter-fetion/simulator/index.js';
import { HubFixture, until } from './support/hub-fixture.js';
import { fetionHome } from '../apps/adapter-fetion/test/fetion.home.js';

const KEY = 'operator-key-of-the-test';
const LI = '13800138000';

let hub: HubFixture;
let far: TestNetwork;
let fetion: Awaited<ReturnType<typeof fetionHome>>;
let li: FetionSubscriber;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  await hub.serveSignOn(['far', 'fetion']);
  far = await hub.testNetwork('far');
  fetion = await fetionHome(hub, 10, { FETION_OPERATOR_KEY: KEY });
  li = fetion.service.person(LI);
  await li.act({ do: 'appear', state: '400' });
});

afterAll(async () => {
  fetion?.service.faults.heal();
  await hub?.close();
  await fetion?.stop();
  await far?.close();
});

function write(from: string, text: string): string {
  return far.act({ kind: 'message', from, to: `${LI}@fetion`, text });
}

async function liReads(text: string): Promise<{ from: string; state?: string }> {
  let seen: { from: string; state?: string } | undefined;
  await until(`li to read "${text}"`, () => {
    seen = li.timeline.find((sight) => sight.kind === 'text' && sight.text === text);
    return seen !== undefined;
  });
  return seen ?? { from: '' };
}

async function hears(person: string, what: string, match: (act: TestAct) => boolean): Promise<TestAct> {
  let found: TestAct | undefined;
  await until(`${person} to hear ${what}`, () => {
    found = far.inbox(person).find(match);
    return found !== undefined;
  });
  return found ?? { kind: 'failure', id: '', from: '', to: '' };
}

const timesRead = (text: string) => li.timeline.filter((sight) => sight.text === text).length;

describe('li on Fetion, sue far away', () => {
  test('li is offline: the text is sent to the phone of li by SMS, and sue is notified of that instead of "delivered"', async () => {
    await li.act({ do: 'appear', state: 'sms-only' });
    const sent = write('sue', 'by SMS');
    expect((await liReads('by SMS')).state).toBe('sms');
    expect((await hears('sue', 'of the SMS', ({ target }) => target === sent)).code).toBe('104');
    expect(far.inbox('sue').some(({ kind, target }) => kind === 'delivered' && target === sent)).toBe(false);
    await li.act({ do: 'appear', state: '400' });
  });

  test('frames torn at every byte, and joined, change nothing', async () => {
    const { faults } = fetion.service;
    faults.splitFrames = true;
    write('sue', 'torn 你好');
    const { from } = await liReads('torn 你好');
    await li.act({ do: 'write', to: from, text: '撕开了' });
    await hears('sue', 'the answer of li', ({ text }) => text === '撕开了');
    faults.heal();
    faults.joinFor = 200;
    for (const text of ['一', '二', '三']) await li.act({ do: 'write', to: from, text });
    await hears('sue', 'the last', ({ text }) => text === '三');
    faults.heal();
    expect(far.inbox('sue').flatMap(({ text }) => (text && '一二三'.includes(text) ? [text] : []))).toEqual([
      '一',
      '二',
      '三',
    ]);
  });

  test('no response of Fetion: the outcome is in doubt, sue is notified, and nothing is sent twice', async () => {
    fetion.service.faults.loseReplies(1);
    const arrived = write('sue', 'reply lost');
    expect((await hears('sue', 'that nobody knows', ({ target }) => target === arrived)).code).toBe('103');
    expect(timesRead('reply lost')).toBe(1);
    fetion.service.faults.loseMessages(1);
    const lost = write('sue', 'message lost');
    expect((await hears('sue', 'that nobody knows', ({ target }) => target === lost)).code).toBe('103');
    write('sue', 'after it');
    await liReads('after it');
    expect(timesRead('message lost')).toBe(0);
  });

  test('a server that is busy is tried again', async () => {
    fetion.service.faults.refuseMessages(1, 503);
    write('sue', 'patience');
    await liReads('patience');
    expect(timesRead('patience')).toBe(1);
  });

  test('the same push twice is one message', async () => {
    fetion.service.faults.doublePushes = true;
    const { from } = await liReads('after it');
    await li.act({ do: 'write', to: from, text: '只此一次' });
    await li.act({ do: 'write', to: from, text: '之后' });
    await hears('sue', 'what came after', ({ text }) => text === '之后');
    fetion.service.faults.heal();
    expect(far.inbox('sue').filter(({ text }) => text === '只此一次')).toHaveLength(1);
  });

  test('the ghost loses its connection: Fetion keeps the messages that li writes meanwhile, and they arrive after the next login', async () => {
    const { from: sid } = await liReads('after it');
    fetion.service.faults.drop(sid);
    await li.act({ do: 'write', to: sid, text: '掉线时写的' });
    await hears('sue', 'what was written meanwhile', ({ text }) => text === '掉线时写的');
    expect(far.inbox('sue').filter(({ text }) => text === '掉线时写的')).toHaveLength(1);
  });

  test('li adds the robot and names a person: that person gets a number among the contacts of li', async () => {
    await li.act({ do: 'add', who: fetion.channel ?? '', note: 'tom@far' });
    await until('a request from tom', () =>
      li.timeline.some(({ kind, text }) => kind === 'request' && (text ?? '').includes('tom')),
    );
    const request = li.timeline.find(({ kind, text }) => kind === 'request' && (text ?? '').includes('tom'));
    await li.act({ do: 'answer', who: request?.from ?? '', yes: true });
    await li.act({ do: 'write', to: request?.from ?? '', text: '你好 Tom' });
    await hears('tom', 'li', ({ text }) => text === '你好 Tom');
    expect(fetion.service.nicknameOf(request?.from ?? '')).toContain('tom');
  });

  test('li accepts two people on one day and removes one of them: each receives exactly the events for her', async () => {
    const heard = (person: string) =>
      far.inbox(person).flatMap(({ kind, state }) => (kind === 'contact' && state ? [state] : []));
    const ghosts = new Map<string, string>();
    for (const person of ['may', 'ned']) {
      far.act({ kind: 'contact', from: person, to: `${LI}@fetion`, state: 'request' });
      await until(`a request from ${person}`, () => {
        const asked = li.timeline.find(
          ({ kind, from }) => kind === 'request' && (fetion.service.nicknameOf(from) ?? '').includes(person),
        );
        if (asked) ghosts.set(person, asked.from);
        return asked !== undefined;
      });
      await li.act({ do: 'answer', who: ghosts.get(person) ?? '', yes: true });
    }
    for (const person of ['may', 'ned'])
      await until(`${person} to get both`, () => heard(person).length === 2);
    expect([heard('may'), heard('ned')]).toEqual([
      ['accept', 'request'],
      ['accept', 'request'],
    ]);
    await li.act({ do: 'remove', who: ghosts.get('may') ?? '' });
    await until('may to get the removal by li', () => heard('may').includes('remove'));
    expect(heard('ned')).not.toContain('remove');
  });

  test('a captcha at a login: a person reads the picture, and the message goes out', async () => {
    fetion.service.faults.captchaAtSignIn = true;
    const sent = far.act({ kind: 'message', from: 'new-here', to: `${LI}@fetion`, text: 'past the captcha' });
    const waiting = async () => {
      const response = await fetch(`${fetion.app.url}/fetion/captchas`, {
        headers: { authorization: `Bearer ${KEY}` },
      });
      return (await response.json()) as { account: string; id: string; algorithm: string; picture: string }[];
    };
    await until('an account to wait for a picture', async () => (await waiting()).length > 0);
    expect((await fetch(`${fetion.app.url}/fetion/captchas`)).status).toBe(401);
    const [captcha] = await waiting();
    // The simulator's picture is its own answer in base64.
    const text = Buffer.from(captcha?.picture ?? '', 'base64').toString('utf8');
    const answered = await fetch(`${fetion.app.url}/fetion/captchas/${captcha?.account}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: captcha?.id, algorithm: captcha?.algorithm, text }),
    });
    expect(answered.status).toBe(201);
    await liReads('past the captcha');
    fetion.service.faults.heal();
    expect(far.inbox('new-here').some(({ kind, target }) => kind === 'failure' && target === sent)).toBe(
      false,
    );
  });

  test('an account that is logged in elsewhere is not logged in again, and other accounts are not affected', async () => {
    const { from: sid } = await liReads('past the captcha');
    const { from: ofSue } = await liReads('after it');
    const connected = (account: string) => fetion.service.connectedAccounts().includes(account);
    expect(fetion.service.faults.deregister(sid)).toBe(true);
    // Two reconnections of another account take longer than the one of this account, which must not happen.
    for (const nth of ['once', 'twice']) {
      fetion.service.faults.drop(ofSue);
      await until(`the account of sue to be cut off ${nth}`, () => !connected(ofSue));
      await until(`the account of sue to log in again ${nth}`, () => connected(ofSue));
    }
    expect(fetion.service.connectedAccounts()).not.toContain(sid);
    write('sue', 'still here');
    await liReads('still here');
    expect(fetion.service.connectedAccounts().length).toBeGreaterThan(1);
  });
});
