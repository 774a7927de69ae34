/** The application service's side of the Matrix spec: what the homeserver calls. Every request proves the hs_token. */
import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpException,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ADAPTER } from '#adapter-kit';
import { HubError, toHubError } from '#protocol';
import { sameSecret } from '#service';
import type { MatrixAdapter } from './matrix.adapter.js';
import { MATRIX_ERRORS } from './matrix.errors.js';

type Json = Record<string, unknown>;

@Controller('_matrix/app/v1')
export class AppserviceController {
  constructor(@Inject(ADAPTER) private readonly adapter: MatrixAdapter) {}

  @Put('transactions/:id')
  @HttpCode(200)
  transaction(@Req() request: FastifyRequest, @Body() body: unknown): Promise<Json> {
    return this.serve(request, async () => {
      await this.adapter.transaction(body);
      return {};
    });
  }

  @Post('ping')
  @HttpCode(200)
  ping(@Req() request: FastifyRequest): Promise<Json> {
    return this.serve(request, () => Promise.resolve({}));
  }

  @Get('users/:userId')
  user(@Req() request: FastifyRequest, @Param('userId') userId: string): Promise<Json> {
    return this.serve(request, async () => {
      await this.adapter.createGhost(userId);
      return {};
    });
  }

  @Get('rooms/:alias')
  room(@Req() request: FastifyRequest): Promise<Json> {
    return this.serve(request, () =>
      Promise.reject(new HubError('14', 'portals are made by writing to a person, not by their alias')),
    );
  }

  @Get('thirdparty/protocol/:protocol')
  protocol(@Req() request: FastifyRequest): Promise<Json> {
    return this.serve(request, () =>
      Promise.resolve({
        user_fields: ['network', 'id'],
        location_fields: [],
        icon: '',
        field_types: {
          network: { regexp: '[a-z][a-z0-9-]*', placeholder: 'xmpp' },
          id: { regexp: '.+', placeholder: 'alice@example.org' },
        },
        instances: [],
      }),
    );
  }

  @Get('thirdparty/user/:protocol')
  async thirdPartyUser(
    @Req() request: FastifyRequest,
    @Query() query: Record<string, string>,
  ): Promise<unknown> {
    return this.serve(request, () => this.adapter.lookUp(query['network'] ?? '', query['id'] ?? ''));
  }

  @Get('thirdparty/location/:protocol')
  thirdPartyLocation(@Req() request: FastifyRequest): Promise<unknown> {
    return this.serve(request, () => Promise.resolve([]));
  }

  private async serve<T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> {
    try {
      this.authenticate(request);
      return await work();
    } catch (thrown) {
      const error = toHubError(thrown);
      const { status, errcode } = MATRIX_ERRORS[error.code] ?? { status: 500, errcode: 'M_UNKNOWN' };
      throw new HttpException({ errcode, error: error.detail }, status);
    }
  }

  private authenticate(request: FastifyRequest): void {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!sameSecret(token, this.adapter.hsToken)) throw new HubError('31', 'wrong hs_token');
  }
}
