/** One's own second factor. */
import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Problems } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { SecretAnswer } from '../http/idempotency.js';
import { PeopleService } from '../people/people.service.js';
import { SecondFactorService } from './second-factor.service.js';
import { Confirmation, Proof, RecoveryCodes, SecondFactorOffer } from './sign-in.dto.js';

type Proof = z.infer<typeof Proof>;
type RecoveryCodes = z.infer<typeof RecoveryCodes>;

@ApiTags('session')
@ApiBearerAuth()
@Controller('v1/me/second-factor')
export class SecondFactorController {
  constructor(
    private readonly people: PeopleService,
    private readonly factors: SecondFactorService,
  ) {}

  @Post()
  @HttpCode(200)
  @Requires('me:write')
  @SecretAnswer()
  @Problems('sign-in-failed', 'second-factor-required')
  @ApiOperation({
    summary: 'Have a second factor offered',
    description:
      'Gives the secret for an authenticator (TOTP, RFC 6238), once. It is needed at sign-in from the moment at which a code confirms it.',
  })
  @ApiResponse({ status: 200, standardSchema: SecondFactorOffer })
  async offer(
    @Caller() caller: ApiKeyRow,
    @Ip() ip: string,
    @Body({ schema: Proof }) proof: Proof,
  ): Promise<z.infer<typeof SecondFactorOffer>> {
    const person = await this.people.find(caller.personId, caller);
    return this.factors.offer(caller, person, proof, ip);
  }

  @Post('confirm')
  @HttpCode(200)
  @Requires('me:write')
  @SecretAnswer()
  @ApiOperation({
    summary: 'Confirm the second factor with its first code',
    description:
      'From now on every sign-in with the password needs a code. A code is accepted once. Gives ten recovery codes, for sign-in without the authenticator.',
  })
  @ApiResponse({ status: 200, standardSchema: RecoveryCodes })
  async confirm(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: Confirmation }) { code }: z.infer<typeof Confirmation>,
  ): Promise<RecoveryCodes> {
    const person = await this.people.find(caller.personId, caller);
    return { recoveryCodes: await this.factors.confirm(caller, person, code) };
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @Requires('me:write')
  @SecretAnswer()
  @Problems('sign-in-failed', 'second-factor-required')
  @ApiOperation({
    summary: 'Make new recovery codes',
    description: 'Needs the password and a code. The recovery codes before are accepted no more.',
  })
  @ApiResponse({ status: 200, standardSchema: RecoveryCodes })
  async recoveryCodes(
    @Caller() caller: ApiKeyRow,
    @Ip() ip: string,
    @Body({ schema: Proof }) proof: Proof,
  ): Promise<RecoveryCodes> {
    const person = await this.people.find(caller.personId, caller);
    return { recoveryCodes: await this.factors.renewCodes(caller, person, proof, ip) };
  }

  @Post('remove')
  @HttpCode(204)
  @Requires('me:write')
  @Problems('sign-in-failed', 'second-factor-required')
  @ApiOperation({
    summary: 'Remove your second factor',
    description: 'Needs the password, and a code of the authenticator or a recovery code.',
  })
  @ApiResponse({ status: 204, description: 'Removed' })
  async remove(
    @Caller() caller: ApiKeyRow,
    @Ip() ip: string,
    @Body({ schema: Proof }) proof: Proof,
  ): Promise<void> {
    const person = await this.people.find(caller.personId, caller);
    await this.factors.remove(caller, person, proof, ip);
  }
}
