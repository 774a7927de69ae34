/** The person of the request: what they may do, their sessions, their password. */
import { Body, Controller, Delete, Get, HttpCode, Inject, Ip, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem, Problems } from '#http';
import { hutongVersion, SETTINGS } from '#service';
import { Caller, OnlyEnrols, SessionToken } from '../access/access.guard.js';
import { isAllowed, PERMISSION_NAMES, Requires } from '../access/permissions.js';
import { csrfTokenOf } from '../access/session-cookie.js';
import { SessionsService } from '../access/sessions.service.js';
import type { SessionRow } from '../access/sessions.repository.js';
import type { ConsoleSettings } from '../console.config.js';
import { keyAfter, MomentKey, pageOf, PageQuery } from '../http/page.js';
import { PeopleService } from '../people/people.service.js';
import { keyView, personView } from '../people/person.dto.js';
import { AccountService } from './account.service.js';
import { RecoveryRepository } from './recovery.repository.js';
import {
  DEFAULT_PREFERENCES,
  LANGUAGES,
  MeView,
  NewPassword,
  Preferences,
  SessionList,
  sessionView,
} from './sign-in.dto.js';
import { SignInRepository } from './sign-in.repository.js';

const SessionId = z.uuid();

@ApiTags('session')
@ApiBearerAuth()
@Controller('v1/me')
export class MeController {
  constructor(
    private readonly people: PeopleService,
    private readonly account: AccountService,
    private readonly sessions: SessionsService,
    private readonly rows: SignInRepository,
    private readonly recovery: RecoveryRepository,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Get()
  @Requires('me:read')
  @ApiOperation({
    summary: 'Show who makes this request, and what they may do',
    description:
      'Shows the person, the role and its permissions, the preferences, and the token that a session needs for changes.',
  })
  @ApiResponse({ status: 200, standardSchema: MeView })
  async show(
    @Caller() caller: ApiKeyRow,
    @SessionToken() token: string | undefined,
    @OnlyEnrols() onlyEnrols: boolean,
  ): Promise<z.infer<typeof MeView>> {
    const { personId, network, role } = caller;
    const person = personView(await this.people.find(personId, caller));
    const preference = await this.rows.preference(personId);
    const operator = network === null ? undefined : await this.rows.operatorOf(network);
    return {
      person,
      key: keyView(caller),
      role,
      roles: person.roles,
      permissions: PERMISSION_NAMES.filter((one) => isAllowed(role, one)),
      network,
      operator: operator ?? null,
      language: LANGUAGES.find((one) => one === preference?.language) ?? DEFAULT_PREFERENCES.language,
      timeZone: preference?.time_zone ?? DEFAULT_PREFERENCES.timeZone,
      version: hutongVersion(),
      csrfToken: token === undefined ? null : csrfTokenOf(token),
      expiresAt: caller.expiresAt?.toISOString() ?? null,
      idleMinutes: token === undefined ? null : this.settings.SESSION_IDLE_MINUTES,
      hasPassword: (await this.rows.password(personId)) !== undefined,
      hasSecondFactor: Boolean((await this.rows.secondFactor(personId))?.confirmed_at),
      recoveryCodesLeft: await this.recovery.codesLeft(personId),
      mustSetUpSecondFactor: onlyEnrols,
    };
  }

  @Put('preferences')
  @HttpCode(204)
  @Requires('me:write')
  @ApiOperation({
    summary: 'Set your language and time zone',
    description: 'The web console shows texts in this language and times in this zone.',
  })
  @ApiResponse({ status: 204, description: 'Kept' })
  async prefer(
    @Caller() { personId }: ApiKeyRow,
    @Body({ schema: Preferences }) { language, timeZone }: z.infer<typeof Preferences>,
  ): Promise<void> {
    await this.rows.setPreference(personId, language, timeZone);
  }

  @Get('sessions')
  @Requires('me:read')
  @ApiOperation({
    summary: 'List your sessions, newest first',
    description:
      'Shows from where each session was started, and when it was last used. At most 20 are open at a time.',
  })
  @ApiResponse({ status: 200, standardSchema: SessionList })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<z.infer<typeof SessionList>> {
    const rows = await this.sessions.page(caller.personId, keyAfter(cursor, MomentKey), limit + 1);
    const keyOf = (row: SessionRow) => [row.started_at.toISOString(), row.key_id] as const;
    return pageOf(rows, limit, keyOf, (row) => sessionView(row, caller.id));
  }

  @Delete('sessions')
  @HttpCode(204)
  @Requires('me:write')
  @ApiOperation({
    summary: 'End all your other sessions',
    description: 'With an API key: all your sessions. Keys that were issued in them stay valid.',
  })
  @ApiResponse({ status: 204, description: 'Ended' })
  async endOthers(@Caller() caller: ApiKeyRow): Promise<void> {
    await this.sessions.endOthers(caller, 'ended by its owner');
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @Requires('me:write')
  @ApiOperation({
    summary: 'End one of your sessions',
    description: 'The browser that has it must sign in again. Keys that were issued in it stay valid.',
  })
  @ApiResponse({ status: 204, description: 'Ended' })
  async end(@Caller() caller: ApiKeyRow, @Param('id', { schema: SessionId }) id: string): Promise<void> {
    if (!(await this.sessions.end(caller, id, 'ended by its owner')))
      throw new ApiProblem('not-found', `no session ${id}`);
  }

  @Put('password')
  @HttpCode(204)
  @Requires('me:write')
  @Problems('sign-in-failed', 'second-factor-required')
  @ApiOperation({
    summary: 'Set your password for the web console',
    description:
      'The first password is set with an API key; later ones need the present password. Ends your other sessions. When a key is revoked together with what was made with it, the password that it set is forgotten.',
  })
  @ApiResponse({ status: 204, description: 'The password is set' })
  async password(
    @Caller() caller: ApiKeyRow,
    @SessionToken() token: string | undefined,
    @Ip() ip: string,
    @Body({ schema: NewPassword }) body: z.infer<typeof NewPassword>,
  ): Promise<void> {
    const person = await this.people.find(caller.personId, caller);
    await this.account.setPassword(caller, person, body, { ip, bySession: token !== undefined });
  }
}
