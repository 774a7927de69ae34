import { HubError, type DirectoryEntry, type E164 } from '#protocol';
import { Directory } from './directory.js';

const number = '+8613800138000' as E164;
const other = '+8613900139000' as E164;
const entry: DirectoryEntry = { links: [] };

/** A console whose answers come when the test lets them. */
class Console_ {
  readonly asked: E164[] = [];
  private readonly answers: ((entry: DirectoryEntry) => void)[] = [];
  readonly directory = new Directory({
    find: (one) => {
      this.asked.push(one);
      return new Promise((resolve) => this.answers.push(resolve));
    },
  });
  answer(given: DirectoryEntry): void {
    this.answers.shift()?.(given);
  }
}

test('simultaneous lookups of one number make one request', async () => {
  const console = new Console_();
  const both = [console.directory.find(number), console.directory.find(number)];
  void console.directory.find(other);
  console.answer(entry);
  expect(await Promise.all(both)).toEqual([entry, entry]);
  expect(console.asked).toEqual([number, other]);
});

test('an answer is cached until the number changes', async () => {
  const console = new Console_();
  const asking = console.directory.find(number);
  console.answer(entry);
  await asking;
  expect(console.directory.known(number)).toBe(entry);
  console.directory.forget(number);
  expect(console.directory.known(number)).toBeUndefined();
  void console.directory.find(number);
  expect(console.asked).toHaveLength(2);
});

test('an answer that was on its way when the number changed is not remembered', async () => {
  const console = new Console_();
  const before = console.directory.find(number);
  console.directory.forget(number);
  const after = console.directory.find(number);
  console.answer(entry);
  await before;
  expect(console.directory.known(number)).toBeUndefined();
  const moved: DirectoryEntry = { ported: { network: 'north' as never }, links: [] };
  console.answer(moved);
  expect(await after).toBe(moved);
  expect(console.directory.known(number)).toBe(moved);
});

test('a failure is not remembered', async () => {
  let fails = true;
  const directory = new Directory({
    find: () => (fails ? Promise.reject(new HubError('91', 'no answer')) : Promise.resolve(entry)),
  });
  await expect(directory.find(number)).rejects.toMatchObject({ code: '91' });
  fails = false;
  expect(await directory.find(number)).toBe(entry);
});
