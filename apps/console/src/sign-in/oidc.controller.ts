/** The two requests of a sign-in with OpenID Connect: to the provider, and back. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problems } from '#http';
import { parseJson } from '#protocol';
import { Public, SETTINGS } from '#service';
import { cookieIn, sessionCookie } from '../access/session-cookie.js';
import { SessionsService } from '../access/sessions.service.js';
import type { ConsoleSettings } from '../console.config.js';
import { OidcProvider, type Handshake } from './oidc-provider.js';
import { OidcService } from './oidc.service.js';
import { isSecure, visitorOf } from './visitor.js';

const COOKIE = 'hutong_oidc';
const PATH = '/v1/session/oidc';
const HANDSHAKE_S = 600;
const Text = z.string().min(20).max(200);
const Handshaken = z.object({ state: Text, nonce: Text, verifier: Text });
const Methods = z
  .object({ password: z.boolean(), oidc: z.boolean().describe('true: `GET /v1/session/oidc` can be opened') })
  .meta({ id: 'SignInMethods', examples: [{ password: true, oidc: false }] });

@ApiTags('session')
@Controller('v1/session')
export class OidcController {
  constructor(
    private readonly provider: OidcProvider,
    private readonly oidc: OidcService,
    private readonly sessions: SessionsService,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Get('methods')
  @Public()
  @ApiOperation({
    summary: 'List how people can sign in here',
    description: 'For the page of the sign-in, which needs no session.',
    security: [],
  })
  @ApiResponse({ status: 200, standardSchema: Methods })
  methods(): z.infer<typeof Methods> {
    return { password: true, oidc: this.provider.isConfigured };
  }

  @Get('oidc')
  @Public()
  @Problems('not-found', 'unavailable')
  @ApiOperation({
    summary: 'Sign in with the OpenID provider of the settings',
    description: 'Opened by the browser, which is sent to the provider and comes back to the callback.',
    security: [],
  })
  @ApiResponse({ status: 302, description: 'To the provider' })
  async begin(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { to, handshake } = await this.provider.begin();
    const value = Buffer.from(JSON.stringify(handshake)).toString('base64url');
    await reply.header('set-cookie', this.cookie(request, value, HANDSHAKE_S)).redirect(to.href, 302);
  }

  @Get('oidc/callback')
  @Public()
  @Problems('not-found', 'unavailable')
  @ApiOperation({
    summary: 'Come back from the OpenID provider',
    description:
      'Opened by the browser that began the sign-in, within ten minutes. Starts a session and shows the console, or the page of the sign-in with `problem`: `not-proven`, `not-registered` or `no-role`.',
    security: [],
  })
  @ApiResponse({ status: 302, description: 'To the console' })
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const handshake = handshakeIn(request.headers.cookie);
    const query = request.url.split('?')[1] ?? '';
    const outcome = handshake
      ? await this.oidc.signIn(query, handshake, visitorOf(request))
      : { refusal: 'not-proven' as const };
    const cookies = [this.cookie(request, '', 0)];
    if ('token' in outcome) cookies.push(this.sessionCookie(request, outcome.token));
    const to = 'token' in outcome ? '/' : `/?problem=${outcome.refusal}`;
    await reply.header('set-cookie', cookies).redirect(to, 302);
  }

  private sessionCookie(request: FastifyRequest, token: string): string {
    const seconds = this.sessions.lifetimeMs / 1000;
    return sessionCookie(token, seconds, isSecure(request, this.settings.CONSOLE_URL));
  }

  /** `Lax`: the browser sends it when it comes back from the provider, which is another site. */
  private cookie(request: FastifyRequest, value: string, seconds: number): string {
    const attributes = [`Path=${PATH}`, 'HttpOnly', 'SameSite=Lax', `Max-Age=${seconds}`];
    const secure = isSecure(request, this.settings.CONSOLE_URL) ? ['Secure'] : [];
    return [`${COOKIE}=${value}`, ...attributes, ...secure].join('; ');
  }
}

/** @returns undefined for a cookie that is missing, old or forged */
function handshakeIn(cookies: string | undefined): Handshake | undefined {
  const bytes = Buffer.from(cookieIn(cookies, COOKIE) ?? '', 'base64url');
  return Handshaken.safeParse(parseJson(bytes)).data;
}
