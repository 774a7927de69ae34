import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SettingsError } from '#service/settings';
import { CALLBACKS } from './calls/callback-rule.js';
import type { Algorithm } from './stack/digest.js';

const port = (least: number) => z.coerce.number().int().min(least).max(65_535);

export const sipSettings = z.object({
  NETWORK: z.string().default('youxin').describe('Slug of this network'),
  SIP_DOMAIN: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'expected a domain in lower case')
    .describe(
      'Domain of the people, and realm of their passwords: ann@<domain>. People of another network are in <network>.<domain>',
    ),
  SIP_ACCOUNTS: z
    .string()
    .min(1)
    .describe(
      'Path of a file with the people of this network, one line each: <user> <password>, and after them a display name',
    ),
  SIP_HOST: z.string().default('0.0.0.0').describe('Address to listen on'),
  SIP_PORT: port(0).default(5060).describe('Port of UDP and TCP'),
  SIP_PUBLIC_HOST: z
    .string()
    .optional()
    .describe('Host name or address under which phones reach the adapter. Absent: SIP_DOMAIN'),
  SIP_TLS_PORT: port(1).optional().describe('Port of TLS. Absent: no TLS'),
  SIP_TLS_KEY: z.string().optional().describe('Path of the private key (PEM), with SIP_TLS_PORT'),
  SIP_TLS_CERT: z.string().optional().describe('Path of the certificate (PEM), with SIP_TLS_PORT'),
  SIP_WS_PORT: port(1)
    .optional()
    .describe('Port of SIP over WebSocket (RFC 7118), behind a proxy that has TLS. Absent: none'),
  SIP_DIGEST: z
    .enum(['both', 'sha-256', 'md5'])
    .default('both')
    .describe(
      'Hash of passwords that phones are asked for. both: SHA-256 is preferred. Phones on libre below 2 (baresip 1) register with md5 only',
    ),
  SIP_MIN_EXPIRES: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(60)
    .describe('Shortest time for which a phone registers, in seconds; shorter ones are refused with 423'),
  SIP_MAX_EXPIRES: z.coerce
    .number()
    .int()
    .min(60)
    .max(3600)
    .default(600)
    .describe('Longest time for which a phone or a subscription is registered, in seconds'),
  SIP_TRUNK_HOST: z
    .string()
    .optional()
    .describe(
      'Host of a foreign SIP proxy, which serves telephone numbers and other domains. Absent: no trunk',
    ),
  SIP_TRUNK_PORT: port(1).default(5060).describe('Port of SIP_TRUNK_HOST'),
  SIP_TRUNK_TRANSPORT: z.enum(['UDP', 'TCP', 'TLS']).default('UDP').describe('Transport to SIP_TRUNK_HOST'),
  SIP_TRUNK_DOMAIN: z
    .string()
    .optional()
    .describe('Domain of our account and of the numbers at the trunk. Absent: SIP_TRUNK_HOST'),
  SIP_TRUNK_USER: z
    .string()
    .optional()
    .describe('Our account at the trunk. Absent: the trunk knows our address'),
  SIP_TRUNK_PASSWORD: z.string().optional().describe('Password of SIP_TRUNK_USER'),
  SIP_TRUNK_ROUTE: z
    .string()
    .optional()
    .describe('Route of requests to the trunk, as <sip:proxy.example.org;lr>. Absent: none'),
  SIP_TRUNK_CALLS: z.coerce
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('Calls through the trunk at the same time, at most, both ways. They may cost money. 0: none'),
  SIP_TRUNK_CALLER: z
    .string()
    .optional()
    .describe(
      'Number that the trunk shows for our calls, as P-Asserted-Identity. Absent: the account, if there is one',
    ),
  SIP_CALLBACK: z
    .enum(CALLBACKS)
    .default('off')
    .describe(
      'Whose calls are not connected directly: the caller is refused (480) and called back, then the other person is called, and the two are connected. phones: callers with a phone that is registered here; trunk: callers from the trunk; all: both',
    ),
  SIP_SPEECH: z
    .string()
    .optional()
    .describe(
      'Command of espeak-ng, which speaks messages by a call (delivery ladder, step voice): a path, and words that come before its own. Absent: messages are not spoken (code 12)',
    ),
  SIP_SOUND_ADDRESS: z
    .ipv4()
    .optional()
    .describe(
      'IPv4 address at which phones and the trunk reach this machine with sound. Needed with SIP_SPEECH',
    ),
});
export type SipSettings = z.infer<typeof sipSettings>;

export interface SipAccount {
  user: string;
  password: string;
  displayName: string | undefined;
}

/** @throws SettingsError that names the line */
export function readAccounts(file: string): Map<string, SipAccount> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new SettingsError(`SIP_ACCOUNTS: cannot read ${file}`);
  }
  const accounts = new Map<string, SipAccount>();
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, user = '', password = '', displayName = ''] =
      /^(\S+)\s+(\S+)(?:\s+(.+))?$/.exec(line.trim()) ?? [];
    if (!/^[a-z0-9][a-z0-9._+-]{0,63}$/.test(user) || accounts.has(user))
      throw new SettingsError(
        `SIP_ACCOUNTS: line ${at + 1} is not "<user> <password> [display name]", with a user of its own in lower case`,
      );
    accounts.set(user, { user, password, displayName: displayName.trim() || undefined });
  }
  return accounts;
}

export function readTls(settings: SipSettings): { port: number; key: string; cert: string } | undefined {
  const { SIP_TLS_PORT, SIP_TLS_KEY, SIP_TLS_CERT } = settings;
  if (SIP_TLS_PORT === undefined) return undefined;
  if (!SIP_TLS_KEY || !SIP_TLS_CERT)
    throw new SettingsError('SIP_TLS_PORT needs SIP_TLS_KEY and SIP_TLS_CERT');
  try {
    return {
      port: SIP_TLS_PORT,
      key: readFileSync(SIP_TLS_KEY, 'utf8'),
      cert: readFileSync(SIP_TLS_CERT, 'utf8'),
    };
  } catch (cause) {
    throw new SettingsError(`SIP_TLS_KEY or SIP_TLS_CERT cannot be read: ${(cause as Error).message}`);
  }
}

export function algorithmsOf({ SIP_DIGEST }: SipSettings): readonly Algorithm[] {
  switch (SIP_DIGEST) {
    case 'both':
      return ['SHA-256', 'MD5'];
    case 'sha-256':
      return ['SHA-256'];
    case 'md5':
      return ['MD5'];
  }
}
