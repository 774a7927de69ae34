import { pino } from 'pino';
import { PeriodicTask } from './periodic-task.js';

test('one round at a time, a failed one is followed by another, and none comes after the stop', async () => {
  const seen = { rounds: 0, at: 0, most: 0 };
  const recurring = new PeriodicTask(
    2,
    async () => {
      seen.most = Math.max(seen.most, ++seen.at);
      await new Promise((resolve) => setTimeout(resolve, 7));
      seen.at--;
      if (++seen.rounds === 1) throw new Error('the first time');
    },
    'this',
    pino({ level: 'silent' }),
  );
  while (seen.rounds < 3) await new Promise((resolve) => setTimeout(resolve, 2));
  await recurring.stop();
  const then = seen.rounds;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(seen).toEqual({ most: 1, at: 0, rounds: then });
});
