/** Sign-in, sessions and one's own account in the REST API. */
import { z } from 'zod';
import { ROLES } from '#database';
import { PERMISSION_NAMES } from '../access/permissions.js';
import { SIGN_IN_METHODS, type SessionRow } from '../access/sessions.repository.js';
import { pageSchema } from '../http/page.js';
import { KeyView, PersonView } from '../people/person.dto.js';
import { RECOVERY_CODES } from './recovery-codes.js';

/** Enough against guessing at the speed that the limits allow; nobody has to invent special characters. */
const LEAST_PASSWORD = 12;
const Password = z.string().min(1).max(200);
const AuthenticatorCode = z
  .string()
  .regex(/^\d{6}$/, 'expected six digits')
  .describe('Present code of the authenticator');
const Code = z
  .string()
  .trim()
  .max(40)
  .regex(/^(\d{6}|[A-Za-z2-7]{4}([ -]?[A-Za-z2-7]{4}){3})$/, 'expected six digits, or a recovery code')
  .describe('Present code of the authenticator, or a recovery code');

export const SignInBody = z
  .object({
    user: z
      .string()
      .min(1)
      .max(200)
      .describe('Mail address of the person; `first-admin` or `second-admin` for the admins of the settings'),
    password: Password,
    code: Code.optional(),
  })
  .meta({
    id: 'SignIn',
    examples: [{ user: 'first-admin', password: 'correct horse battery', code: '123456' }],
  });

export const SignedInView = z
  .object({ person: PersonView, csrfToken: z.string().max(100) })
  .meta({ id: 'SignedIn' });

export const Proof = z
  .object({ password: Password.describe('The present password'), code: Code.optional() })
  .meta({ id: 'PasswordProof', examples: [{ password: 'correct horse battery', code: '123456' }] });

export const NewPassword = z
  .object({
    password: z
      .string()
      .min(LEAST_PASSWORD)
      .max(200)
      .describe('The new password: at least 12 characters, and not the name or the mail address'),
    current: Password.optional().describe('The present password; not needed for the first one'),
    code: Code.optional().describe(
      'Needed if there is a second factor: a code of the authenticator, or a recovery code',
    ),
  })
  .meta({
    id: 'NewPassword',
    examples: [{ password: 'staple correct battery', current: 'correct horse battery' }],
  });

export const SecondFactorOffer = z
  .object({
    uri: z.string().max(500).describe('otpauth URI for the QR code'),
    secret: z.string().max(100).describe('The same secret, to type it; shown once'),
  })
  .meta({
    id: 'SecondFactorOffer',
    examples: [
      {
        uri: 'otpauth://totp/Hutong:first-admin?issuer=Hutong&secret=JBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
        secret: 'JBSWY3DPEHPK3PXP',
      },
    ],
  });
export const Confirmation = z
  .object({ code: AuthenticatorCode })
  .meta({ id: 'SecondFactorConfirmation', examples: [{ code: '123456' }] });

export const RecoveryCodes = z
  .object({
    recoveryCodes: z
      .array(z.string().max(40))
      .max(RECOVERY_CODES)
      .describe('Each is accepted once, instead of a code of the authenticator; shown once'),
  })
  .meta({
    id: 'RecoveryCodes',
    examples: [{ recoveryCodes: ['K3QZ-7TNV-XB2M-PW5A', 'D6RL-HY4C-OJ3E-UG7F'] }],
  });

export const LANGUAGES = ['zh', 'en'] as const;
export const DEFAULT_PREFERENCES = { language: 'zh', timeZone: 'Asia/Shanghai' } as const;
export const Preferences = z
  .object({
    language: z.enum(LANGUAGES),
    timeZone: z
      .string()
      .min(1)
      .max(60)
      .refine(isTimeZone, 'expected the name of a time zone, such as Asia/Shanghai'),
  })
  .meta({ id: 'Preferences', examples: [{ language: 'zh', timeZone: 'Asia/Shanghai' }] });

export const MeView = z
  .object({
    person: PersonView,
    key: KeyView,
    role: z.enum(ROLES).describe('Role of this key'),
    roles: z.array(z.enum(ROLES)).max(ROLES.length).describe('Roles of the person'),
    permissions: z
      .array(z.enum(PERMISSION_NAMES))
      .max(PERMISSION_NAMES.length)
      .describe('Permissions of the role of this key'),
    network: z
      .string()
      .max(60)
      .nullable()
      .describe('Network for which an operator acts, or party of an integrator'),
    operator: z
      .object({ id: z.string().max(100), name: z.string().max(300) })
      .nullable()
      .describe('Organisation that runs this network'),
    language: z.enum(LANGUAGES),
    timeZone: z.string().max(100),
    version: z.string().max(100).describe('Version of the console'),
    csrfToken: z
      .string()
      .max(100)
      .nullable()
      .describe('Value of the header X-CSRF-Token of this session; null for an API key'),
    expiresAt: z.iso.datetime().nullable().describe('Time at which the session or the key ends'),
    idleMinutes: z.int().nullable().describe('Minutes without a request after which the session ends'),
    hasPassword: z.boolean(),
    hasSecondFactor: z.boolean(),
    recoveryCodesLeft: z.int().min(0).max(RECOVERY_CODES).describe('Recovery codes that were not used'),
    mustSetUpSecondFactor: z
      .boolean()
      .describe(
        'Two admins have reset the second factor: until a new one is set up, this session allows nothing else',
      ),
  })
  .meta({ id: 'Me' });

export const SessionView = z
  .object({
    id: z.uuid(),
    method: z.enum(SIGN_IN_METHODS),
    address: z.string().max(100),
    agent: z.string().max(300).describe('Name that the browser gave itself'),
    startedAt: z.iso.datetime(),
    seenAt: z.iso.datetime().describe('Time of the last request, with an accuracy of one minute'),
    expiresAt: z.iso.datetime(),
    current: z.boolean().describe('The session of this request'),
  })
  .meta({ id: 'Session' });

export const SessionList = pageSchema('SessionPage', SessionView);

export function sessionView(row: SessionRow, current: string): z.infer<typeof SessionView> {
  return {
    id: row.key_id,
    method: row.method,
    address: row.address,
    agent: row.agent,
    startedAt: row.started_at.toISOString(),
    seenAt: row.seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    current: row.key_id === current,
  };
}

/** @throws anything else than the RangeError of an unknown name */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}
