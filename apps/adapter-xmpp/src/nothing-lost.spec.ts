/** Every stanza ends on the bus, as a refusal that its sender sees, or as a dead letter: the recorded ones, and any mutation of them. */
import type { Element } from '@xmpp/component';
import fc from 'fast-check';
import { placeOf, textParts } from '#protocol';
import { parse, recordedStanzas, XmppInbound, type Trace } from '../../../test/support/xmpp-inbound.js';

const recorded = recordedStanzas();
const stanzaCalled = (name: string) => parse(String(new Map(recorded).get(name)));

/** A line for each trace. */
function told(trace: Trace): string {
  switch (trace.to) {
    case 'bus':
      if (trace.what === 'message') return `message: ${said(trace.draft)}`;
      if (trace.what === 'outcome') return `outcome: ${trace.report.stage} of ${trace.native}`;
      return trace.what === 'receipt'
        ? `receipt: ${trace.draft.status}`
        : `${trace.what}: ${JSON.stringify(trace.said)}`;
    case 'sender':
      return `sender: ${trace.stanza.name} ${trace.stanza.attrs['type'] ?? ''} ${conditionOf(trace.stanza)}`.trim();
    case 'dead letters':
      return `dead letter: ${trace.input.kind}`;
  }
}

function said({ content, media = [] }: Extract<Trace, { what: 'message' }>['draft']): string {
  const files = media.map(({ source }) => `[${source['url']}]`);
  const parts = content.body.kind === 'multi' ? content.body.parts : [content.body];
  const places = parts
    .map((part) => (part.kind === 'single' ? placeOf(part) : undefined))
    .filter((place) => place !== undefined);
  const change = content.reactions
    ? `reactions ${content.reactions.current.join(' ')}`
    : content.replaces
      ? 'replaces '
      : '';
  return [
    `${change}${[...files, ...places.map(({ latitude, longitude }) => `(${latitude} ${longitude})`)].join('')}`,
    ...textParts(content.body).map((part) => part.content),
  ]
    .filter((line) => line !== '')
    .join(' | ');
}

function conditionOf(stanza: Element): string {
  return stanza.getChild('error')?.getChildElements()[0]?.name ?? '';
}

/** Alice has said `own` before, and bob `from-bob`. */
async function aConversation(): Promise<XmppInbound> {
  const inbound = new XmppInbound();
  for (const sender of ['alice@localhost', 'juliet@localhost'])
    await inbound.receive(
      `<message from='${sender}/x' to='bob@matrix.hub.localhost' id='own' type='chat'><body>own</body></message>`,
    );
  inbound.bobSaid('from-bob');
  return inbound;
}

describe('each recorded stanza', () => {
  const refused = (condition = 'feature-not-implemented') => [`sender: message error ${condition}`];
  const ends: Record<string, string[]> = {
    plain: ['message: hello'],
    typing: ['typing: [{"address":"im:alice%40localhost@xmpp"},"im:bob@matrix","composing",30000]'],
    receipt: ['receipt: delivered'],
    displayed: ['receipt: read'],
    'old event': ['receipt: delivered'],
    correction: ['message: replaces  | hello there'],
    retraction: ['message: replaces '],
    'old retraction': ['message: replaces '],
    reactions: ['message: reactions ❤️ 👍🏽'],
    reply: ['message: yes'],
    'old attaching': ['message: look at this'],
    languages: ['message: Wherefore art thou, Romeo?\n[cs] PročeŽ jsi ty, Romeo?'],
    subject: ['message: (subject: I implore you!)\nWherefore art thou, Romeo?'],
    file: ['message: [https://upload.localhost/a/summit.jpg]'],
    'two files': ['message: [https://upload.localhost/a.jpg][https://upload.localhost/b.jpg] | two of them'],
    'shared media': ['message: [https://upload.localhost/s.jpg] | Look at the nice view from the summit.'],
    'link beside words': [
      'message: Yeah, but do you have a license to Jabber?\nA license to Jabber!: http://www.jabber.org/images/psa-license.jpg',
    ],
    place: ['message: (45.44 12.33)'],
    'place as address': ['message: (45.44 12.33)'],
    'place that moves': ['dead letter: pep'],
    call: ['message: (tried to call: voice call)', ...refused()],
    'call taken back': ['dead letter: call'],
    'call invitation': ['message: (tried to call: video call) https://meet.localhost/room'],
    jingle: ['sender: iq error feature-not-implemented'],
    poll: ['message: (sent a poll: Lunch: What shall we eat?)\n1. noodles\n2. rice'],
    'unknown poll': refused(),
    'unknown beside words': ['message: vote: a or b?'],
    attention: refused(),
    'markup only': ['message: hi there'],
    'invitation by a room': ['sender: message'],
    'direct invitation': refused(),
    groupchat: refused(),
    omemo: refused(),
    'omemo 2': refused(),
    openpgp: refused(),
    pgp: refused(),
    otr: refused(),
    'eme alone': refused(),
    'encrypted file': refused(),
    empty: refused('bad-request'),
    error: ['dead letter: bounce'],
    available: ['presence: [{"address":"im:alice%40localhost@xmpp"},"im:bob@matrix","away","lunch"]'],
    subscribe: ['contact: "request"'],
    probe: ['probe: [{"address":"im:alice%40localhost@xmpp"},"im:bob@matrix"]'],
    ping: ['sender: iq result'],
    vcard: ['sender: iq result'],
    features: ['sender: iq result'],
    gateway: ['sender: iq result'],
    version: ['sender: iq error feature-not-implemented'],
  };

  test.each(recorded)('%s', async (name, stanza) => {
    const inbound = await aConversation();
    expect((await inbound.receive(stanza)).map(told)).toEqual(ends[name]);
  });

  test('has an end here', () => {
    expect(Object.keys(ends)).toEqual(recorded.map(([name]) => name));
  });
});

