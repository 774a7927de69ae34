/** Calls with people of a network that carries no session descriptions: the media gateway takes part for them. */
import type { CallCommand, EventId } from '#protocol';
import { within, type Cast } from './cast.js';

const session = (who: string) => `v=0\r\no=- ${who}\r\n`;

/** Declares the cases of an adapter whose network shows calls in words. */
export function calls(cast: Cast): void {
  if (cast.shows('call')) return;
  const { words } = cast;

  const sueDoes = (state: string, more: { target?: string; text?: string } = {}) =>
    cast.sue({ kind: 'call', state, ...more });

  test('T70 sue calls: ann gets a link, answers on its page, and sue hangs up', async () => {
    const { gateway } = cast.stage;
    const before = gateway.commands.length;
    sueDoes('invite', { text: session('sue') });
    const page = await commanded(cast, 'open', 'callee', before);
    expect(page).toMatchObject({ media: 'voice', offer: session('sue') });
    expect((await cast.annReads(words.callComes('voice', gateway.linkOf(page)))).from).toBe(cast.ghost);
    await sueHears(cast, 'ringing', page.call);
    await gateway.act({ call: page.call, side: 'callee', action: 'accepted', session: session('ann') });
    expect(await sueHears(cast, 'accepted', page.call)).toMatchObject({ text: session('ann') });
    sueDoes('ended', { target: page.call });
    const told = await commanded(cast, 'tell', 'callee', before);
    expect(told).toMatchObject({ call: page.call, action: 'ended' });
  });

  test('T71 ann does not open the page: both are told', async () => {
    const call = await rings(cast);
    await cast.stage.gateway.act({ call, side: 'callee', action: 'missed' });
    await cast.annReads(words.callMissed);
    await sueHears(cast, 'missed', call);
  });

  test('T72 ann calls in her app: she gets a link, and sue hears it ring when ann is there', async () => {
    const { ann, gateway } = cast.stage;
    // Clients of most networks call through a server of their own, which shows us nothing.
    if (!ann.ring) return;
    const before = gateway.commands.length;
    await ann.ring(cast.ghost);
    const { call } = await commanded(cast, 'open', 'caller', before);
    const link = words.callBegins('voice', gateway.linkOf({ call, side: 'caller' }));
    await cast.annSees('the link', ({ text }) => text === link);
    await gateway.act({ call, side: 'caller', action: 'invite', session: session('ann') });
    const rings = await cast.sueSees('the call', ({ kind, id }) => kind === 'call' && id === call);
    expect(rings).toMatchObject({ state: 'invite', text: session('ann') });
    sueDoes('declined', { target: call });
    await cast.annReads(words.callDeclined);
  });
}

/** Sue calls ann, whose network shows calls in words. @returns the id of the call */
export async function rings(cast: Cast): Promise<EventId> {
  const before = cast.stage.gateway.commands.length;
  cast.sue({ kind: 'call', state: 'invite', text: session('sue') });
  const { call } = await commanded(cast, 'open', 'callee', before);
  await sueHears(cast, 'ringing', call);
  return call;
}

export function sueHears(cast: Cast, state: string, call: string) {
  return cast.sueSees(
    `"${state}"`,
    (act) => act.kind === 'call' && act.state === state && act.target === call,
  );
}

/** The first such command after the one of this number. */
function commanded<Do extends CallCommand['do']>(
  { stage: { gateway } }: Cast,
  what: Do,
  side: CallCommand['side'],
  after: number,
) {
  return within(
    `the command to ${what} a page`,
    () =>
      gateway.commands.slice(after).find((one) => one.do === what && one.side === side) as
        Extract<CallCommand, { do: Do }> | undefined,
    () => gateway.commands,
  );
}
