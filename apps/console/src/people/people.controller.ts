/** People of the exchange and of its members. Adding one and giving roles needs two people. */
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow, PersonRow } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { ApiKeysService } from '../access/api-keys.service.js';
import { isAllowed, Requires } from '../access/permissions.js';
import { ChangeView, proposed, Reasoned } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { Reason } from '../http/free-text.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { ETAG, expectVersion, IF_MATCH, tagged } from '../http/versions.js';
import { PeopleRepository } from './people.repository.js';
import { PeopleService } from './people.service.js';
import { ListedPersonView, PersonTerms, personView, PersonView, Roles } from './person.dto.js';

const NewPerson = z.object({ terms: PersonTerms, reason: Reason }).meta({ id: 'NewPerson' });
const NewRoles = z.object({ roles: Roles, reason: Reason }).meta({ id: 'NewRoles' });
const PersonId = z.uuid();

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people')
export class PeopleController {
  constructor(
    private readonly database: DataSource,
    private readonly rows: PeopleRepository,
    private readonly people: PeopleService,
    private readonly keys: ApiKeysService,
    private readonly changes: ChangesService,
  ) {}

  @Get()
  @Requires('people:read')
  @ApiOperation({
    summary: 'List people, oldest first',
    description: 'An operator sees the people of their own network.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('PersonPage', ListedPersonView) })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<ListedPersonView>> {
    const rows = await this.rows.page(caller.network, keyAfter(cursor, MomentKey), limit + 1);
    const enrolled = isAllowed(caller.role, 'people:recover')
      ? await this.rows.withSecondFactor(rows.map(({ id }) => id))
      : undefined;
    const listed = (row: PersonRow) => ({
      ...personView(row),
      hasSecondFactor: enrolled?.has(row.id) ?? null,
    });
    return pageOf(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id], listed);
  }

  @Get(':id')
  @Requires('people:read')
  @ApiOperation({
    summary: 'Show one person',
    description: 'Shows name, mail address, roles and network of a person.',
  })
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: PersonView })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: PersonId }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonView> {
    const row = await this.people.find(id, caller);
    return tagged(reply, row.version, personView(row));
  }

  @Post()
  @HttpCode(202)
  @Requires('people:write')
  @ApiOperation({
    summary: 'Propose a person, with a first key; both are there when another person approves the change',
    description:
      'An operator proposes colleagues of the same network. The person makes the key and gives its SHA-256.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  add(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewPerson }) { terms, reason }: z.infer<typeof NewPerson>,
  ): Promise<ChangeView> {
    if (caller.role === 'operator' && terms.network !== caller.network)
      throw new ApiProblem('forbidden', `terms.network: an operator proposes people of ${caller.network}`);
    return this.changes.propose(caller, { kind: 'person.add', terms }, reason);
  }

  @Put(':id/roles')
  @HttpCode(202)
  @Requires('people:roles')
  @ApiOperation({
    summary: 'Propose other roles for a person',
    description: 'Keys with a role that the person loses are revoked when the change is applied.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  async roles(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: PersonId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: NewRoles }) { roles, reason }: z.infer<typeof NewRoles>,
  ): Promise<ChangeView> {
    const { version, network } = await this.people.find(id, caller);
    expectVersion(ifMatch, version);
    if (network !== null || roles.includes('operator') || roles.includes('integrator'))
      throw new ApiProblem(
        'invalid',
        'roles: a person who acts for a network cannot get other roles; add another person',
      );
    return this.changes.propose(caller, { kind: 'person.roles', id, version, roles }, reason);
  }

  @Post(':id/disable')
  @HttpCode(200)
  @Requires('people:write')
  @ApiOperation({
    summary: 'Disable a person',
    description:
      'Revokes all keys of the person. Disabling another admin is a proposal that a second person approves.',
  })
  @ApiResponse({ status: 200, standardSchema: PersonView })
  @ApiResponse({ status: 202, standardSchema: ChangeView, description: 'Proposed, for another admin' })
  async disable(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: PersonId }) id: string,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonView | ChangeView> {
    const { version, roles } = await this.people.find(id, caller);
    if (roles.includes('admin') && id !== caller.personId) {
      const change = { kind: 'person.disable', id, version, reason } as const;
      return proposed(reply, await this.changes.propose(caller, change, reason));
    }
    const disabled = await this.database.transaction((manager) =>
      this.people.disable(manager, caller, { id, version, reason }),
    );
    this.keys.forgetKnown();
    return personView(disabled);
  }
}
