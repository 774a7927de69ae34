/** A stranger guesses the password of our centre with the npm package `smpp`, which others wrote. */
import { pino } from 'pino';
import smpp, { type Pdu, type Session } from 'smpp';
import { until } from '../../../test/support/until.js';
import { smppSettings } from '../src/smpp/smpp.config.js';
import { SmscLink } from '../src/smpp/smsc.link.js';
import { RecordedEvents } from '../src/testing/recorded-events.js';

const [OK, BIND_FAILED, WRONG_PASSWORD] = [0, 0x0d, 0x0e];
const SETTINGS = { SMS_ROLE: 'smsc', SMS_PORT: '0', SMS_SYSTEM_ID: 'aggregate', SMS_PASSWORD: 'secret' };
/** Linux has all of 127.0.0.0/8. */
const [HERE, ELSEWHERE] = ['127.0.0.2', '127.0.0.3'];

let centre: SmscLink;
const sessions: Session[] = [];

beforeEach(async () => {
  centre = new SmscLink(smppSettings.parse(SETTINGS), pino({ level: 'silent' }));
  centre.start(new RecordedEvents());
  await until('the port', () => centre.port > 0);
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await centre.stop();
});

/** @returns the status of the answer */
async function bindFrom(localAddress: string, password: string): Promise<number> {
  const session = await new Promise<Session>((resolve) => {
    const made = smpp.connect({ port: centre.port, localAddress }, () => resolve(made));
    made.on('error', () => undefined);
  });
  sessions.push(session);
  const answer = await new Promise<Pdu>((resolve) =>
    session.bind_transceiver({ system_id: 'aggregate', password }, resolve),
  );
  return answer.command_status;
}

test('after ten wrong passwords the address waits; the aggregator binds from its own', async () => {
  for (let at = 0; at < 10; at++) expect(await bindFrom(HERE, `guess ${at}`)).toBe(WRONG_PASSWORD);
  // The right one would be found out otherwise.
  expect(await bindFrom(HERE, 'secret')).toBe(BIND_FAILED);
  expect(centre.connectivity.connected).toBe(false);
  expect(await bindFrom(ELSEWHERE, 'secret')).toBe(OK);
  await centre.connectivity.untilConnected();
});

test('an aggregator that has bound does so again, whoever guesses from behind its address', async () => {
  expect(await bindFrom(HERE, 'secret')).toBe(OK);
  for (let at = 0; at < 10; at++) await bindFrom(HERE, `guess ${at}`);
  expect(await bindFrom(HERE, 'guess')).toBe(BIND_FAILED);
  expect(await bindFrom(HERE, 'secret')).toBe(OK);
});
