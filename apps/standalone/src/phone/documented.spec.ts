/** docs/phone.md lists the commands of the terminal phone, in both languages, exactly as the phone does. */
import { readFileSync } from 'node:fs';
import { usageOf } from './commands.js';
import { WORDS, type CommandName } from './words.js';

test('the commands in docs/phone.md are those of the phone', () => {
  const rows = readFileSync('docs/phone.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `/'));
  const names = Object.keys(WORDS.en.commands) as CommandName[];
  const { en, zh } = WORDS;
  expect(rows).toEqual(
    names.map(
      (name) => `| \`${usageOf(name, en)}\` | ${en.commands[name].does} | ${zh.commands[name].does} |`,
    ),
  );
});
