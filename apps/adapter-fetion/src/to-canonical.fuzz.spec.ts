/** Whatever a Fetion server pushes, it is read as an act: nothing is thrown. */
import fc from 'fast-check';
import type { Frame } from './sipc-frame.js';
import { readFrame, withoutTags } from './to-canonical.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const words = (...some: string[]) =>
  fc.array(fc.constantFrom(...some), { maxLength: 8 }).map((chosen) => chosen.join(''));

const noise = words(
  '<',
  '>',
  '</',
  '/>',
  '&lt;',
  '&#0;',
  '&',
  'events',
  'event',
  ' type="x"',
  '<![CDATA[',
  ']]>',
  '信',
);
const inside = words(
  '<c id="1">',
  '</c>',
  '<c/>',
  '<p su="sip:1" n=""/>',
  '<pr b="400"/>',
  '<pr b="9e9"/>',
  '<application/>',
  '<buddy action="remove"/>',
  '<buddy relation-status="1"/>',
  '<event type="deregistered"/>',
  '<',
);
const types = fc.constantFrom('PresenceChanged', 'SyncUserInfo', 'AddBuddyApplication', 'deregistered', '');
const events = fc
  .tuple(types, inside)
  .map(([type, inner]) => `<events><event type="${type}">${inner}</event></events>`);
const state = words('input', 'nudge', '<', ' ').map(
  (text) => `<is-composing><state>${text}</state></is-composing>`,
);
const value = fc.constantFrom(
  '',
  'sip:1@fetion.com.cn',
  'sip:PG1@fetion.com.cn',
  'text/html',
  'now',
  '-271821-04-19',
);

test('no tag is left of a fragment', () => {
  const fragment = words('<', '>', '</', '/>', '<br/>', 'Font', '"', '信');
  fc.assert(
    fc.property(fragment, (text) => {
      expect(withoutTags(text)).not.toMatch(/<[^>]*>/);
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test('frames of anything are acts', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.constantFrom('M', 'IN', 'BN', 'BN', 'I', 'B'),
      fc.array(fc.tuple(fc.constantFrom('F', 'D', 'C', 'XI', 'I'), value), { maxLength: 3 }),
      fc.oneof(noise, events, state),
      (method, headers, body) => {
        const frame: Frame = { start: { kind: 'request', method, target: '7' }, headers, body };
        const act = readFrame(frame, '13800000001');
        seen.add(act.act);
        if (act.act === 'events') for (const { event } of act.events) seen.add(event);
        if (act.act === 'message') expect(act.sentAt.getTime()).not.toBeNaN();
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
  expect([...seen].sort()).toEqual([
    'application',
    'events',
    'group-message',
    'invited',
    'message',
    'nudge',
    'presence',
    'pushed-out',
    'relation',
    'signalling',
    'typing',
    'unknown',
  ]);
});
