/** The end of a caller: what their phone is told of what the other side does. */
import { silentLog } from '#service';
import { FakeClock } from '../../../../test/support/fake-clock.js';
import type { ReceivedInvite } from '../stack/sip-endpoint.js';
import type { Dialogs } from './dialogs.js';
import { CallerLeg } from './caller-leg.js';
import type { Act } from './leg.js';
import type { Line } from './line.js';

function aCaller() {
  const statuses: number[] = [];
  const acts: Act[] = [];
  const invite = {
    request: { kind: 'request', method: 'INVITE', uri: 'sip:bob@far', headers: [], body: Buffer.alloc(0) },
    respond: ({ status }: { status: number }) => void statuses.push(status),
    onCancel: () => undefined,
  } as unknown as ReceivedInvite;
  const leg = new CallerLeg({
    invite,
    offer: '',
    line: {} as Line,
    contact: '<sip:hub@127.0.0.1>',
    dialogs: {} as Dialogs,
    clock: new FakeClock(),
    log: silentLog,
    did: (act) => void acts.push(act),
  });
  return { leg, statuses, acts };
}

test('a network that says "ringing" without end makes the phone ring once', () => {
  const { leg, statuses } = aCaller();
  for (let count = 0; count < 1000; count++) leg.tell({ action: 'ringing' });
  leg.tell({ action: 'declined' });
  expect(statuses).toEqual([100, 180, 603]);
});

test.each([
  ['declined', 603],
  ['missed', 480],
  ['cancelled', 480],
  ['ended', 480],
] as const)(
  '%s, and again and again: the phone gets one answer, and nothing afterwards',
  (action, status) => {
    const { leg, statuses, acts } = aCaller();
    for (let count = 0; count < 3; count++) leg.tell({ action });
    leg.tell({ action: 'accepted', session: 'v=0\r\n' });
    leg.tell({ action: 'ringing' });
    expect(statuses).toEqual([100, status]);
    expect([leg.isOver, acts]).toEqual([true, []]);
  },
);
