/** The way back for a person who has lost the second factor and the recovery codes: two other admins agree on it. */
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView, Reasoned } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { PeopleService } from '../people/people.service.js';
import { SecondFactorService } from './second-factor.service.js';

const PersonId = z.uuid();

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:id/second-factor')
export class SecondFactorResetController {
  constructor(
    private readonly people: PeopleService,
    private readonly factors: SecondFactorService,
    private readonly changes: ChangesService,
  ) {}

  @Post('reset')
  @HttpCode(202)
  @Requires('people:recover')
  @ApiOperation({
    summary: 'Propose to reset the second factor of a person who has lost it',
    description:
      'Another admin approves; neither of them can be the person. Then all sessions of the person end, the recovery codes are accepted no more, and at the next sign-in with the password the person sets up a new second factor before anything else.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  async reset(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: PersonId }) id: string,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    const person = await this.people.find(id, caller);
    const confirmedAt = (await this.factors.setUpAt(person)).toISOString();
    return this.changes.propose(caller, { kind: 'person.second-factor-reset', id, confirmedAt }, reason);
  }
}
