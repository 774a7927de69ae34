/** The service as an adapter's account and the subscribers see it. */
import { type FetionAccount, FetionService } from './fetion-service.js';
import type { Subscriber } from './subscriber.js';
import { pause, RawClient, type RawFrame, until } from './test/raw-client.js';

let fetion: FetionService;
let ghost: FetionAccount;
let line: RawClient;
let li: Subscriber;

beforeEach(async () => {
  fetion = await FetionService.open();
  ghost = fetion.account({ sid: '700000001', userId: 390000000, nickname: 'Bob from elsewhere' });
  li = fetion.person('13800138000');
  line = await RawClient.loggedIn(fetion.sipcPort, ghost);
});
afterEach(async () => {
  line.close();
  await fetion.close();
});

const uri = (sid: string) => `sip:${sid}@fetion.com.cn;p=1919`;
const say = (to: string, text: string, N = 'CatMsg') =>
  line.ask('M', { F: ghost.sid, T: to, C: 'text/plain', K: 'SaveHistory', N }, text);
const serve = (N: string, args: string) => line.ask('S', { F: ghost.sid, N }, `<args>${args}</args>`);
const last = () => li.timeline.at(-1);
const saw = (kind: string) => li.timeline.filter((sight) => sight.kind === kind);

describe('messages to a subscriber', () => {
  test('a message to an online subscriber is delivered and answered with 200', async () => {
    const answer = await say(uri(li.sid), '你好 & <hello>');
    expect(answer.first).toBe('SIP-C/4.0 200 OK');
    expect(answer.headers['XI']).toMatch(/^[0-9A-F]{32}$/);
    expect(answer.headers['D']).toMatch(/GMT$/);
    expect(answer.headers['T']).toContain(`sip:${li.sid}@`);
    const sight = { kind: 'text', from: ghost.sid, name: 'Bob from elsewhere', text: '你好 & <hello>' };
    expect(last()).toMatchObject({ ...sight, id: answer.headers['XI'] });
  });

  test('a message to a subscriber without a client is sent by SMS and answered with 280', async () => {
    await li.act({ do: 'appear', state: '0' });
    expect((await say('tel:13800138000', 'late?')).first).toBe('SIP-C/4.0 280 Send SMS OK');
    expect(last()).toMatchObject({ kind: 'text', text: 'late?', state: 'sms' });
  });

  test('as SMS on purpose, counted', async () => {
    const answer = await say(uri(li.sid), 'on your phone', 'SendCatSMS');
    expect(answer.first).toBe('SIP-C/4.0 280 Send SMS OK');
    expect(answer.body).toContain('day-count="1"');
    expect(last()).toMatchObject({ text: 'on your phone', state: 'sms' });
  });

  test('to a phone that never was at Fetion', async () => {
    expect((await say('tel:13911112222', 'hi')).first).toBe('SIP-C/4.0 404 Not Found');
    expect((await say('tel:13911112222', 'hi', 'SendDirectCatSMS')).first).toBe('SIP-C/4.0 280 Send SMS OK');
    expect(fetion.person('13911112222').timeline).toMatchObject([{ text: 'hi', state: 'sms' }]);
  });

  test('unknown and unwanted', async () => {
    expect((await say(uri('799999999'), 'anybody?')).first).toBe('SIP-C/4.0 404 Not Found');
    fetion.block(li.sid, ghost.sid);
    const answer = await say(uri(li.sid), 'please');
    expect(answer.first).toBe('SIP-C/4.0 403 Forbidden');
    expect(answer.body).toContain('<reason text="sender is in the blacklist of the receiver"');
    expect(li.timeline).toEqual([]);
  });

  test('a message to a subscriber whose phone is off is kept until they are back', async () => {
    await li.act({ do: 'appear', state: 'unreachable' });
    expect((await say(uri(li.sid), 'call me')).first).toBe('SIP-C/4.0 200 OK');
    expect(li.timeline).toEqual([]);
    await li.act({ do: 'appear', state: '400' });
    expect(last()).toMatchObject({ kind: 'text', text: 'call me', since: expect.any(String) as string });
  });

  test('the markup of clients with fonts is not shown', async () => {
    const markup = '<Font Face="宋体" Color="-1" Size="12">1 &lt; 2</Font>';
    await line.ask('M', { F: ghost.sid, T: uri(li.sid), C: 'text/html-fragment' }, markup);
    expect(last()).toMatchObject({ kind: 'text', text: '1 < 2' });
  });

  test('typing and a nudge', async () => {
    for (const state of ['input', 'nudge'])
      await line.ask(
        'IN',
        { F: ghost.sid, T: uri(li.sid) },
        `<is-composing><state>${state}</state></is-composing>`,
      );
    expect(li.timeline.map(({ kind }) => kind)).toEqual(['typing', 'nudge']);
  });
});

