import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SettingsError } from '#service/settings';
import type { Account } from './sign-in.js';

export const fetionSettings = z.object({
  NETWORK: z.string().default('fetion').describe('Slug of this network'),
  FETION_NAVIGATION_URL: z
    .url()
    .default('http://nav.fetion.com.cn')
    .describe('URL of the navigation server, which names the other servers'),
  FETION_ACCOUNTS: z
    .string()
    .min(1)
    .describe(
      'Path of a file with the accounts that the operator grants, one line each: <mobile> <password>. The first is the bot account, the others become ghosts',
    ),
  FETION_OPERATOR_KEY: z
    .string()
    .min(16)
    .optional()
    .describe(
      'Bearer token for /fetion/captchas, where a person solves login captchas, at least 16 characters. Without it the endpoint is off',
    ),
  FETION_KEEPALIVE_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(270_000)
    .describe('Milliseconds between two renewals of a session. A registration lasts 600 s'),
  FETION_REPLY_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(20_000)
    .describe(
      'Milliseconds to wait for the reply to a message. Without a reply the outcome is unknown (code 103)',
    ),
});
export type FetionSettings = z.infer<typeof fetionSettings>;

/** @throws SettingsError that names the line */
export function readAccounts(file: string): { robot: Account; pool: Account[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new SettingsError(`FETION_ACCOUNTS: cannot read ${file}`);
  }
  const accounts = text.split('\n').flatMap((line, at): Account[] => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const match = /^(1\d{10})\s+(\S+)$/.exec(line.trim());
    if (!match?.[1] || !match[2])
      throw new SettingsError(`FETION_ACCOUNTS: line ${at + 1} is not "<mobile number> <password>"`);
    return [{ mobile: match[1], password: match[2] }];
  });
  const [robot, ...pool] = accounts;
  if (!robot) throw new SettingsError('FETION_ACCOUNTS: no account in the file');
  return { robot, pool };
}
