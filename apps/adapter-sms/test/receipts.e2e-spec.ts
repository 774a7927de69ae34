/**
 * An aggregator (npm `smpp`, which others wrote) connects to our centre, and asks what becomes of the messages of its people: sue of
 * another network gets them, or does not.
 */
import smpp, { type Pdu, type Session } from 'smpp';
import type { TestNetwork } from '#adapter-contract';
import { freePort, listens } from '#engines';
import { HubFixture, restart, until, type App } from '../../../test/support/hub-fixture.js';
import { CODE } from './sms.home.js';

const ANN = '8613800138000';
const ACCOUNT = { system_id: 'aggregate', password: 'secret' };
/** Our number, with the number of sue behind it. */
const SUE = `${CODE}01`;
const ALWAYS = 1;
const FAILURES = 2;

let hub: HubFixture;
let far: TestNetwork;
let centre: App;
let port: number;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  await hub.serveSignOn(['far', 'sms']);
  far = await hub.testNetwork('far');
  port = await freePort();
  const settings = {
    NATS_CREDS: await hub.admit('sms'),
    SMS_ROLE: 'smsc',
    SMS_CODE: CODE,
    SMS_PORT: String(port),
    SMS_SYSTEM_ID: ACCOUNT.system_id,
    SMS_PASSWORD: ACCOUNT.password,
  };
  // It is ready when an aggregator has connected.
  centre = await hub.app('adapter-sms', 'dist/apps/adapter-sms/src/main.js', settings, '/healthz/live');
});
afterAll(async () => {
  aggregator?.session.destroy();
  await hub?.close();
  await far?.close();
});

class Aggregator {
  readonly delivered: Pdu[] = [];
  /** Receipts are not answered. */
  isMute = false;

  private constructor(readonly session: Session) {
    session.on('error', () => undefined);
    session.on('deliver_sm', (pdu: Pdu) => {
      this.delivered.push(pdu);
      if (!this.isMute || pdu.esm_class !== 4) session.send(pdu.response());
    });
  }

  static async connect(): Promise<Aggregator> {
    await until('our centre to listen', () => listens(port));
    const session = await new Promise<Session>((resolve) => {
      const made = smpp.connect({ url: `smpp://127.0.0.1:${port}` }, () => resolve(made));
    });
    const connected = new Aggregator(session);
    const bound = new Promise<Pdu>((resolve) => session.bind_transceiver(ACCOUNT, resolve));
    expect(await bound).toMatchObject({ command_status: 0 });
    return connected;
  }

  /** What Ann writes. @returns the id of the message */
  async submits(text: string, wish = 0): Promise<string> {
    const message = { source_addr: ANN, source_addr_ton: 1, destination_addr: SUE, short_message: text };
    const answer = await new Promise<Pdu>((resolve) =>
      this.session.submit_sm({ ...message, registered_delivery: wish }, resolve),
    );
    expect(answer.command_status).toBe(0);
    return String(answer.message_id);
  }

  receiptsOf(id: string): Pdu[] {
    return this.delivered.filter(
      ({ esm_class, receipted_message_id }) => esm_class === 4 && receipted_message_id === id,
    );
  }

  async receiptOf(id: string): Promise<string> {
    await until('the receipt', () => this.receiptsOf(id).length > 0);
    return String(this.receiptsOf(id)[0]?.short_message?.message);
  }
}

let aggregator: Aggregator | undefined;

async function connects(): Promise<Aggregator> {
  aggregator?.session.destroy();
  return (aggregator = await Aggregator.connect());
}

const sueHears = (text: string) =>
  until(`sue hears "${text}"`, () =>
    far.inbox('sue').some((act) => act.kind === 'message' && act.text === text),
  );

test('it is told that a message arrived, from the number to which it went', async () => {
  const it = await connects();
  far.act({ kind: 'message', from: 'sue', to: `${ANN}@sms`, text: 'hello ann' });
  await until('her message', () => it.delivered.some(({ source_addr }) => source_addr === SUE));
  const id = await it.submits('hello', ALWAYS);
  expect(await it.receiptOf(id)).toMatch(
    new RegExp(
      `^id:${id} sub:001 dlvrd:001 submit date:\\d{10} done date:\\d{10} stat:DELIVRD err:000 text:$`,
    ),
  );
  expect(it.receiptsOf(id)[0]).toMatchObject({ source_addr: SUE, destination_addr: ANN, message_state: 2 });
  await sueHears('hello');
});

test('it is told that a message failed, and of no success where it asks for failures alone', async () => {
  const it = await connects();
  const success = await it.submits('that arrives', FAILURES);
  await sueHears('that arrives');
  far.refuse('sue', '14', 1);
  const failure = await it.submits('that does not', FAILURES);
  expect(await it.receiptOf(failure)).toContain('dlvrd:000');
  expect(await it.receiptOf(failure)).toContain('stat:UNDELIV err:001');
  expect(it.receiptsOf(failure)[0]).toMatchObject({ message_state: 5 });
  expect(it.receiptsOf(success)).toEqual([]);
});

test('it is told that the account has read a command', async () => {
  const it = await connects();
  expect(await it.receiptOf(await it.submits('@', ALWAYS))).toContain('stat:DELIVRD');
});

test('a receipt that it did not answer comes again when our process was killed and it has connected again', async () => {
  const before = await connects();
  before.isMute = true;
  const id = await before.submits('before the crash', ALWAYS);
  await before.receiptOf(id);
  await restart(centre, 'SIGKILL');
  const after = await connects();
  expect(await after.receiptOf(id)).toContain('stat:DELIVRD');
  // Answered, it does not come a second time.
  await after.receiptOf(await after.submits('after the crash', ALWAYS));
  expect(after.receiptsOf(id)).toHaveLength(1);
});

test('a receipt of the time in which it was away comes when it is back', async () => {
  const before = await connects();
  before.isMute = true;
  const id = await before.submits('just before', ALWAYS);
  before.session.destroy();
  await sueHears('just before');
  const after = await connects();
  expect(await after.receiptOf(id)).toContain('stat:DELIVRD');
});
