import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { PeopleService } from './people.service.js';
import { keyView, KeyView, personView, PersonView } from './person.dto.js';

const Me = z.object({ person: PersonView, key: KeyView }).meta({ id: 'Me' });
type Me = z.infer<typeof Me>;

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/me')
export class MeController {
  constructor(private readonly people: PeopleService) {}

  @Get()
  @Requires('me:read')
  @ApiOperation({
    summary: 'Show the person and the key of this request',
    description: 'Shows name, role, network and permissions of the key, and when it expires.',
  })
  @ApiResponse({ status: 200, standardSchema: Me })
  async show(@Caller() caller: ApiKeyRow): Promise<Me> {
    return { person: personView(await this.people.find(caller.personId, caller)), key: keyView(caller) };
  }
}
