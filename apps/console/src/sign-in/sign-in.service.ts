/** Signs people in with name, password and code. The answer never says whether the name exists. */
import { Inject, Injectable } from '@nestjs/common';
import type { ApiKeyRow, PersonRow, Role } from '#database';
import { ApiProblem } from '#http';
import { metrics } from '#service';
import { sha256Of } from '../access/api-keys.service.js';
import { Denials } from '../access/denials.js';
import type { SignInMethod } from '../access/sessions.repository.js';
import { SessionsService } from '../access/sessions.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { isPassword } from './password-hash.js';
import { isRecoveryCode } from './recovery-codes.js';
import { RecoveryCodesService } from './recovery-codes.service.js';
import { RecoveryRepository } from './recovery.repository.js';
import { SignInLimits } from './sign-in-limits.js';
import { SignInRepository } from './sign-in.repository.js';
import { acceptedStep } from './totp.js';

export interface Credentials {
  user: string;
  password: string;
  code?: string | undefined;
}

export interface Visitor {
  ip: string;
  agent: string;
}

export interface SignedIn {
  person: PersonRow;
  key: ApiKeyRow;
  token: string;
}

/** What was given besides the password. */
type Factor = 'none' | 'code' | 'recovery';
const METHOD_WITH: Record<Factor, SignInMethod> = {
  none: 'password',
  code: 'password-and-code',
  recovery: 'password-and-recovery-code',
};

@Injectable()
export class SignInService {
  constructor(
    private readonly rows: SignInRepository,
    private readonly recovery: RecoveryRepository,
    private readonly codes: RecoveryCodesService,
    private readonly limits: SignInLimits,
    private readonly sessions: SessionsService,
    private readonly denials: Denials,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws ApiProblem sign-in-failed, second-factor-required, too-many-requests */
  async signIn({ user, password, code }: Credentials, { ip, agent }: Visitor): Promise<SignedIn> {
    const mail = mailOf(user);
    const person = await this.rows.personByMail(mail);
    const attempt = await this.limits.begin(ip, mail, person?.id);
    const kept = person ? await this.rows.password(person.id) : undefined;
    const isRight = await isPassword(password, kept?.hash);
    if (!isRight || !person || person.disabledAt) throw await this.refused(mail, person, ip);
    const factor = await this.factorOf(person, code);
    if (factor === 'missing') {
      await this.limits.released(attempt);
      throw new ApiProblem(
        'second-factor-required',
        'code: the present code of the authenticator, or a recovery code',
      );
    }
    if (factor === 'wrong') throw await this.refused(mail, person, ip);
    await this.limits.succeeded(attempt);
    const role = roleOf(person.roles);
    const onlyEnrols = factor === 'none' && (await this.recovery.isReset(person.id));
    const method = METHOD_WITH[factor];
    const asked = { method, role, createdBy: kept?.proven_by ?? null, ip, agent, onlyEnrols };
    return { person, ...(await this.sessions.start(person, asked)) };
  }

  /**
   * For steps in a session that need the password again.
   * @throws ApiProblem sign-in-failed
   */
  async proveAgain(person: PersonRow, given: Omit<Credentials, 'user'>, ip: string): Promise<void> {
    // Another name than that of the sign-in: who guesses here has a session, and its known address.
    const attempt = await this.limits.begin(ip, `${person.mail} again`, undefined);
    const kept = await this.rows.password(person.id);
    const isRight = await isPassword(given.password, kept?.hash);
    if (!isRight) throw await this.refused(person.mail, person, ip);
    const factor = await this.factorOf(person, given.code);
    if (factor === 'missing') {
      await this.limits.released(attempt);
      throw new ApiProblem(
        'second-factor-required',
        'code: the present code of the authenticator, or a recovery code',
      );
    }
    if (factor === 'wrong') throw await this.refused(person.mail, person, ip);
    await this.limits.succeeded(attempt);
  }

  /** Uses the code up: it is not accepted again. */
  private async factorOf(person: PersonRow, code: string | undefined): Promise<Factor | 'missing' | 'wrong'> {
    const factor = await this.rows.secondFactor(person.id);
    if (!factor?.confirmed_at) return 'none';
    if (code === undefined) return 'missing';
    if (isRecoveryCode(code)) return (await this.codes.use(person, code)) ? 'recovery' : 'wrong';
    const lastStep = Number(factor.last_step);
    const step = acceptedStep(factor.secret, code, { now: this.clock(), lastStep });
    return step !== undefined && (await this.rows.useStep(person.id, step)) ? 'code' : 'wrong';
  }

  private async refused(mail: string, person: PersonRow | null, ip: string): Promise<ApiProblem> {
    metrics.denied.inc({ reason: 'wrong-sign-in' });
    const fingerprint = sha256Of(mail).slice(0, 12);
    const detail = person ? `person/${person.id}` : '';
    await this.denials.note({ kind: 'wrong-sign-in', by: undefined, fingerprint, ip, detail });
    return new ApiProblem('sign-in-failed', 'the name, the password or the code is wrong');
  }
}

const OF_SETTINGS = '@settings.invalid';

/** People of the settings have no mail address: `first-admin` is enough. */
export function mailOf(user: string): string {
  const name = user.trim().toLowerCase();
  return name.includes('@') ? name : name.replaceAll(' ', '-') + OF_SETTINGS;
}

/** An admin can do what an auditor can. */
export function roleOf(roles: readonly Role[]): Role {
  return roles.includes('admin') ? 'admin' : (roles[0] ?? 'auditor');
}
