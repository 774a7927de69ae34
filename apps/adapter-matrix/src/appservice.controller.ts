/** The application service's side of the Matrix spec: what the homeserver calls. Every request proves the hs_token. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { headerOf, ProvenBy, publicDetail, type Edge, type Refusal } from '#adapter-webhook';
import { HubError } from '#protocol';
import { readJson, secretsEqual } from '#service';
import type { MatrixAdapter } from './matrix.adapter.js';
import { MATRIX_ERRORS } from './matrix.errors.js';

type Json = Record<string, unknown>;

/**
 * Synapse puts up to 100 events of at most 65,536 bytes into a transaction, and as many typing notices, receipts and
 * presences: 16 MiB leaves room for both. Read in pieces, see `readJson`.
 */
const MAX_TRANSACTION = 16 * 1024 * 1024;
/** An event of 65,536 bytes has at most 32,768 values, and an ordinary one below 100. */
const BOUNDS = { depth: 64, values: 100_000 };

/** The token is the whole proof, so it is checked before a byte of the body is read. */
export const homeserverEdge: Edge<MatrixAdapter> = {
  maxBody: 0,
  form(request, { hsToken }) {
    const token = /^Bearer (.+)$/i.exec(headerOf(request, 'authorization'))?.[1] ?? '';
    if (!secretsEqual(token, hsToken)) throw new HubError('31', 'wrong hs_token');
  },
  proof: () => undefined,
  refusal,
};

const pingEdge: Edge<MatrixAdapter> = { ...homeserverEdge, maxBody: 4096 };

export const transactionEdge: Edge<MatrixAdapter> = {
  ...homeserverEdge,
  maxBody: MAX_TRANSACTION,
  parse: (body) =>
    readJson(body, BOUNDS).catch((cause: unknown) => {
      throw new HubError('30', 'the transaction is not JSON, or too deep', { cause });
    }),
};

@Controller('_matrix/app/v1')
export class AppserviceController {
  constructor(@Inject(ADAPTER) private readonly adapter: MatrixAdapter) {}

  @Put('transactions/:id')
  @ProvenBy(transactionEdge)
  @HttpCode(200)
  async transaction(@Body() body: unknown): Promise<Json> {
    await this.adapter.transaction(body);
    return {};
  }

  @Post('ping')
  @ProvenBy(pingEdge)
  @HttpCode(200)
  ping(): Json {
    return {};
  }

  @Get('users/:userId')
  @ProvenBy(homeserverEdge)
  async user(@Param('userId') userId: string): Promise<Json> {
    await this.adapter.createGhost(userId);
    return {};
  }

  @Get('rooms/:alias')
  @ProvenBy(homeserverEdge)
  room(): never {
    throw new HubError('14', 'portals are made by writing to a person, not by their alias');
  }

  @Get('thirdparty/protocol/:protocol')
  @ProvenBy(homeserverEdge)
  protocol(): Json {
    return {
      user_fields: ['network', 'id'],
      location_fields: [],
      icon: '',
      field_types: {
        network: { regexp: '[a-z][a-z0-9-]*', placeholder: 'xmpp' },
        id: { regexp: '.+', placeholder: 'alice@example.org' },
      },
      instances: [],
    };
  }

  @Get('thirdparty/user/:protocol')
  @ProvenBy(homeserverEdge)
  thirdPartyUser(@Query() query: Record<string, string>): Promise<unknown> {
    return this.adapter.lookUp(query['network'] ?? '', query['id'] ?? '');
  }

  @Get('thirdparty/location/:protocol')
  @ProvenBy(homeserverEdge)
  thirdPartyLocation(): unknown[] {
    return [];
  }
}

/** As the Matrix specification has errors. */
function refusal(error: HubError): Refusal {
  const { status, errcode } = MATRIX_ERRORS[error.code] ?? { status: 500, errcode: 'M_UNKNOWN' };
  const body = JSON.stringify({ errcode, error: publicDetail(error) });
  return { status, contentType: 'application/json; charset=utf-8', body };
}
