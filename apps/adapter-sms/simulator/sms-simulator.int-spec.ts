/** The carrier, asked over its socket with packets written by hand: the documents' own examples, logins that are wrong, and lies. */
import { createHash } from 'node:crypto';
import { SmsSimulator, type SmsOptions } from './index.js';
import { hex, RawService } from './testing/raw-service.js';

const open: { close(): Promise<void> | void }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function carrier(options: Partial<SmsOptions> & Pick<SmsOptions, 'protocol'>): Promise<SmsSimulator> {
  const sms = await SmsSimulator.open({
    account: '900001',
    secret: '888888',
    service: '10658000',
    ...options,
  });
  open.push(sms);
  return sms;
}

async function dial(sms: SmsSimulator): Promise<RawService> {
  const service = await RawService.dial(sms.carrierPort);
  open.push(service);
  return service;
}

describe('CMPP', () => {
  /** The document's own example, as a whole packet. */
  const CONNECT =
    '00000027 00000001 00000017 393030303031 90d00c1d517abd0b4f65f6bcf8535d16 21 3cdc73be'.replace(/ /g, '');

  test('the login of the document is accepted, with the digest of one byte', async () => {
    const service = await dial(await carrier({ protocol: 'cmpp' }));
    service.send(CONNECT);
    expect((await service.packet())?.toString('hex')).toBe(
      `0000001e8000000100000017006c0b846e25bab6daa4ed1c466e0f4bd821`,
    );
  });

  test('the same login as version 3 has a status of four bytes', async () => {
    const service = await dial(await carrier({ protocol: 'cmpp' }));
    service.send(CONNECT.replace('213cdc73be', '303cdc73be'));
    expect((await service.packet())?.toString('hex')).toBe(
      `000000218000000100000017000000007942977274098cf210ab0c16c367bc8d30`,
    );
  });

  test.each([
    ['another secret', { secret: '999999' }, '213cdc73be', 3],
    ['another account', { account: '900002' }, '213cdc73be', 2],
    ['a version of the future', {}, '403cdc73be', 4],
  ])('%s is refused, and the link is closed', async (_, options, tail, status) => {
    const service = await dial(await carrier({ protocol: 'cmpp', ...options }));
    service.send(CONNECT.replace('213cdc73be', tail));
    expect((await service.packet())?.[12]).toBe(status);
    expect(await service.packet()).toBeUndefined();
  });

  test('a submit that is sent again gets the same answer, and arrives once', async () => {
    const sms = await carrier({ protocol: 'cmpp' });
    const person = sms.person('8613800000001');
    const submit = cmpp2Submit(0x18, '8613800000001', 'hello');
    const service = await dial(sms);
    service.send(CONNECT, submit, submit);
    await service.packet();
    const first = await service.packet();
    const report = await service.packet();
    expect([first, report].map((each) => each?.readUInt32BE(4))).toEqual([0x80000004, 5]);
    expect((await service.packet())?.toString('hex')).toBe(first?.toString('hex'));
    // The report names the segment by the id of the answer.
    expect(report?.subarray(12 + 65, 12 + 65 + 15).toString('hex')).toBe(
      `${first?.toString('hex', 12, 20)}${Buffer.from('DELIVRD').toString('hex')}`,
    );
    expect(person.timeline.map(({ text }) => text)).toEqual(['hello']);
    // The same number for another message.
    service.send(cmpp2Submit(0x18, '8613800000001', 'another'));
    expect((await service.packet())?.[20]).toBe(3);
  });

  test.each([
    ['a service number that is not ours', { from: '12345' }, 10],
    ['another account', { account: '900009' }, 11],
    ['no telephone number', { to: 'abc' }, 13],
    ['too long a text', { text: 'x'.repeat(160) }, 6],
  ])('%s is refused', async (_, wrong, result) => {
    const service = await dial(await carrier({ protocol: 'cmpp' }));
    const { to = '8613800000001', text = 'hello', ...rest } = wrong as Record<string, string>;
    service.send(CONNECT, cmpp2Submit(1, to, text, rest));
    await service.packet();
    expect((await service.packet())?.[20]).toBe(result);
  });

  test.each([
    ['a length that is too large', 'ffffffff 00000008 00000001'],
    ['a length below that of a header', '00000004 00000008'],
    ['a submit that is cut off', '0000000d 00000004 00000001 00'],
    ['a command that does not exist', '0000000c 00000099 00000001'],
  ])('%s ends the link and nothing else', async (_, packet) => {
    const sms = await carrier({ protocol: 'cmpp' });
    const service = await dial(sms);
    service.send(CONNECT, packet);
    await service.packet();
    expect(await service.packet()).toBeUndefined();
    const another = await dial(sms);
    another.send(CONNECT);
    expect((await another.packet())?.[12]).toBe(0);
  });
});

