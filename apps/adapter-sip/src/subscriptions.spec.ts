/** Who has subscribed to whose presence. */
import { silentLog } from '#service';
import type { Address } from '#protocol';
import { FakeClock, settle } from '../../../test/support/fake-clock.js';
import type { Flow } from './stack/flow.js';
import { responseTo, type SipRequest } from './stack/sip-message.js';
import { Subscriptions } from './subscriptions.js';

const SUE = 'im:sue@far' as Address;

function subscribe(contact: string): SipRequest {
  return {
    kind: 'request',
    method: 'SUBSCRIBE',
    uri: 'sip:sue@far.youxin.localhost',
    headers: [
      ['from', '<sip:somebody@youxin.localhost>;tag=1'],
      ['to', '<sip:sue@far.youxin.localhost>'],
      ['call-id', 'the call-id of ann'],
      ['cseq', '1 SUBSCRIBE'],
      ['event', 'presence'],
      ['contact', `<${contact}>`],
    ],
    body: Buffer.alloc(0),
  };
}

test('a subscription of another person under the same Call-ID and tag is one of its own', async () => {
  const notified: string[] = [];
  const subscriptions = new Subscriptions({
    clock: new FakeClock(),
    log: silentLog,
    maxExpires: 3600,
    contact: () => '<sip:youxin.localhost>',
    send: (request) => {
      notified.push(request.uri);
      return Promise.resolve(responseTo(request, 200, 'OK', []));
    },
  });
  const [ann, bea] = ['sip:ann@192.0.2.1', 'sip:bea@192.0.2.66'];
  const flow = {} as Flow;
  expect(subscriptions.take('ann', SUE, subscribe(ann), flow, true)).toMatchObject({ isNew: true });
  expect(subscriptions.take('bea', SUE, subscribe(bea), flow, false)).toMatchObject({ isNew: true });
  subscriptions.notifyAll('ann', SUE);
  await settle();
  expect(notified).toEqual([ann]);
  subscriptions.stop();
});
