/** Sign-in and sign-out of the web console. */
import { Body, Controller, Delete, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem, Problems } from '#http';
import { Public, SETTINGS } from '#service';
import { Caller, SessionToken } from '../access/access.guard.js';
import { foreignOrigin, siteOf } from '../access/cross-site.js';
import { Requires } from '../access/permissions.js';
import { csrfTokenOf, sessionCookie } from '../access/session-cookie.js';
import { SessionsService } from '../access/sessions.service.js';
import type { ConsoleSettings } from '../console.config.js';
import { personView } from '../people/person.dto.js';
import { isSecure, visitorOf } from './visitor.js';
import { SignedInView, SignInBody } from './sign-in.dto.js';
import { SignInService } from './sign-in.service.js';

@ApiTags('session')
@Controller('v1/session')
export class SessionController {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionsService,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Post()
  @HttpCode(200)
  @Public()
  @Problems('sign-in-failed', 'second-factor-required', 'too-many-requests', 'forbidden')
  @ApiOperation({
    summary: 'Sign in to the web console',
    description:
      'Starts a session, whose cookie `hutong_session` the browser sends with every request. Requests of a session that change something need the header `X-CSRF-Token` with the `csrfToken` of this answer. Rate limited for each person and each address.',
    security: [],
  })
  @ApiResponse({ status: 200, standardSchema: SignedInView })
  async signIn(
    @Req() request: FastifyRequest,
    @Body({ schema: SignInBody }) body: z.infer<typeof SignInBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof SignedInView>> {
    const foreign = foreignOrigin(siteOf(request, this.settings.CONSOLE_URL));
    if (foreign !== undefined) throw new ApiProblem('forbidden', foreign);
    const { person, token } = await this.signIns.signIn(body, visitorOf(request));
    const seconds = this.sessions.lifetimeMs / 1000;
    reply.header('set-cookie', sessionCookie(token, seconds, isSecure(request, this.settings.CONSOLE_URL)));
    return { person: personView(person), csrfToken: csrfTokenOf(token) };
  }

  @Delete()
  @HttpCode(204)
  @Requires('me:write')
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Sign out',
    description: 'Ends the session of this request. A request with an API key has none.',
  })
  @ApiResponse({ status: 204, description: 'Signed out' })
  async signOut(
    @Req() request: FastifyRequest,
    @Caller() caller: ApiKeyRow,
    @SessionToken() token: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (token === undefined) throw new ApiProblem('conflict', 'this request has an API key and no session');
    await this.sessions.end(caller, caller.id, 'signed out');
    // No Clear-Site-Data: browsers keep no answer of the API (no-store), "storage" would delete the language of the person, and
    // COMPAT(Chromium, 120): the answer to a request with it waits for the deletion of "cache", which can take a minute.
    reply.header('set-cookie', sessionCookie('', 0, isSecure(request, this.settings.CONSOLE_URL)));
  }
}
