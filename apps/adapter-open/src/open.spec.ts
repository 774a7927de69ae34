/** The open interface against strangers: signatures, ids, and whatever may come as an event. */
import fc from 'fast-check';
import { contentKind, EMPTY, HubError, placeOf, textParts, type EventId } from '#protocol';
import { OpenEvent, SocketFrame } from './open.schema.js';
import { capabilitiesOf, checkIdentity, loadProfile, PROFILE_NAMES } from './profiles.js';
import { sign, Verifier } from './signature.js';
import { contentOf, type Said } from './to-canonical.js';
import { readAnswer } from './open.errors.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const KEY = 'a key that two parties share, 32+ characters';
const BODY = '{"events":[]}';

describe('authentication of a network', () => {
  const verifier = new Verifier(KEY);
  const refused = (text: string) =>
    expect.objectContaining({ code: '31', detail: expect.stringContaining(text) as string }) as Error;
  /** As the bucket on the bus: the first value stays. */
  const nonces = () => {
    const stored = new Map<string, string>();
    return {
      claim: (nonce: string, use: string) => {
        if (!stored.has(nonce)) stored.set(nonce, use);
        return Promise.resolve(stored.get(nonce) ?? '');
      },
    };
  };

  test('a signed request is accepted once', async () => {
    const [headers, shared] = [sign(KEY, 'POST', '/open/v1/events', BODY), nonces()];
    await verifier.check(headers, 'POST', '/open/v1/events', BODY, shared);
    await expect(verifier.check(headers, 'POST', '/open/v1/events', BODY, shared)).rejects.toThrow(
      refused('nonce was used'),
    );
  });

  test('a nonce that another process has seen is refused by this one', async () => {
    const [headers, shared] = [sign(KEY, 'POST', '/p', BODY), nonces()];
    await new Verifier(KEY).check(headers, 'POST', '/p', BODY, shared);
    await expect(new Verifier(KEY).check(headers, 'POST', '/p', BODY, shared)).rejects.toThrow(
      refused('nonce was used'),
    );
  });

  test('while nonces cannot be looked up, nothing is believed: the answer is "try again"', async () => {
    const away = { claim: () => Promise.reject(new HubError('91', 'the bus does not answer')) };
    await expect(verifier.check(sign(KEY, 'POST', '/p', BODY), 'POST', '/p', BODY, away)).rejects.toThrow(
      expect.objectContaining({ code: '91' }) as Error,
    );
  });

  test.each([
    ['another key', sign(`${KEY}!`, 'POST', '/p', BODY), 'POST', '/p', BODY, 'signature is wrong'],
    ['another method', sign(KEY, 'POST', '/p', BODY), 'GET', '/p', BODY, 'signature is wrong'],
    ['another path', sign(KEY, 'POST', '/p', BODY), 'POST', '/q', BODY, 'signature is wrong'],
    ['another body', sign(KEY, 'POST', '/p', BODY), 'POST', '/p', `${BODY} `, 'signature is wrong'],
    ['nothing at all', {}, 'POST', '/p', BODY, 'no signature'],
    [
      'letters beyond ASCII',
      { 'hutong-signature': `v1=${'é'.repeat(64)}` },
      'POST',
      '/p',
      BODY,
      'no signature',
    ],
    [
      'a nonce that is too short',
      { ...sign(KEY, 'POST', '/p', BODY), 'hutong-nonce': 'n' },
      'POST',
      '/p',
      BODY,
      'nonce must',
    ],
    ['an hour ago', sign(KEY, 'POST', '/p', BODY, Date.now() - 3600_000), 'POST', '/p', BODY, 'too long ago'],
    ['in an hour', sign(KEY, 'POST', '/p', BODY, Date.now() + 3600_000), 'POST', '/p', BODY, 'too long ago'],
  ])('%s is refused, and the log says why', async (_, headers, method, path, body, why) => {
    await expect(verifier.check(headers, method, path, body, nonces())).rejects.toThrow(refused(why));
  });
});

