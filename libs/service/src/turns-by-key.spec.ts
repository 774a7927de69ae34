import { TurnsByKey } from './turns-by-key.js';

/** Work that ends when the play says so. */
function work() {
  let end!: (error?: Error) => void;
  const done = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  return { done, end };
}

test('work of one key runs in the order of the calls; work of another key does not wait for it', async () => {
  const turns = new TurnsByKey();
  const order: string[] = [];
  const first = work();
  const one = turns.run('a', async () => {
    await first.done;
    order.push('first of a');
  });
  const two = turns.run('a', async () => void order.push('second of a'));
  await turns.run('b', async () => void order.push('first of b'));
  first.end();
  await Promise.all([one, two]);
  expect(order).toEqual(['first of b', 'first of a', 'second of a']);
});

test('an error is thrown to its caller, and the next task runs', async () => {
  const turns = new TurnsByKey();
  const failed = turns.run('a', () => Promise.reject(new Error('no')));
  const next = turns.run('a', () => Promise.resolve('yes'));
  await expect(failed).rejects.toThrow('no');
  await expect(next).resolves.toBe('yes');
});

test('a key is forgotten when its work is done', async () => {
  const turns = new TurnsByKey();
  await Promise.all([
    turns.run('a', async () => 1),
    turns.run('a', async () => 2),
    turns.run('b', async () => 3),
  ]);
  expect(turns.size).toBe(0);
});
