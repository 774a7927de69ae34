import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ApiKeyRow } from '#database';
import { Network } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { SecretAnswer } from '../http/idempotency.js';
import { PageQuery, pageSchema, type Page } from '../http/page.js';
import { BusCredential, CredentialKey, IssuedCredential, Revocation } from './credential.dto.js';
import { CredentialsService } from './credentials.service.js';

@ApiTags('networks')
@ApiBearerAuth()
@Controller('v1/networks/:network/credentials')
export class CredentialsController {
  constructor(private readonly credentials: CredentialsService) {}

  @Get()
  @Requires('credentials:read')
  @ApiOperation({
    summary: 'List bus credentials, newest first',
    description: 'Shows issuer, expiry, and time and address of the last use. Secrets are never shown.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('BusCredentialPage', BusCredential) })
  list(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<BusCredential>> {
    requireOwnNetwork(caller, network);
    return this.credentials.list(network, query);
  }

  @Post()
  @Requires('credentials:issue')
  @SecretAnswer()
  @ApiOperation({
    summary: 'Issue bus credentials',
    description:
      'For the adapter of your own network. The credentials are shown once and are valid for 90 days. A network has at most two valid credentials.',
  })
  @ApiResponse({ status: 201, standardSchema: IssuedCredential })
  issue(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
  ): Promise<IssuedCredential> {
    requireOwnNetwork(caller, network);
    return this.credentials.issue(caller, network);
  }

  @Delete(':publicKey')
  @Requires('credentials:revoke')
  @ApiOperation({
    summary: 'Revoke bus credentials',
    description: 'Also revokes the credentials that renewed these, and closes connections that use them.',
  })
  @ApiResponse({ status: 200, standardSchema: BusCredential })
  revoke(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Param('publicKey', { schema: CredentialKey }) publicKey: string,
    @Body({ schema: Revocation }) { reason }: Revocation,
  ): Promise<BusCredential> {
    requireOwnNetwork(caller, network);
    return this.credentials.revoke(caller, network, publicKey, reason);
  }
}