describe('messages from a subscriber', () => {
  test('arrive, are acknowledged, and do not come again', async () => {
    const { id } = await li.act({ do: 'write', to: ghost.sid, text: '在吗' });
    const message = await line.seesMessage();
    expect(message).toMatchObject({ first: 'M 700000001 SIP-C/4.0', body: '在吗' });
    expect(message.headers).toMatchObject({ C: 'text/plain', K: 'SaveHistory', XI: id, L: '6' });
    expect(last()).toMatchObject({ kind: 'sent', id });
    line.acknowledge(message);
    await until(() => fetion.keptFor(ghost.sid).unacknowledged === 0);
    await again();
    await pause(50);
    expect(line.frames.filter(isMessage)).toEqual([]);
  });

  test('not acknowledged, they come again with the same id', async () => {
    await li.act({ do: 'write', to: ghost.sid, text: 'one' });
    await li.act({ do: 'write', to: ghost.mobile, text: 'two' });
    const before = [await line.seesMessage(), await line.seesMessage()];
    await again();
    const after = [await line.seesMessage(), await line.seesMessage()];
    expect(after.map(({ body }) => body)).toEqual(['one', 'two']);
    expect(ids(after)).toEqual(ids(before));
  });

  test('while the recipient is offline they wait, with their date and without an id', async () => {
    line.close();
    await until(() => fetion.connectedAccounts().length === 0);
    await li.act({ do: 'write', to: ghost.sid, text: 'early' });
    line = await RawClient.loggedIn(fetion.sipcPort, ghost, false);
    await li.act({ do: 'write', to: ghost.sid, text: 'later' });
    await line.ask('SUB', { F: ghost.sid, N: 'PresenceV4' });
    const [early, later] = [await line.seesMessage(), await line.seesMessage()];
    expect([early.body, early.headers['I'], early.headers['XI']]).toEqual(['early', '-1', undefined]);
    expect(early.headers['D']).toMatch(/GMT$/);
    expect([later.body, later.headers['XI']]).toEqual(['later', expect.stringMatching(/^[0-9A-F]{32}$/)]);
  });

  test('to an unknown subscriber, or to one who refuses them, fail', async () => {
    await li.act({ do: 'write', to: '13911112222', text: 'hello?' });
    expect(last()).toMatchObject({ kind: 'failed', state: '404', text: 'hello?' });
    fetion.block(ghost.sid, li.sid);
    await li.act({ do: 'write', to: ghost.sid, text: 'hello?' });
    expect(last()).toMatchObject({ kind: 'failed', state: '403' });
  });

  test('typing and a nudge', async () => {
    await li.act({ do: 'type', to: ghost.sid, on: true });
    await li.act({ do: 'nudge', to: ghost.sid });
    const isInfo = ({ first }: RawFrame) => first === 'IN 700000001 SIP-C/4.0';
    expect((await line.sees(isInfo)).body).toBe('<is-composing><state>input</state></is-composing>');
    expect((await line.sees(isInfo)).body).toBe('<is-composing><state>nudge</state></is-composing>');
  });
});