/** Written by the table of the document, field by field. */
function cmpp2Submit(
  sequence: number,
  to: string,
  text: string,
  { from = '1065800012', account = '900001' }: { from?: string; account?: string } = {},
): Buffer {
  const fixed = (value: string, length: number) =>
    Buffer.concat([Buffer.from(value), Buffer.alloc(length)], length);
  const body = Buffer.concat([
    Buffer.alloc(8),
    Buffer.from([1, 1, 1, 0]),
    fixed('HELP', 10),
    Buffer.from([2]),
    fixed('', 21),
    Buffer.from([0, 0, 0]),
    fixed(account, 6),
    fixed('01', 2),
    fixed('0', 6),
    fixed('', 17),
    fixed('', 17),
    fixed(from, 21),
    Buffer.from([1]),
    fixed(to, 21),
    Buffer.from([text.length]),
    Buffer.from(text),
    Buffer.alloc(8),
  ]);
  const head = Buffer.alloc(12);
  head.writeUInt32BE(12 + body.length);
  head.writeUInt32BE(4, 4);
  head.writeUInt32BE(sequence, 8);
  return Buffer.concat([head, body]);
}

describe('SMGP', () => {
  const login = (proof: string, version = '30') =>
    `0000002a 00000001 00000001 3132333435363738 ${proof} 02 11f0e540 ${version}`;

  test('the login of the document is accepted: 1 March, at midnight', async () => {
    const expected = createHash('md5')
      .update(Buffer.from('12345678'))
      .update(Buffer.alloc(7))
      .update('secret')
      .update('0301000000')
      .digest('hex');
    expect(expected).toBe('95898c46dedbcf393dcd4c2a861481e9');
    const service = await dial(await carrier({ protocol: 'smgp', account: '12345678', secret: 'secret' }));
    service.send(login(expected));
    const answer = await service.packet();
    const ours = createHash('md5')
      .update(Buffer.alloc(4))
      .update(hex(expected))
      .update('secret')
      .digest('hex');
    expect(answer?.toString('hex')).toBe(`00000021800000010000000100000000${ours}30`);
  });

  test.each([
    ['another digest', '00'.repeat(16), '30', 21],
    ['a version of the future', '95898c46dedbcf393dcd4c2a861481e9', '31', 22],
  ])('%s is refused', async (_, proof, version, status) => {
    const service = await dial(await carrier({ protocol: 'smgp', account: '12345678', secret: 'secret' }));
    service.send(login(proof, version));
    expect((await service.packet())?.readUInt32BE(12)).toBe(status);
    expect(await service.packet()).toBeUndefined();
  });
});

describe('SGIP', () => {
  const bind = (type: string, password: string) =>
    Buffer.concat([
      hex(`0000003d 00000001 b2d05e01 3cdc73be 00000001 ${type}`),
      Buffer.concat([Buffer.from('900001'), Buffer.alloc(16)], 16),
      Buffer.concat([Buffer.from(password), Buffer.alloc(16)], 16),
      Buffer.alloc(8),
    ]);

  test.each([
    ['the service', '01', '888888', 0],
    ['another password', '01', '999999', 1],
    ['a gateway', '02', '888888', 4],
  ])('%s binds', async (_, type, password, result) => {
    const service = await dial(await carrier({ protocol: 'sgip' }));
    service.send(bind(type, password));
    const answer = await service.packet();
    expect(answer?.toString('hex')).toBe(
      `0000001d80000001b2d05e013cdc73be000000010${result}0000000000000000`,
    );
  });

  test('a service that says nothing is cut off', async () => {
    const service = await dial(await carrier({ protocol: 'sgip', keepAliveMs: 50 }));
    service.send(bind('01', '888888'));
    await service.packet();
    expect(await service.packet()).toBeUndefined();
  });
});
