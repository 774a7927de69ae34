/** Whoever guesses is slowed down, and nobody else. */
import { FakeClock } from '../../../test/support/fake-clock.js';
import { metrics } from './metrics.js';
import { FREE_WRONG_PROOFS, WrongProofs, type Claim } from './wrong-proofs.js';

const HERE = '192.0.2.1';
const ELSEWHERE = '192.0.2.2';

function aPlace() {
  const clock = new FakeClock();
  const lines: [object, string][] = [];
  const write = (about: object, text: string) => void lines.push([about, text]);
  const proofs = new WrongProofs({ place: 'test', clock, log: { info: write, warn: write } as never });
  /** With a password that is sent as it is. */
  const signsIn = (address: string, secret: string, account = 'ann') =>
    proofs.check({ address, account, secret }, () => secret === 'right');
  /** With a digest, which is another one each time. */
  const proves = (address: string, secret: string, account = 'ann') =>
    proofs.check({ address, account }, () => secret === 'right');
  const guesses = async (address: string, count: number = FREE_WRONG_PROOFS.address, account = 'ann') => {
    for (let at = 0; at < count; at++) await signsIn(address, `wrong ${at}`, account);
  };
  return { clock, lines, proofs, signsIn, proves, guesses };
}

test('ten wrong passwords are free; then those of this address wait, and are not looked at', async () => {
  const { signsIn, guesses, proofs } = aPlace();
  await guesses(HERE);
  let lookedAt = 0;
  expect(await proofs.check({ address: HERE, account: 'ann' }, () => ++lookedAt > 0)).toBe('wait');
  expect([await signsIn(HERE, 'right'), lookedAt]).toEqual(['wait', 0]);
});

test('other addresses do not wait, also for the same account; a /64 of IPv6 is one address', async () => {
  const { signsIn, guesses } = aPlace();
  await guesses('2001:db8::1');
  expect(await signsIn('2001:db8::abcd', 'right')).toBe('wait');
  expect(await signsIn('2001:db8:0:1::1', 'right')).toBe('right');
  expect(await signsIn(ELSEWHERE, 'right')).toBe('right');
});

test('the pause doubles up to five minutes, and attempts within it do not lengthen it', async () => {
  const { clock, proofs, signsIn, guesses } = aPlace();
  await guesses(HERE);
  const pauses: number[] = [];
  for (let round = 0; round < 10; round++) {
    const waitMs = proofs.waitMs({ address: HERE });
    pauses.push(waitMs / 1000);
    await signsIn(HERE, 'within the pause');
    await clock.advance(waitMs);
    expect(await signsIn(HERE, 'wrong', `account ${round}`)).toBe('wrong');
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
});

test('a right password of an account of one’s own frees no further guesses', async () => {
  const { signsIn, guesses } = aPlace();
  await guesses(HERE, 9);
  expect(await signsIn(HERE, 'right', 'eve')).toBe('right');
  await guesses(HERE, 1);
  expect(await signsIn(HERE, 'right')).toBe('wait');
});

test('a password that was right from there does not wait for guesses from the same address', async () => {
  const { signsIn, guesses } = aPlace();
  await signsIn(HERE, 'right');
  await guesses(HERE);
  expect(await signsIn(HERE, 'right')).toBe('right');
  expect(await signsIn(HERE, 'wrong')).toBe('wait');
});

test('who proves an account by digests waits for guesses at this account from this address, and for no others', async () => {
  const { proves, guesses } = aPlace();
  await proves(HERE, 'right');
  await guesses(HERE, 10, 'bob');
  expect([await proves(HERE, 'right'), await proves(HERE, 'right', 'bob')]).toEqual(['right', 'wait']);
  for (let at = 0; at < 10; at++) await proves(HERE, 'wrong');
  expect(await proves(HERE, 'right')).toBe('wait');
  expect(await proves(ELSEWHERE, 'right')).toBe('right');
});

test('a platform that has proven itself does not wait for those that come through the same proxy', () => {
  const { proofs } = aPlace();
  const claim: Claim = { address: HERE };
  proofs.right(claim);
  for (let at = 0; at < 20; at++) proofs.wrong(claim);
  expect(proofs.waitMs(claim)).toBe(0);
});

test('an account at which many addresses guess: answers to others come late, right or wrong', async () => {
  const { clock, proofs, signsIn } = aPlace();
  expect(await signsIn(HERE, 'right')).toBe('right');
  for (let at = 0; at < FREE_WRONG_PROOFS.account; at++)
    proofs.wrong({ address: `10.0.0.${at}`, account: 'ann' });
  const answers: string[] = [];
  for (const secret of ['wrong', 'right'])
    void signsIn(ELSEWHERE, secret).then((verdict) => answers.push(verdict));
  await clock.advance(0);
  expect(answers).toEqual([]);
  await clock.advance(4000);
  expect(answers).toEqual(['wrong', 'right']);
  // Where ann has signed in before, nothing is late.
  expect(await signsIn(HERE, 'right')).toBe('right');
  expect(proofs.wrong({ address: '198.51.100.1', account: 'ann' })).toBeLessThanOrEqual(4000);
  expect(await signsIn('198.51.100.2', 'right', 'bob')).toBe('right');
});

test('after a quarter of an hour without a wrong one everything is as before; begin and end are logged once', async () => {
  const { clock, lines, signsIn, guesses } = aPlace();
  await guesses(HERE, 15);
  await clock.advance(60_000);
  await guesses(HERE, 1);
  expect(lines).toEqual([[{ place: 'test', address: HERE }, expect.stringMatching('slowed down')]]);
  await clock.advance(14 * 60_000);
  expect(lines).toHaveLength(1);
  await clock.advance(60_000);
  expect(lines.slice(1)).toEqual([
    [{ place: 'test', address: HERE }, expect.stringMatching('not slowed down')],
  ]);
  await guesses(HERE, 9);
  expect(await signsIn(HERE, 'right')).toBe('right');
  expect(clock.pending).toEqual([]);
});

test('many at once are no way around it', async () => {
  const { signsIn } = aPlace();
  const all = await Promise.all(
    Array.from({ length: 1000 }, (_, at) => signsIn(HERE, `wrong ${at}`, `account ${at}`)),
  );
  expect(all.filter((verdict) => verdict === 'wrong')).toHaveLength(10);
});

test('more addresses and accounts than the tables have rows, and no more lines than the log should have', async () => {
  const { lines, proofs, clock } = aPlace();
  for (let at = 0; at < 15_000; at++)
    proofs.wrong({ address: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, account: `account ${at}` });
  for (let at = 0; at < 1000; at++)
    for (let n = 0; n < 10; n++) proofs.wrong({ address: `172.16.${at >> 8}.${at & 255}` });
  expect([proofs['counts'].size, proofs['accounts'].size]).toEqual([10_000, 10_000]);
  expect([lines.length, clock.pending.length]).toEqual([20, 20]);
});

test('what was wrong, and what was not looked at, is counted', async () => {
  const { guesses } = aPlace();
  metrics.wrongProofs.reset();
  await guesses(HERE, 12);
  const { values } = await metrics.wrongProofs.get();
  expect(values.map(({ labels, value }) => [labels.place, labels.result, value])).toEqual([
    ['test', 'wrong', 10],
    ['test', 'wait', 2],
  ]);
});
