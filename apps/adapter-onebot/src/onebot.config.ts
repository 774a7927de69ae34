import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SettingsError } from '#service/settings';

export const oneBotSettings = z.object({
  NETWORK: z.string().default('bots').describe('Slug of this network'),
  ONEBOT_BOTS: z
    .string()
    .min(1)
    .describe(
      'Path of a file with the bots, one line each: <number> <token> <name> [ws://… or http://… of the bot, which is then called]. The number is the QQ number that the bot has here; the token, at least 16 characters, proves it',
    ),
  ONEBOT_MEDIA_URL: z
    .url()
    .optional()
    .describe(
      'Address under which bots reach this adapter over HTTP, for pictures. Without it bots read a link of the hub, or words, in place of a picture',
    ),
});
export type OneBotSettings = z.infer<typeof oneBotSettings>;

/** A subscriber of this network. */
export interface Bot {
  /** What it takes for its QQ number. */
  readonly selfId: number;
  readonly token: string;
  readonly name: string;
  /** Where the bot listens: `ws(s)` for a reverse WebSocket, `http(s)` for events as calls. */
  readonly url?: string;
}

/** Numbers of people of other networks begin above it. */
export const HIGHEST_BOT = 999_999_999_999;
const MAX_BOTS = 1000;
const LINE = /^([1-9]\d{4,11})\s+(\S{16,200})\s+(\S{1,60})(?:\s+((?:ws|http)s?:\/\/\S{1,500}))?$/;

/** @throws SettingsError that names the line */
export function readBots(file: string): Bot[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new SettingsError(`ONEBOT_BOTS: cannot read ${file}`);
  }
  const bots = text.split('\n').flatMap((line, at): Bot[] => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [, number, token, name, url] = LINE.exec(line.trim()) ?? [];
    if (number === undefined || token === undefined || name === undefined)
      throw new SettingsError(
        `ONEBOT_BOTS: line ${at + 1} is not "<number, 5 to 12 digits> <token, at least 16 characters> <name> [address of the bot, ws(s):// or http(s)://]"`,
      );
    return [{ selfId: Number(number), token, name, ...(url === undefined ? {} : { url }) }];
  });
  if (bots.length === 0 || bots.length > MAX_BOTS)
    throw new SettingsError(`ONEBOT_BOTS: expected 1 to ${MAX_BOTS} bots in the file`);
  for (const field of ['selfId', 'token'] as const)
    if (new Set(bots.map((bot) => bot[field])).size !== bots.length)
      throw new SettingsError('ONEBOT_BOTS: two bots have the same number, or the same token');
  return bots;
}
