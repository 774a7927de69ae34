import { Connectivity } from './connectivity.js';

test('those who wait are called when the network is back, each once, and not by anything else', async () => {
  const connectivity = new Connectivity();
  const called: string[] = [];
  const wait = (name: string) => connectivity.untilConnected().then(() => called.push(name));
  const first = [wait('one'), wait('two')];
  connectivity.connected = false;
  // A sentinel: whatever had been resolved would have been called before it.
  await Promise.resolve().then(() => Promise.resolve());
  expect(called).toEqual([]);
  connectivity.connected = true;
  await Promise.all(first);
  expect(called).toEqual(['one', 'two']);
  connectivity.connected = false;
  const second = wait('three');
  connectivity.connected = true;
  await second;
  expect(called).toEqual(['one', 'two', 'three']);
});

test('nobody waits while the network is connected', async () => {
  const connectivity = new Connectivity(true);
  await connectivity.untilConnected();
  expect(connectivity.connected).toBe(true);
});

test('who looks after a connection is told when it is lost, once for each connection', () => {
  const connectivity = new Connectivity();
  expect(connectivity.lost.aborted).toBe(true);
  connectivity.connected = true;
  const first = connectivity.lost;
  connectivity.connected = true;
  expect([first.aborted, connectivity.lost === first]).toEqual([false, true]);
  connectivity.connected = false;
  connectivity.connected = true;
  expect([first.aborted, connectivity.lost.aborted]).toEqual([true, false]);
});
