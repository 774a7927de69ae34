/** Calls of people with ghosts: the link of a call page, in words and as an invitation. */
import type { Element } from '@xmpp/component';
import { PHRASES } from '#protocol';
import { parse, recordedStanzas, XmppInbound, type Trace } from '../../../test/support/xmpp-inbound.js';
import { callElements, nativeCall } from './calls.js';
import { NS } from './namespaces.js';

const PAGE = 'https://hub.example/call/1';
const INVITES = `${NS.callInvite}0`;
const propose = recordedStanzas().find(([name]) => name === 'call')?.[1] ?? parse('<message/>');

const message = (payload: string, body = '') =>
  parse(
    `<message from='alice@localhost/dino' to='bob@matrix.hub.localhost' id='m1' type='chat'>${body}${payload}</message>`,
  );

function withPages(): XmppInbound {
  const inbound = new XmppInbound();
  inbound.callPage = PAGE;
  return inbound;
}

const sent = (traces: Trace[]): Element[] =>
  traces.flatMap((trace) => (trace.to === 'sender' ? [trace.stanza] : []));

describe('a person calls a ghost', () => {
  test('by a proposal: their client stops ringing, and they get the link', async () => {
    const traces = await withPages().receive(propose);
    const [answer, link] = sent(traces);
    expect(traces).toHaveLength(2);
    expect(answer?.attrs).toMatchObject({
      from: 'bob@matrix.hub.localhost/hutong',
      to: 'romeo@localhost/orchard',
    });
    const reject = answer?.getChild('reject', `${NS.jingleMessage}0`);
    expect(reject?.attrs['id']).toBe('a73sjjvkla37jfea');
    expect(reject?.getChild('reason', NS.jingle)?.getChild('alternative-session')).toBeDefined();
    expect(link?.attrs).toMatchObject({ to: 'romeo@localhost', type: 'chat' });
    expect(link?.getChildText('body')).toBe(PHRASES.en.callBegins('voice', PAGE));
    const invite = link?.getChild('invite', INVITES);
    expect([invite?.attrs['video'], invite?.getChild('external')?.attrs['uri']]).toEqual(['false', PAGE]);
  });

  test('by an invitation to a Jingle session', async () => {
    const traces = await withPages().receive(
      message(`<invite xmlns='${INVITES}' video='true'><jingle sid='s'/></invite>`),
    );
    const [answer, link] = sent(traces);
    expect(answer?.getChild('reject', INVITES)?.attrs['id']).toBe('m1');
    expect(link?.getChildText('body')).toBe(PHRASES.en.callBegins('video', PAGE));
  });

  test('words beside it cross', async () => {
    const inbound = withPages();
    const traces = await inbound.receive(
      message(
        `<propose xmlns='${NS.jingleMessage}0' id='j1'><description xmlns='${NS.rtp}' media='video'/></propose>`,
        '<body>pick up!</body>',
      ),
    );
    expect(traces).toMatchObject([
      { what: 'message', draft: { content: { body: { content: 'pick up!' } } } },
      { to: 'sender' },
      { to: 'sender' },
    ]);
  });

  test('and gives up', async () => {
    const inbound = withPages();
    await inbound.receive(message(`<propose xmlns='${NS.jingleMessage}0' id='j1'/>`));
    const retract = message(`<retract xmlns='${NS.jingleMessage}0' id='j1'/>`);
    expect(await inbound.receive(retract)).toEqual([
      { to: 'bus', what: 'hung up', said: { native: nativeCall(retract, 'j1') } },
    ]);
  });
});

describe('words about a call', () => {
  const link = { url: PAGE, media: 'video' } as const;
  const shown = (about: Parameters<typeof callElements>[0], id: string) =>
    callElements(about, id).map(({ name, attrs }) => [name, attrs['id']]);

  test('are an invitation, which is taken back when it is over', () => {
    expect(shown({ id: 'c1', link }, 'c1')).toEqual([['invite', undefined]]);
    expect(shown({ id: 'c1' }, 'w2')).toEqual([['retract', 'c1']]);
  });

  test('take nothing back that was never there', () => {
    expect(shown({ id: 'c1' }, 'c1')).toEqual([]);
  });
});