describe('profiles of networks without a public protocol', () => {
  test.each(PROFILE_NAMES)('%s has its own label', (name) => {
    const profile = loadProfile(name);
    expect(profile.label).toBe('no public protocol; joins through the open interface');
    expect(capabilitiesOf(name, profile).features.text).toBe(2);
  });

  test('feiliao accepts telephone numbers of any operator, and no other ids', () => {
    const feiliao = loadProfile('feiliao');
    for (const number of ['+8613800138000', '+8618600186000', '4915112345678'])
      expect(() => checkIdentity(feiliao, number)).not.toThrow();
    for (const other of ['alice', '+0123', '+86 138', ''])
      expect(() => checkIdentity(feiliao, other)).toThrow(expect.objectContaining({ code: '30' }) as Error);
    expect(() => checkIdentity(loadProfile('kik'), 'alice.w')).not.toThrow();
  });
});

describe('events of a network', () => {
  const said = (event: object): Said =>
    OpenEvent.parse({ id: '1', from: { id: 'ann' }, to: 'im:bob@xmpp', ...event }) as Said;

  test('a message with text, location and card keeps all three', () => {
    const { body } = contentOf(
      said({ kind: 'message', text: 'here', place: { latitude: 1, longitude: 2 }, card: { name: 'Li' } }),
      undefined,
      [],
    );
    expect(textParts(body).map(({ content }) => content)).toEqual(['here']);
    expect(
      body.kind === 'multi' && body.parts.map((part) => part.kind === 'single' && placeOf(part)?.latitude),
    ).toContain(1);
  });

  test.each([
    [{ kind: 'edit', text: 'x', target: 't' }, 'edit'],
    [{ kind: 'recall', target: 't' }, 'recall'],
    [{ kind: 'message', text: 'x', replyTo: 't' }, 'new'],
  ])('%j is a %s', (event, kind) => {
    expect(contentKind(contentOf(said(event), 'found' as EventId, []))).toBe(kind);
  });

  test('a reaction refers to its message and says nothing else; the adapter adds the emoji', () => {
    const reaction = said({ kind: 'reaction', target: 't', emoji: ['👍'] });
    expect(contentOf(reaction, 'found' as EventId, [])).toEqual({ body: EMPTY, inReplyTo: 'found' });
  });

  test('an answer is read, and one that says nothing we know is refused', () => {
    expect(readAnswer('', true)).toEqual({});
    expect(readAnswer('{"code":"14"}', false)).toEqual({ code: '14' });
    for (const [text, ok] of [
      ['<html>', true],
      ['{"code":"999"}', true],
      ['{}', false],
    ] as const)
      expect(() => readAnswer(text, ok)).toThrow(expect.objectContaining({ code: '100' }) as Error);
  });

  test('things that are no events do no harm', () => {
    const thing = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.record(
        {
          kind: fc.constantFrom('message', 'edit', 'recall', 'reaction', 'typing', 'presence', 'x'),
          id: fc.oneof(fc.string(), fc.integer()),
          from: fc.oneof(fc.record({ id: fc.string() }), fc.string()),
          to: fc.string(),
          text: fc.oneof(fc.string(), fc.constant(null)),
          target: fc.string(),
          emoji: fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 }),
          place: fc.record({ latitude: fc.double(), longitude: fc.double() }),
        },
        { requiredKeys: [] },
      ),
    );
    let read = 0;
    fc.assert(
      fc.property(thing, (raw) => {
        const parsed = OpenEvent.safeParse(raw);
        expect(typeof SocketFrame.safeParse(raw).success).toBe('boolean');
        if (!parsed.success) return;
        read++;
        if (['message', 'edit', 'recall', 'reaction'].includes(parsed.data.kind))
          expect(contentKind(contentOf(parsed.data as Said, 'x' as EventId, []))).toBeDefined();
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(read).toBeGreaterThan(FUZZ_RUNS / 1000);
  });
});