describe('buddies', () => {
  test('an account asks a subscriber to be a contact, and sees their presence from then on', async () => {
    const info = await serve('GetContactInfoV4', '<contact uri="tel:13800138000"/>');
    expect(info.body).toContain(`sid="${li.sid}"`);
    const buddy = `<contacts><buddies><buddy uri="tel:13800138000" desc="it is me" buddy-lists="1"/></buddies></contacts>`;
    expect((await serve('AddBuddyV4', buddy)).body).toContain('relation-status="0" status-code="200"');
    expect((await serve('AddBuddyV4', buddy)).first).toBe('SIP-C/4.0 521 Exists');
    expect(last()).toMatchObject({ kind: 'request', from: ghost.sid, text: 'it is me' });
    await li.act({ do: 'answer', who: ghost.sid, yes: true });
    expect((await line.seesEvent('SyncUserInfoV4')).body).toMatch(/action="update".*relation-status="1"/);
    const whole = (await line.seesEvent('PresenceV4')).body;
    expect(whole).toContain(`sid="${li.sid}"`);
    expect(whole).toContain('b="400"');
    expect(fetion.relation(li.sid, ghost.sid)).toBe(1);
  });

  test('a subscriber asks an account', async () => {
    await li.act({ do: 'add', who: ghost.sid, note: '我是李' });
    const asked = await line.seesEvent('contact');
    expect(asked.body).toMatch(/type="AddBuddyApplication"><application uri="[^"]*" desc="我是李" type="0"/);
    const [, id] = /user-id="(\d+)"/.exec(asked.body) ?? [];
    const answered = await serve(
      'HandleContactRequestV4',
      `<contacts><buddies><buddy user-id="${id}" result="1"/></buddies></contacts>`,
    );
    expect(answered.body).toContain('relation-status="1"');
    expect(saw('accepted')).toMatchObject([{ from: ghost.sid }]);
    expect(li.contacts()).toEqual([{ native: ghost.sid, name: 'Bob from elsewhere', state: '400' }]);
  });

  test('a refusal, and a request that waits for its account', async () => {
    line.close();
    await li.act({ do: 'add', who: ghost.sid });
    line = await RawClient.loggedIn(fetion.sipcPort, ghost);
    const [, id] = /user-id="(\d+)"/.exec((await line.seesEvent('contact')).body) ?? [];
    await serve('HandleContactRequestV4', `<buddy user-id="${id}" result="0"/>`);
    expect(last()).toMatchObject({ kind: 'denied', from: ghost.sid });
    expect(fetion.relation(li.sid, ghost.sid)).toBe(2);
  });

  test('the first presence notification is complete, later ones contain changes only', async () => {
    fetion.befriend(li.sid, ghost.sid);
    expect((await line.seesEvent('PresenceV4')).body).toContain('n="13800138000"');
    await li.act({ do: 'appear', state: '600' });
    expect((await line.seesEvent('PresenceV4')).body).toMatch(/<c id="\d+"><pr [^>]*b="600"/);
    await li.act({ do: 'appear', state: '600', mood: '忙' });
    expect((await line.seesEvent('PresenceV4')).body).toMatch(/<p v="\d+" i="忙"\/><\/c>/);
    await li.act({ do: 'appear', state: '0' });
    expect((await line.seesEvent('PresenceV4')).body).toContain('b="0"');
  });

  test('a subscriber sees an account come, change and go', async () => {
    fetion.befriend(li.sid, ghost.sid);
    await serve('SetPresenceV4', '<presence><basic value="600"/></presence>');
    expect(last()).toMatchObject({ kind: 'presence', from: ghost.sid, state: '600' });
    await serve('SetUserInfoV4', '<userinfo><personal nickname="鲍勃" impresa="on holiday"/></userinfo>');
    expect(fetion.nicknameOf(ghost.sid)).toBe('鲍勃');
    expect(last()).toMatchObject({ name: '鲍勃', text: 'on holiday' });
    line.close();
    await until(() => last()?.state === '0');
    expect(last()).toMatchObject({ kind: 'presence', state: '0' });
  });

  test('removed by either', async () => {
    fetion.befriend(li.sid, ghost.sid);
    await li.act({ do: 'remove', who: ghost.sid });
    await line.sees(({ body }) => body.includes('action="remove"'));
    fetion.befriend(li.sid, ghost.sid);
    const [, id] =
      /user-id="(\d+)"/.exec((await serve('GetContactInfoV4', `<contact uri="${uri(li.sid)}"/>`)).body) ?? [];
    await serve('DeleteBuddyV4', `<contacts><buddies><buddy user-id="${id}"/></buddies></contacts>`);
    expect(saw('removed')).toHaveLength(1);
  });
});

