/** Whom we may write to, and when. */
import { memoryDouble } from '../../../libs/bot-contacts/src/testing/memory-double.js';
import { isQuiet, Permissions } from './permissions.js';
import { lineSettings } from './testing/closed-carrier.js';

const ANN = '8613800138000';

function permissions(more: NodeJS.ProcessEnv = {}, time = '12:00', kept = new Map<string, unknown>()) {
  const now = () => new Date(`2026-03-02T${time}:00+08:00`);
  return new Permissions({ memory: memoryDouble(kept), settings: lineSettings(more), now });
}
const codeOf = (work: Promise<void>) =>
  work.then(
    () => 'allowed',
    (thrown: { code: string }) => thrown.code,
  );

test('a person who asked for nothing more gets nothing, in any process, until they ask for messages again', async () => {
  const kept = new Map<string, unknown>();
  const one = permissions({}, '12:00', kept);
  expect(await codeOf(one.check(ANN))).toBe('allowed');
  await one.wish(ANN, 'stop');
  expect(await codeOf(one.check(ANN))).toBe('40');
  const next = permissions({}, '12:00', kept);
  expect(await codeOf(next.check(ANN))).toBe('40');
  await next.wish(ANN, 'start');
  expect(await codeOf(next.check(ANN))).toBe('allowed');
});

test.each([
  ['8613800138000', '40'],
  ['86138*', '40'],
  ['86139*, 8613800138000', '40'],
  ['138*', 'allowed'],
  ['861380013800', 'allowed'],
])('the block list %s: %s', async (list, code) => {
  expect(await codeOf(permissions({ SMS_BLOCKED: list }).check(ANN))).toBe(code);
});

test.each([
  ['22:00-08:00', '21:59', 'allowed'],
  ['22:00-08:00', '22:00', '100'],
  ['22:00-08:00', '00:00', '100'],
  ['22:00-08:00', '07:59', '100'],
  ['22:00-08:00', '08:00', 'allowed'],
  ['12:00-13:00', '12:30', '100'],
  ['12:00-13:00', '13:00', 'allowed'],
])('quiet hours %s, at %s: %s', async (hours, time, code) => {
  expect(await codeOf(permissions({ SMS_QUIET_HOURS: hours }, time).check(ANN))).toBe(code);
});

test('the quiet hours are those of the time zone', () => {
  const now = new Date('2026-03-02T23:00:00+08:00');
  expect(isQuiet(now, '22:00-08:00', 'Asia/Shanghai')).toBe(true);
  expect(isQuiet(now, '22:00-08:00', 'Europe/Berlin')).toBe(false);
});

test.each([
  ['SMS_BLOCKED', 'a*'],
  ['SMS_BLOCKED', '86*1'],
  ['SMS_QUIET_HOURS', '22-8'],
  ['SMS_QUIET_HOURS', '24:00-08:00'],
  ['SMS_TIME_ZONE', 'Asia/Nowhere'],
  ['SMS_REFERENCE_BITS', '12'],
  ['SMS_CODE', '+1069'],
])('the setting %s=%s is refused', (name, value) => {
  expect(() => lineSettings({ [name]: value })).toThrow(name);
});
