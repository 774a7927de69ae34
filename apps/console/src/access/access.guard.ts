import {
  createParamDecorator,
  Inject,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { metrics, PUBLIC_KEY, SETTINGS } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { ApiKeysService, sha256Of } from './api-keys.service.js';
import { Denials, type Denial } from './denials.js';
import { isAllowed, PERMISSION_KEY, type Permission } from './permissions.js';
import { crossSiteFault, siteOf } from './cross-site.js';
import { sessionTokenIn } from './session-cookie.js';
import { SessionsService } from './sessions.service.js';
import { SignIns } from './sign-ins.js';
import { WrongKeys } from '../http/wrong-keys.js';

export type Authenticated = FastifyRequest & {
  caller?: ApiKeyRow;
  /** Token of the session of the request; undefined if it has an API key. */
  session?: string;
  /** The session is for setting up a second factor, and nothing else. */
  onlyEnrols?: boolean;
};

/** What a session that is for setting up a second factor allows. */
const OF_ENROLMENT: readonly Permission[] = ['me:read', 'me:write'];

/**
 * Authenticates a request by its API key or its session, and checks the permission of its route. Routes with `@Public()` need none.
 * `RouteAccessCheck` stops the start if a route has neither.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly signIns: SignIns,
    private readonly denials: Denials,
    private readonly reflector: Reflector,
    private readonly wrongKeys: WrongKeys,
    private readonly sessions: SessionsService,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Authenticated>();
    const permission = this.reflector.get<Permission | undefined>(PERMISSION_KEY, context.getHandler());
    if (permission === undefined) {
      if (this.reflector.get<true | undefined>(PUBLIC_KEY, context.getHandler())) return true;
      throw new ApiProblem('internal', 'this route declares no permission');
    }
    const caller = await this.authenticated(request);
    if (!isAllowed(caller.role, permission)) {
      await this.deny(request, 'missing-permission', caller, '', permission);
      throw new ApiProblem('forbidden', `the role ${caller.role} has no permission ${permission}`);
    }
    if (request.onlyEnrols === true && !OF_ENROLMENT.includes(permission))
      throw new ApiProblem('forbidden', 'set up a second factor first: two admins have reset yours');
    request.caller = caller;
    return true;
  }

  private async authenticated(request: Authenticated): Promise<ApiKeyRow> {
    const { authorization, cookie } = request.headers;
    const token = authorization === undefined ? sessionTokenIn(cookie) : undefined;
    if (token !== undefined) return this.bySession(request, token);
    const key = keyIn(authorization);
    const caller =
      key === undefined
        ? undefined
        : await this.wrongKeys.check(request.ip, key, (given) => this.keys.find(given));
    if (!caller) {
      if (key === undefined) metrics.denied.inc({ reason: 'no-key' });
      else await this.deny(request, 'wrong-key', undefined, sha256Of(key).slice(0, 12));
      throw new ApiProblem(
        'unauthenticated',
        'send a valid API key (Authorization: Bearer <key>), or sign in',
      );
    }
    if (caller.expiresAt && caller.expiresAt <= new Date()) {
      await this.deny(request, 'expired-key', caller);
      const when = caller.expiresAt.toISOString();
      throw new ApiProblem('unauthenticated', `this key expired at ${when}: have a new key issued`);
    }
    await this.signIns.seen(caller, request.ip);
    return caller;
  }

  private async bySession(request: Authenticated, token: string): Promise<ApiKeyRow> {
    const found = await this.sessions.find(token);
    if (!found || found.fault !== undefined) {
      metrics.denied.inc({ reason: 'no-session' });
      throw new ApiProblem('unauthenticated', found?.fault ?? 'this session has ended: sign in again');
    }
    const fault = crossSiteFault(siteOf(request, this.settings.CONSOLE_URL), token);
    if (fault !== undefined) {
      await this.deny(request, 'cross-site', found.key, '', fault);
      throw new ApiProblem('forbidden', fault);
    }
    await this.signIns.seen(found.key, request.ip);
    request.session = token;
    request.onlyEnrols = found.onlyEnrols;
    return found.key;
  }

  private deny(
    { ip }: Authenticated,
    kind: Denial['kind'],
    by: ApiKeyRow | undefined,
    fingerprint = '',
    detail = '',
  ): Promise<void> {
    metrics.denied.inc({ reason: kind });
    return this.denials.note({ kind, by, fingerprint, ip, detail });
  }
}

/** The scheme is case-insensitive (RFC 9110 §11.1) and is followed by one or more spaces. */
function keyIn(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S{1,500}) *$/i.exec(authorization ?? '')?.[1];
}

export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<Authenticated>().caller,
);

/** Whether the session of the request is for setting up a second factor, and nothing else. */
export const OnlyEnrols = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<Authenticated>().onlyEnrols ?? false,
);

/** Token of the session of the request; undefined if it has an API key. */
export const SessionToken = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<Authenticated>().session,
);

/**
 * Refuses operators of other networks and integrators, with the same answer as for a network that does not exist. Admins and auditors pass.
 * @throws ApiProblem not-found
 */
export function requireOwnNetwork(caller: ApiKeyRow, network: string): void {
  if (caller.network !== null && caller.network !== network)
    throw new ApiProblem('not-found', `no network ${network}`);
}
