/** How many calls there may be, and who leaves places to whom. */
import { network, type Address, type EventId } from '#protocol';
import type { HubCall } from './hub-call.js';
import type { Leg } from './leg.js';
import { OpenCalls, type Call } from './open-calls.js';

const [far, third] = [network('far'), network('third')];

let ids = 0;
/** Somebody of a network calls one of our people. */
function aCall(native: string, from: string): Call {
  const hub = { id: `call-${++ids}` as EventId, peer: `im:${ids}@${from}` as Address } as HubCall;
  return { natives: [native], onTrunk: false, legs: [{ side: 'callee' } as Leg], hub, did: () => undefined };
}

test('callers of one network leave a place at each person to others', () => {
  const open = new OpenCalls(10);
  for (let count = 0; count < 3; count++) open.add(aCall('ann', 'far'));
  expect(open.isFull('ann', false, far)).toBe(true);
  expect([open.isFull('ann', false, third), open.isFull('ann', false)]).toEqual([false, false]);
  expect(open.isFull('bea', false, far)).toBe(false);
  open.add(aCall('ann', 'third'));
  expect(open.isFull('ann', false, network('fourth'))).toBe(true);
});

test('callers of one network leave half of all places to others', () => {
  const open = new OpenCalls(10);
  const calls = Array.from({ length: 1000 }, (_, at) => aCall(`person-${at}`, 'far'));
  for (const call of calls) open.add(call);
  expect(open.isFull('ann', false, far)).toBe(true);
  expect(open.isFull('ann', false, third)).toBe(false);
  const [first] = calls;
  if (first) open.forget(first);
  expect(open.isFull('ann', false, far)).toBe(false);
});

test('an invitation does not look at the calls that there are', () => {
  const open = new OpenCalls(10);
  let looks = 0;
  for (let count = 0; count < 1000; count++)
    open.add(
      new Proxy(aCall(`person-${count}`, 'far'), {
        get: (call, name) => {
          looks++;
          return Reflect.get(call, name) as unknown;
        },
      }),
    );
  looks = 0;
  expect([open.isFull('ann', true, far), open.isFull('person-1', true, third)]).toEqual([true, false]);
  expect(looks).toBe(0);
});

test('each change of the calls changes what there is room for; with the last call nothing is left', () => {
  const open = new OpenCalls(2);
  const calls: Call[] = [];
  const begin = (native: string, onTrunk = false): Call => {
    const call: Call = { natives: [native], onTrunk, legs: [], did: () => undefined };
    open.add(call);
    calls.push(call);
    return call;
  };
  const withBea = begin('ann');
  open.join(withBea, 'bea');
  open.join(begin('ann'), 'ann');
  for (let count = 0; count < 3; count++) begin('bea');
  expect([open.isFull('ann', false), open.isFull('bea', false)]).toEqual([false, true]);
  begin('cat', true);
  begin('dan', true);
  expect([open.isFull('eve', true), open.isFull('eve', false)]).toEqual([true, false]);
  for (const call of [withBea, withBea]) open.forget(call);
  // It was over while somebody was looked up.
  open.join(withBea, 'bea');
  expect(open.isFull('bea', false)).toBe(false);
  for (const call of calls) open.forget(call);
  expect(open['counts'].size).toBe(0);
});