describe('not implemented', () => {
  test.each([
    ['S', 'StartChat', 'SIP-C/4.0 405 Method Not Allowed'],
    ['S', 'PGGetGroupList', 'SIP-C/4.0 200 OK'],
    ['SUB', 'PGPresence', 'SIP-C/4.0 200 OK'],
    ['O', 'KeepConnectionBusy', 'SIP-C/4.0 200 OK'],
  ])('%s %s: %s', async (method, N, first) => {
    expect((await line.ask(method, { F: ghost.sid, N })).first).toBe(first);
  });

  test('operations that Fetion does not have', async () => {
    await expect(li.act({ do: 'recall', to: ghost.sid, target: 'x' })).rejects.toThrow(
      'on fetion nobody can recall',
    );
    await expect(li.act({ do: 'appear', state: 'happy' })).rejects.toThrow('no presence of Fetion');
    expect(() => fetion.person('12345')).toThrow('no mobile number');
    expect(() => fetion.person(ghost.sid)).toThrow('an account that logs in');
  });
});

describe('faults', () => {
  test('a lost message and a lost answer', async () => {
    fetion.faults.loseMessages(1);
    line.send('M', { F: ghost.sid, T: uri(li.sid) }, 'lost');
    await serve('SetPresenceV4', '<presence><basic value="400"/></presence>');
    expect(li.timeline).toEqual([]);
    fetion.faults.loseReplies(1);
    line.send('M', { F: ghost.sid, T: uri(li.sid) }, 'delivered');
    await until(() => last()?.text === 'delivered');
    expect((await say(uri(li.sid), 'and on')).first).toBe('SIP-C/4.0 200 OK');
    expect(line.frames).toEqual([]);
  });

  test('refused, unavailable, silent, and well again', async () => {
    fetion.faults.refuseMessages(1, 504);
    expect((await say(uri(li.sid), 'x')).first).toBe('SIP-C/4.0 504 Request Failure');
    fetion.faults.unavailable = true;
    expect((await say(uri(li.sid), 'x')).first).toBe('SIP-C/4.0 503 Service Unavailable');
    fetion.faults.silent = true;
    line.send('M', { F: ghost.sid, T: uri(li.sid) }, 'x');
    await pause(50);
    expect([li.timeline, line.frames]).toEqual([[], []]);
    fetion.faults.heal();
    expect((await say(uri(li.sid), 'x')).first).toBe('SIP-C/4.0 200 OK');
  });

  test('frames that come together, and messages that come twice', async () => {
    fetion.faults.joinFor = 30;
    fetion.faults.doublePushes = true;
    await li.act({ do: 'write', to: ghost.sid, text: 'twice' });
    await line.seesMessage();
    const [second] = line.frames;
    expect(second?.body).toBe('twice');
  });

  test('deregistered now, and dropped', async () => {
    expect(fetion.faults.deregister(ghost.sid)).toBe(true);
    expect((await line.seesEvent('registration')).body).toContain('deregistered');
    await until(() => line.closed);
    line = await RawClient.loggedIn(fetion.sipcPort, ghost);
    fetion.faults.drop(ghost.sid);
    await until(() => line.closed);
    expect(fetion.connectedAccounts()).toEqual([]);
  });
});

function isMessage({ first }: RawFrame): boolean {
  return first.startsWith('M ');
}

function ids(frames: RawFrame[]): (string | undefined)[] {
  return frames.map(({ headers }) => headers['XI']);
}

/** The connection breaks, and the account logs in anew. */
async function again(): Promise<void> {
  line.close();
  await until(() => fetion.connectedAccounts().length === 0);
  line = await RawClient.loggedIn(fetion.sipcPort, ghost);
}
