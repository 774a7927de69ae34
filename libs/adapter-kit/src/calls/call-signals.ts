/** What our people do on a call page, as the media gateway reports it: submitted as call events. */
import { HubError, type CallSignal, type CallSignalAnswer } from '#protocol';
import type { GatewayCall } from './gateway-call.js';
import type { GatewayCalls } from './gateway-calls.js';

type Calls = Pick<GatewayCalls, 'find' | 'moveTo' | 'end' | 'submit'>;

export class CallSignals {
  private calls: Calls | undefined;

  /** From now on signals are taken: the adapter has started. */
  begin(calls: Calls): void {
    this.calls = calls;
  }

  /**
   * Resolves when it is stored: a signal may come again until then.
   * @throws HubError 14 when there is no such call (any more): the page ends; 30 for a signal that the side cannot give; 91
   */
  async take(signal: CallSignal): Promise<CallSignalAnswer> {
    if (!this.calls) throw new HubError('91', 'the adapter is starting');
    const call = await this.calls.find(signal.side, signal.call);
    if (!call || call.ending) throw new HubError('14', 'no such call is open');
    await this.apply(this.calls, call, signal);
    return { code: '00' };
  }

  private async apply(calls: Calls, call: GatewayCall, { action, session }: CallSignal): Promise<void> {
    switch (action) {
      case 'invite':
        return this.comes(calls, call, 'caller', session);
      case 'accepted':
        return this.comes(calls, call, 'callee', session);
      case 'declined':
      case 'cancelled':
      case 'ended':
        return calls.end(call, 'hung-up', false);
      case 'missed':
        return calls.end(call, 'no-answer', false);
    }
  }

  /** The person is on the page, and can be talked with. */
  private async comes(
    calls: Calls,
    call: GatewayCall,
    side: GatewayCall['side'],
    session: string | undefined,
  ): Promise<void> {
    if (call.side !== side || session === undefined)
      throw new HubError('30', `the ${call.side} cannot come without a session, nor as the ${side}`);
    const isCaller = side === 'caller';
    if (await calls.moveTo(call, isCaller ? 'ringing' : 'talking'))
      await calls.submit(call, isCaller ? 'invite' : 'accepted', session);
  }
}
