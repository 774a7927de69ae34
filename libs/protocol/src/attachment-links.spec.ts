import fc from 'fast-check';
import type { EventId } from './ids.js';
import { linkId, readLink, signLink } from './attachment-links.js';
import type { MediaUrl } from './attachments.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const SECRET = 'a secret of the console';
const now = new Date('2026-11-22T12:00:00.000Z');
const tomorrow = new Date('2026-11-23T12:00:00.000Z');
const event = 'event-one' as EventId;
const url = `hub-media:matrix/${'a'.repeat(43)}` as MediaUrl;
const id = linkId(event, url);
const token = signLink(SECRET, id, tomorrow);
const parts = token.split('.') as [string, string, string];

describe('a link to a medium', () => {
  test('says which it is, until its time is over', () => {
    expect(readLink(SECRET, token, now)).toEqual({ id, expired: false });
    expect(readLink(SECRET, token, new Date(tomorrow.getTime() - 1))).toEqual({ id, expired: false });
    expect(readLink(SECRET, token, tomorrow)).toEqual({ id, expired: true });
  });

  test('is short, and has nothing in it that an address would have to escape', () => {
    expect(token).toMatch(/^[A-Za-z0-9_-]{16}\.[a-z0-9]{1,8}\.[A-Za-z0-9_-]{22}$/);
  });

  test('is the same however often it is asked for, and another for another event or medium', () => {
    expect(linkId(event, url)).toBe(id);
    const other = `hub-media:matrix/${'b'.repeat(43)}` as MediaUrl;
    expect(new Set([id, linkId('event-two' as EventId, url), linkId(event, other)]).size).toBe(3);
  });

  test('of a time that is over before it begins is expired', () => {
    expect(readLink(SECRET, signLink(SECRET, id, new Date(0)), now)).toEqual({ id, expired: true });
  });
});

describe('mallory makes a link', () => {
  test('to another medium, with the signature of this one', () => {
    const other = linkId('event-two' as EventId, url);
    expect(readLink(SECRET, [other, parts[1], parts[2]].join('.'), now)).toBeUndefined();
  });

  test('that lasts for longer', () => {
    const later = (parseInt(parts[1], 36) + 3600).toString(36);
    expect(readLink(SECRET, [parts[0], later, parts[2]].join('.'), now)).toBeUndefined();
  });

  test('with a secret of her own', () => {
    expect(readLink(SECRET, signLink('another secret', id, tomorrow), now)).toBeUndefined();
  });

  test('with any letter of the signature changed, or the last one missing', () => {
    for (const [at, letter] of Array.from(parts[2]).entries()) {
      const forged = parts[2].slice(0, at) + (letter === 'A' ? 'B' : 'A') + parts[2].slice(at + 1);
      expect(readLink(SECRET, [parts[0], parts[1], forged].join('.'), now)).toBeUndefined();
    }
    expect(readLink(SECRET, token.slice(0, -1), now)).toBeUndefined();
  });

  test('where the border between id and end is moved', () => {
    const moved = [parts[0].slice(0, -1), parts[0].slice(-1) + parts[1], parts[2]].join('.');
    expect(readLink(SECRET, moved, now)).toBeUndefined();
  });

  test.each(['', '.', '..', '...', 'x', 'a.b.c', `${parts[0]}.${parts[1]}`, `..${parts[2]}`, '链.接.🔗'])(
    'of nonsense: "%s"',
    (nonsense) => {
      expect(readLink(SECRET, nonsense, now)).toBeUndefined();
    },
  );

  test('of anything at all', () => {
    const signature = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '_', '-', '链'), maxLength: 24 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), signature, (one, end, given) => {
        expect(readLink(SECRET, `${one}.${end}.${given}`, now)).toBeUndefined();
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
