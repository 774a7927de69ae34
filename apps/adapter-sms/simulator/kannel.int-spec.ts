/**
 * Kannel, a gateway that others wrote, takes the simulator for a short message service centre: it sends what a web server asks it
 * to, calls the web server for each message of a person, and says what became of a message.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findKannel, freePort, Kannel } from '#engines';
import { engineOrSkip } from '../../../test/support/engines.js';
import { SmsSimulator } from './index.js';
import { WebServer } from './testing/web-server.js';

const SERVICE = '10658000';
const ANNA = '8613800000001';
const account = { account: 'hub', secret: 'password' };

const paths = await engineOrSkip('Kannel', findKannel);
const withKannel = paths ? describe : describe.skip;

withKannel('Kannel as a client', () => {
  let sms: SmsSimulator;
  let web: WebServer;
  let kannel: Kannel;
  let folder: string;
  const anna = () => sms.person(ANNA);

  beforeAll(async () => {
    if (!paths) return;
    sms = await SmsSimulator.open({ protocol: 'smpp', service: SERVICE, responseIds: 'hex', ...account });
    anna();
    web = await WebServer.open();
    folder = mkdtempSync(join(tmpdir(), 'hutong-kannel-'));
    kannel = await Kannel.start({
      root: paths.root,
      folder,
      centre: { port: sms.carrierPort, systemId: account.account, password: account.secret },
      ports: { admin: await freePort(), box: await freePort(), send: await freePort() },
      user: { name: 'web', password: 'web-password' },
      onMessageUrl: `${web.url}/message?from=%p&to=%P&text=%a`,
      idType: 1,
    });
  });
  afterAll(async () => {
    await kannel?.stop();
    await web?.close();
    await sms?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const shown = (text: string) =>
    new Promise<void>((resolve) => {
      const look = (): void => {
        if (anna().timeline.some((sight) => sight.text === text)) {
          end();
          resolve();
        }
      };
      const end = anna().onSight(look);
      look();
    });

  test.each<[string, string, 0 | 2]>([
    ['in 7 bits', 'hello {€}', 0],
    ['in UCS-2', '你好', 2],
    ['in parts', '一条很长的短信。'.repeat(20), 2],
  ])('it sends %s', async (_, text, coding) => {
    const { status, words } = await kannel.send({ from: SERVICE, to: ANNA, text, coding });
    expect([status, words]).toEqual([202, expect.stringContaining('Accepted')]);
    await shown(text);
  });

  test('it matches the receipt, whose id is written in another way than in the answer', async () => {
    const reportUrl = `${web.url}/report?what=%d&id=%F&words=%A`;
    await kannel.send({ from: SERVICE, to: ANNA, text: 'and then?', coding: 0, reportUrl });
    // 8: the centre has it. 1: the handset has it.
    const accepted = await web.called('/report', (query) => query.get('what') === '8');
    const delivered = await web.called('/report', (query) => query.get('what') === '1');
    expect(accepted.get('words')).toContain('ACK');
    expect(delivered.get('words')).toMatch(/^id:\d+ sub:001 dlvrd:001 .* stat:DELIVRD/);
  });

  test('it is told that a message failed', async () => {
    sms.faults.failReport('UNDELIV');
    const reportUrl = `${web.url}/failed?what=%d`;
    await kannel.send({ from: SERVICE, to: ANNA, text: 'nobody is there', coding: 0, reportUrl });
    // 2: it was not delivered.
    await web.called('/failed', (query) => query.get('what') === '2');
  });

  test('it waits when it is asked to, and the message arrives', async () => {
    sms.faults.throttle();
    await kannel.send({ from: SERVICE, to: ANNA, text: 'not too fast', coding: 0 });
    await shown('not too fast');
  });

  test('it hands on what a person writes, short or in parts', async () => {
    const long = '一条从手机来的很长的短信。'.repeat(10);
    await anna().act({ do: 'write', to: `${SERVICE}12`, text: 'TD {€}' });
    await anna().act({ do: 'write', to: SERVICE, text: long });
    const short = await web.called('/message', (query) => query.get('to') === `${SERVICE}12`);
    expect(short.get('text')).toBe('TD {€}');
    expect(short.get('from')).toBe(`+${ANNA}`);
    await web.called('/message', (query) => query.get('text') === long);
  });
});
