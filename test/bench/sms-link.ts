/** Messages in a second over one SMPP link: ours, and npm `smpp` alone, in turns, to the same centre in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pino } from 'pino';
import smpp from 'smpp';
import { openSmppLink, smppSettings } from '../../apps/adapter-sms/src/smpp/index.js';
import { round } from './measure.js';
import type { Measured } from './path.js';
import { scaled, type Scale } from './scale.js';

const MESSAGES = 60_000;
const ROUNDS = 5;
/** Outstanding on either link. */
const WINDOW = 10;
const CENTRE = join('dist', 'test', 'bench', 'smpp-centre.main.js');
const ACCOUNT = { system_id: 'hutong', password: 'secret' };
const [PERSON, SERVICE] = ['8613800138000', '10690001'];
const TEXT = Buffer.from('你好，这是一条短信。', 'utf16le').swap16();

interface Link {
  submit(): Promise<unknown>;
  close(): Promise<unknown>;
}

export async function smsLinkBench(scale: Scale): Promise<Measured> {
  const count = scaled(MESSAGES, scale);
  const centre = fork(CENTRE, [], { execArgv: ['--enable-source-maps'] });
  const rates = { ours: [] as number[], alone: [] as number[] };
  try {
    const [port] = (await once(centre, 'message')) as [number];
    for (let turn = 0; turn < ROUNDS; turn++) {
      rates.alone.push(await perSecond(await npmSmpp(port), count));
      rates.ours.push(await perSecond(await ourLink(port), count));
      scale.note(`turn ${turn + 1} of ${ROUNDS}`);
    }
  } finally {
    centre.kill();
  }
  const [ours, alone] = [median(rates.ours), median(rates.alone)];
  return {
    rows: [
      { part: 'sms', what: 'one SMPP link, npm smpp alone, msg/s', perSecond: round(alone) },
      { part: 'sms', what: 'one SMPP link, ours, msg/s', perSecond: round(ours), ratio: round(ours / alone) },
    ],
    figures: { smppLinkRatio: round(ours / alone) },
  };
}

async function ourLink(port: number): Promise<Link> {
  const settings = smppSettings.parse({
    SMS_SYSTEM_ID: ACCOUNT.system_id,
    SMS_PASSWORD: ACCOUNT.password,
    SMS_PORT: String(port),
    SMS_WINDOW: String(WINDOW),
  });
  const link = openSmppLink(settings, pino({ level: 'silent' }));
  const taken = () => Promise.resolve();
  link.start({ onSegment: taken, onReport: taken, onUnreadable: taken });
  await link.connectivity.untilConnected();
  return {
    submit: () => link.submit({ person: PERSON, service: SERVICE, alphabet: 'ucs2', text: TEXT }),
    close: () => link.stop(),
  };
}

async function npmSmpp(port: number): Promise<Link> {
  const url = `smpp://127.0.0.1:${port}`;
  const connected = Promise.withResolvers<void>();
  const session = smpp.connect({ url }, () => connected.resolve());
  await connected.promise;
  await new Promise((resolve) => session.bind_transceiver(ACCOUNT, resolve));
  const message = {
    source_addr: SERVICE,
    destination_addr: PERSON,
    registered_delivery: 1,
    data_coding: 8,
    short_message: { message: TEXT },
  };
  return {
    submit: () => new Promise((resolve) => session.submit_sm(message, resolve)),
    close: () => new Promise<void>((resolve) => session.close(resolve)),
  };
}

async function perSecond(link: Link, count: number): Promise<number> {
  let next = 0;
  const worker = async () => {
    while (next++ < count) await link.submit();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: WINDOW }, worker));
  const seconds = (performance.now() - start) / 1000;
  await link.close();
  return count / seconds;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
