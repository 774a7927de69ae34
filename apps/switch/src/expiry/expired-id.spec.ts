/** The bus drops a second outcome with the same publish id: only the same expiry may have the same one. */
import { addressOf, network, type Address } from '#protocol';
import { alice, message } from '../../../../test/support/switch-events.js';
import { expiredId } from './expired-id.js';

const { data } = message();
const onStep = (to: Address) => expiredId(message({ data: { ...data, to } }));

test('the same expiry has the same id, and another step of the ladder another one', () => {
  const [app, sms] = [addressOf(network('fetion'), '138'), addressOf(network('mobile'), '138')];
  expect(onStep(app)).toBe(onStep(app));
  expect(onStep(sms)).not.toBe(onStep(app));
});

test('an event of another network with the same id has another one', () => {
  const mallory = { address: addressOf(network('rival'), 'mallory') };
  const theirs = message({ data: { ...data, from: mallory } });
  expect(theirs.id).toBe(message({ data: { ...data, from: { address: alice } } }).id);
  expect(expiredId(theirs)).not.toBe(expiredId(message()));
});