/** All elements of a stanza, itself first. */
function elementsIn(element: Element): Element[] {
  return [element, ...element.getChildElements().flatMap(elementsIn)];
}

const ODD = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'null',
    '-1',
    '1e9',
    'urn:xmpp:reactions:0',
    'from-bob',
    '@',
    'a@b/c',
    '﷽',
    '\u202E',
    '?OTR',
    'geo:1,2',
    'http://',
  ),
  fc.string({ maxLength: 40 }),
);
const MUTATION = fc.record({
  at: fc.nat(),
  child: fc.nat(),
  how: fc.constantFrom('remove', 'double', 'rename', 'text', 'empty', 'attribute', 'drop attribute', 'graft'),
  odd: ODD,
  other: fc.nat(),
});
type Mutation = typeof MUTATION extends fc.Arbitrary<infer Value> ? Value : never;

function mutate(stanza: Element, { at, child, how, odd, other }: Mutation): void {
  const all = elementsIn(stanza);
  const element = all[at % all.length] ?? stanza;
  const children = element.getChildElements();
  const chosen = children[child % Math.max(1, children.length)];
  const names = Object.keys(element.attrs);
  const name = names[child % Math.max(1, names.length)] ?? 'id';
  switch (how) {
    case 'remove':
      element.children = element.children.filter((one) => one !== chosen);
      return;
    case 'double':
      if (chosen) element.children.push(parse(String(chosen)));
      return;
    case 'rename':
      element.name = ['body', 'message', 'iq', 'presence', 'x', 'retract', 'reactions'][other % 7] ?? 'x';
      return;
    case 'text':
      element.children = [odd];
      return;
    case 'empty':
      element.children = [];
      return;
    case 'attribute':
      element.attrs[name] = odd;
      return;
    case 'drop attribute':
      delete element.attrs[name];
      return;
    case 'graft': {
      const [, from] = recorded[other % recorded.length] ?? [];
      for (const one of from?.getChildElements() ?? []) element.children.push(parse(String(one)));
    }
  }
}

test('a mutated stanza leaves a trace, and a query has exactly one answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: recorded.length - 1 }),
      fc.array(MUTATION, { minLength: 1, maxLength: 5 }),
      async (which, mutations) => {
        const stanza = stanzaCalled(recorded[which]?.[0] ?? 'plain');
        for (const mutation of mutations) mutate(stanza, mutation);
        const inbound = await aConversation();
        const traces = await inbound.receive(stanza);
        const { from, to, type } = stanza.attrs;
        if (stanza.name === 'iq' && from && to && type !== 'result' && type !== 'error')
          expect(traces.map((trace) => trace.to)).toEqual(['sender']);
        else expect(traces.length).toBeGreaterThan(0);
        // Whatever goes back is an answer.
        for (const trace of traces)
          if (trace.to === 'sender')
            expect(['error', 'result', 'unsubscribed', undefined]).toContain(trace.stanza.attrs['type']);
      },
    ),
    { numRuns: 500 },
  );
});

describe('a message that comes back after it was accepted', () => {
  const error = `<error type='cancel'><recipient-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
  const returned = async (from: string) => {
    const inbound = await aConversation();
    const before = inbound.traces.length;
    await inbound.receive(
      `<message from='${from}' to='bob@matrix.hub.localhost' id='from-bob' type='error'>${error}</message>`,
    );
    return inbound.traces.slice(before);
  };

  test('from the server is a failure, which says why', async () => {
    expect(await returned('alice@localhost')).toMatchObject([
      {
        what: 'outcome',
        native: 'from-bob',
        report: {
          stage: 'failed',
          basis: 'network',
          code: '100',
          detail: expect.stringContaining('offline'),
        },
      },
    ]);
  });

  test('from one device is none: the person may have others', async () => {
    expect(await returned('alice@localhost/phone')).toMatchObject([{ to: 'dead letters' }]);
  });
});
