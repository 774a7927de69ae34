/**
 * Nothing disappears: whatever Yunxin copies of what is said to one of our accounts ends as an event on the bus, as words of
 * the robot, as a record of what was not carried, or is copied again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { HubError, network, type Address } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { YunxinAdapter } from './yunxin.adapter.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

type Copy = Record<string, unknown>;
const RECORDED = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'copies.json'), 'utf8'),
) as { what: string; copy: Copy }[];

function anApplication(refuses?: HubError) {
  const ghosts = { hutong_0123: 'im:sue@far' as Address };
  const double = new HubDouble({ refuses, ghosts });
  const options = { url: 'http://127.0.0.1:9', appKey: 'k', appSecret: 's' };
  const adapter = new YunxinAdapter(network('yixin'), options, double.log);
  Object.assign(adapter, { keepChecking: () => Promise.resolve() });
  void adapter.start(double.hub);
  const traceOf = (native: string) => double.traceOf(() => adapter.copy({ native, unreadable: undefined }));
  return { adapter, traceOf, notCarried: double.notCarried, sent: double.sent };
}

test.each(RECORDED.map(({ what, copy }): [string, Copy] => [what, copy]))(
  '%s leaves a trace',
  async (what, copy) => {
    const { traceOf } = anApplication();
    expect(await traceOf(JSON.stringify(copy))).toBe(what.endsWith('to the robot') ? 'words' : 'event');
  },
);

test('a message to an account of ours that represents nobody is recorded, and its sender is notified', async () => {
  const { traceOf, sent, notCarried } = anApplication();
  const [first] = RECORDED;
  expect(await traceOf(JSON.stringify({ ...first?.copy, to: 'hutong_9999' }))).toBe('not carried: refused');
  expect(notCarried).toMatchObject([{ kind: 'refused', why: expect.stringContaining('14') as string }]);
  expect(sent).toHaveLength(1);
});

test('a message that could not be stored now is copied again', async () => {
  const { traceOf } = anApplication(new HubError('91', 'the bus is away'));
  expect(await traceOf(JSON.stringify(RECORDED[0]?.copy))).toBe('delivered again');
});

test('a copy whose JSON must not be parsed is taken once and recorded', async () => {
  const { adapter, notCarried } = anApplication();
  await adapter.copy({ native: '[[[[', unreadable: 'too deep' });
  expect(notCarried).toEqual([{ kind: 'unreadable', why: 'too deep', native: '[[[[' }]);
});

test('a recorded copy leaves a trace after any mutation', async () => {
  const names = [...Object.keys(RECORDED[0]?.copy ?? {}), '__proto__', 'constructor'].filter(
    (name) => name !== 'to',
  );
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      '0',
      '1',
      'null',
      '{}',
      '[]',
      '{',
      'TEAM',
      '\ud800',
      '\u0000',
      'x'.repeat(3000),
      7,
      true,
      {},
      [1],
    ),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const changes = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 });
  const application = anApplication();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...RECORDED),
      changes,
      fc.option(fc.nat()),
      async ({ copy }, changed, cut) => {
        const whole = JSON.stringify({ ...copy, ...Object.fromEntries(changed) });
        const native = cut === null ? whole : whole.slice(0, cut % whole.length);
        const trace = await application.traceOf(native);
        expect({ native, trace: trace ?? quiet(whole) }).toEqual({
          native,
          trace: expect.any(String) as string,
        });
        seen.add(trace ?? 'quiet');
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
  expect([...seen].map((trace) => trace.split(':')[0])).toEqual(
    expect.arrayContaining(['event', 'not carried', 'words']),
  );
});

/** Copies that are not for remote people, by their fields: logins, messages of our ghosts, messages in teams without ghosts. */
function quiet(native: string): string | undefined {
  const { eventType, convType, fromAccount } = JSON.parse(native) as Record<string, unknown>;
  const none =
    eventType === '2' || eventType === 2 || convType === 'TEAM' || String(fromAccount).startsWith('hutong_');
  return none || String(convType).startsWith('CUSTOM_') ? 'quiet' : undefined;
}
