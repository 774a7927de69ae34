/**
 * Who may use the wall: whoever has the token of the printed address, from a page that the wall itself served. The check of
 * the host keeps out pages of other sites whose name was made to point to this machine (DNS rebinding).
 */
import {
  Inject,
  Injectable,
  UnauthorizedException,
  ForbiddenException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { PUBLIC_KEY, secretsEqual } from '#service';
import { WALL_OPTIONS, type WallOptions } from './wall-network.js';

@Injectable()
export class WallGuard implements CanActivate {
  constructor(
    @Inject(WALL_OPTIONS) private readonly options: WallOptions,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!isOwnHost(headers.host, this.options.port))
      throw new ForbiddenException('the wall has another host name');
    if (!isOwnOrigin(headers.origin, headers.host))
      throw new ForbiddenException('this comes from a page of another site');
    if (this.reflector.get<boolean | undefined>(PUBLIC_KEY, context.getHandler())) return true;
    const [, token = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (!secretsEqual(token, this.options.token))
      throw new UnauthorizedException('open the address that npm start printed');
    return true;
  }
}

export function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** Browsers send the origin with every request that changes something. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${host}`;
}
