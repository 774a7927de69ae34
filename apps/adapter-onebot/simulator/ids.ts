/** Numbers of bots on the simulated side, and their tokens. */
import { createHash } from 'node:crypto';

export interface BotAccount {
  number: string;
  token: string;
  name: string;
}

const WORDS: Readonly<Record<string, string>> = { xiaozhi: '10001', tianqi: '10002' };

/** The number of a bot that tests call by a word. */
export function numberOf(word: string): string {
  if (/^\d+$/.test(word)) return word;
  return (
    WORDS[word] ?? String(20_000 + (createHash('sha256').update(word).digest().readUInt32BE() % 70_000_000))
  );
}

export function fileOf(bots: readonly BotAccount[]): string {
  return bots.map(({ number, token, name }) => `${number} ${token} ${name}`).join('\n');
}
