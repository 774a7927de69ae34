/** Signing in and logging in, over real sockets. */
import { type FetionAccount, FetionService } from './fetion-service.js';
import { RawClient, until } from './test/raw-client.js';

let fetion: FetionService;
let ghost: FetionAccount;
const clients: RawClient[] = [];

beforeEach(async () => {
  fetion = await FetionService.open({ expires: 600 });
  ghost = fetion.account({ sid: '700000001', userId: 390000000, mobile: '13800000001', nickname: '阿飞' });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await fetion.close();
});

async function aClient(): Promise<RawClient> {
  const client = await RawClient.open(fetion.sipcPort);
  clients.push(client);
  return client;
}

async function signIn(query: string): Promise<string> {
  const url = `${fetion.httpUrl}/ssiportal/SSIAppSignInV4.aspx?domains=fetion.com.cn&${query}`;
  return (await fetch(url)).text();
}

const DIGEST1 = 'v4digest-type=1&v4digest=79cd56b93f21298dc8ae9d26de1258e3d6ce85a7';
const DIGEST2 = 'v4digest-type=2&v4digest=4028a008a9a7359cad0309852eed6a235682fca7';

describe('over HTTP', () => {
  test('a client learns where to go', async () => {
    const body = '<config><user mobile-no="13800000001"/><servers version="0"/></config>';
    const answer = await fetch(`${fetion.httpUrl}/nav/getsystemconfig.aspx`, { method: 'POST', body });
    expect(await answer.text()).toContain(`<sipc-proxy>127.0.0.1:${fetion.sipcPort}</sipc-proxy>`);
  });

  test.each([
    ['by mobile number', `mobileno=13800000001&${DIGEST1}`],
    ['by Fetion number', `sid=700000001&${DIGEST1}`],
    ['with the second digest', `sid=700000001&${DIGEST2}`],
  ])('the password is right %s', async (_, query) => {
    const answer = await signIn(query);
    expect(answer).toMatch(/status-code="200".*uri="sip:700000001@fetion.com.cn;p=\d+".*user-id="390000000"/);
  });

  test('a failed sign-in gives its reason', async () => {
    fetion.account({ sid: '700000009', suspended: true });
    expect(await signIn(`sid=700000001&${DIGEST1.replace('79', '78')}`)).toContain('status-code="401"');
    expect(await signIn(`sid=711111111&${DIGEST1}`)).toContain('status-code="404"');
    expect(await signIn(`sid=700000009&${DIGEST1}`)).toContain('status-code="433"');
    fetion.faults.unavailable = true;
    expect(await signIn(`sid=700000001&${DIGEST1}`)).toContain('status-code="503"');
  });

  test('a picture code is asked for, and good once', async () => {
    fetion.faults.captchaAtSignIn = true;
    expect(await signIn(`sid=700000001&${DIGEST1}`)).toMatch(/status-code="421".*<verification algorithm="/);
    const { id, text } = await drawPicture();
    const answer = `sid=700000001&${DIGEST1}&pid=${id}&pic=${text}&algorithm=picc-ChangeMachine`;
    expect(await signIn(answer)).toContain('status-code="200"');
    expect(await signIn(answer)).toContain('status-code="420"');
  });
});

describe('over SIP-C', () => {
  test('challenge, answer, welcome', async () => {
    const client = await aClient();
    const answer = await client.logIn(ghost);
    expect(answer.first).toBe('SIP-C/4.0 200 OK');
    expect(answer.headers).toMatchObject({ I: '2', Q: '2 R', X: '600' });
    expect(answer.body).toMatch(
      /<results><client .*<user-info><personal .*nickname="阿飞".*<contact-list .*<quotas>/,
    );
    expect(fetion.connectedAccounts()).toEqual(['700000001']);
  });

  test('the same, byte by byte', async () => {
    fetion.faults.splitFrames = true;
    expect((await (await aClient()).logIn(ghost)).first).toBe('SIP-C/4.0 200 OK');
  });

  test('a wrong password gets another challenge', async () => {
    const answer = await (await aClient()).logIn({ ...ghost, password: 'guess' });
    expect(answer.first).toBe('SIP-C/4.0 401 Unauthoried');
    expect(answer.headers['W']).toMatch(
      /^Digest algorithm="SHA1-sess-v4",nonce="[0-9A-F]{32}",key="[0-9A-F]{262}"/,
    );
    expect(fetion.connectedAccounts()).toEqual([]);
  });

  test('an account cannot log in as a subscriber, or send before its login', async () => {
    const client = await aClient();
    const { sid } = fetion.person('13800138000');
    expect((await client.ask('R', { F: sid })).first).toBe('SIP-C/4.0 404 Not Found');
    expect((await client.ask('M', { F: sid, T: 'tel:13800138000' }, 'x')).first).toBe(
      'SIP-C/4.0 403 Forbidden',
    );
  });

  test('a picture code is asked for', async () => {
    fetion.faults.captchaAtLogin = true;
    const client = await aClient();
    const asked = await client.logIn(ghost);
    expect(asked.first).toBe('SIP-C/4.0 421 Extension Required');
    expect(asked.headers['W']).toBe('Verify algorithm="picc-ChangeMachine",type="GeneralPic"');
    const { id, text } = await drawPicture();
    const again = await client.logIn(
      ghost,
      `Verify response="${text}",algorithm="picc-ChangeMachine",type="GeneralPic",chid="${id}"`,
    );
    expect(again.first).toBe('SIP-C/4.0 200 OK');
  });

  test('staying, and leaving', async () => {
    const client = await aClient();
    await client.logIn(ghost);
    const kept = await client.ask('R', { F: ghost.sid, N: 'KeepAlive' }, '<args/>');
    expect([kept.first, kept.headers['X']]).toEqual(['SIP-C/4.0 200 OK', '600']);
    const left = await client.ask('R', { F: ghost.sid, X: '0' });
    expect([left.first, left.headers['X']]).toEqual(['SIP-C/4.0 200 OK', '0']);
    await until(() => client.closed && fetion.connectedAccounts().length === 0);
  });

  test('a second login elsewhere pushes out the first', async () => {
    const first = await aClient();
    await first.logIn(ghost);
    const second = await aClient();
    await second.logIn(ghost);
    expect((await first.seesEvent('registration')).body).toContain('type="deregistered"');
    await until(() => first.closed);
    expect([second.closed, fetion.connectedAccounts()]).toEqual([false, ['700000001']]);
  });

  test('a client that does not renew its registration is logged out', async () => {
    await fetion.close();
    fetion = await FetionService.open({ expires: 1, accounts: [ghost] });
    const client = await aClient();
    await client.logIn(ghost);
    await until(() => client.closed && fetion.connectedAccounts().length === 0);
  });

  test('garbage ends the connection, and no other', async () => {
    const [bad, good] = [await aClient(), await aClient()];
    bad.raw('GET / HTTP/1.1\r\n\r\n');
    await until(() => bad.closed);
    expect((await good.logIn(ghost)).first).toBe('SIP-C/4.0 200 OK');
  });
});

async function drawPicture(): Promise<{ id: string; text: string }> {
  const answer = await (
    await fetch(`${fetion.httpUrl}/nav/GetPicCodeV4.aspx?algorithm=picc-ChangeMachine`)
  ).text();
  const [, id = '', pic = ''] = /<pic-certificate id="([^"]*)" pic="([^"]*)"/.exec(answer) ?? [];
  return { id, text: Buffer.from(pic, 'base64').toString() };
}
