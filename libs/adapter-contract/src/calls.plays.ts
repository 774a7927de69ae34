/** Calls with people of a network that carries no session descriptions: the media gateway takes part for them. */
import type { CallCommand } from '#protocol';
import { within, type Cast } from './cast.js';

const session = (who: string) => `v=0\r\no=- ${who}\r\n`;

/** Declares the cases of an adapter whose network shows calls in words. */
export function calls(cast: Cast): void {
  if (cast.shows('call')) return;
  const { words } = cast;

  /** The first such command after the one of this number. */
  const commanded = <Do extends CallCommand['do']>(what: Do, side: CallCommand['side'], after: number) =>
    within(
      `the command to ${what} a page`,
      () =>
        cast.stage.gateway.commands.slice(after).find((one) => one.do === what && one.side === side) as
          Extract<CallCommand, { do: Do }> | undefined,
      () => cast.stage.gateway.commands,
    );
  const sueDoes = (state: string, more: { target?: string; text?: string } = {}) =>
    cast.sue({ kind: 'call', state, ...more });
  const sueHears = (state: string, call?: string) =>
    cast.sueSees(
      `"${state}"`,
      (act) => act.kind === 'call' && act.state === state && (call === undefined || act.target === call),
    );

  test('T70 sue calls: ann gets a link, answers on its page, and sue hangs up', async () => {
    const { gateway } = cast.stage;
    const before = gateway.commands.length;
    sueDoes('invite', { text: session('sue') });
    const page = await commanded('open', 'callee', before);
    expect(page).toMatchObject({ media: 'voice', offer: session('sue') });
    expect((await cast.annReads(words.callComes('voice', gateway.linkOf(page)))).from).toBe(cast.ghost);
    await sueHears('ringing', page.call);
    await gateway.act({ call: page.call, side: 'callee', action: 'accepted', session: session('ann') });
    expect(await sueHears('accepted', page.call)).toMatchObject({ text: session('ann') });
    sueDoes('ended', { target: page.call });
    const told = await commanded('tell', 'callee', before);
    expect(told).toMatchObject({ call: page.call, action: 'ended' });
  });

  test('T71 ann does not open the page: both are told', async () => {
    const { gateway } = cast.stage;
    const before = gateway.commands.length;
    sueDoes('invite', { text: session('sue') });
    const { call } = await commanded('open', 'callee', before);
    await sueHears('ringing', call);
    await gateway.act({ call, side: 'callee', action: 'missed' });
    await cast.annReads(words.callMissed);
    await sueHears('missed', call);
  });

  test('T72 ann calls in her app: she gets a link, and sue hears it ring when ann is there', async () => {
    const { ann, gateway } = cast.stage;
    // Clients of most networks call through a server of their own, which shows us nothing.
    if (!ann.ring) return;
    const before = gateway.commands.length;
    await ann.ring(cast.ghost);
    const { call } = await commanded('open', 'caller', before);
    const link = words.callBegins('voice', gateway.linkOf({ call, side: 'caller' }));
    await cast.annSees('the link', ({ text }) => text === link);
    await gateway.act({ call, side: 'caller', action: 'invite', session: session('ann') });
    const rings = await cast.sueSees('the call', ({ kind, id }) => kind === 'call' && id === call);
    expect(rings).toMatchObject({ state: 'invite', text: session('ann') });
    sueDoes('declined', { target: call });
    await cast.annReads(words.callDeclined);
  });
}
