/** Routes without a body or without query parameters refuse what is sent to them all the same; those with some have schemas. */
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/internal';
import type { Observable } from 'rxjs';
import { ValidationProblem } from '#http';
import type { Authenticated } from '../access/access.guard.js';

@Injectable()
export class UndeclaredInput implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') {
      const { caller, query, body } = context.switchToHttp().getRequest<Authenticated>();
      // Routes that are open to everybody are links to media, health and documentation: a parameter more harms nobody.
      if (caller) refuse(declaredBy(context), namesIn(query), namesIn(body));
    }
    return next.handle();
  }
}

function refuse(declared: Set<RouteParamtypes>, query: string[], body: string[]): void {
  const errors = [
    ...(declared.has(RouteParamtypes.QUERY) ? [] : query).map((field) => ({
      field,
      rule: 'no such query parameter',
    })),
    ...(declared.has(RouteParamtypes.BODY) ? [] : body).map((field) => ({
      field,
      rule: 'no such field: this takes no body',
    })),
  ];
  if (errors.length > 0) throw new ValidationProblem(errors.slice(0, 20));
}

/** What the parameters of the handler are taken from. */
function declaredBy(context: ExecutionContext): Set<RouteParamtypes> {
  const parameters = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  ) as Record<string, unknown> | undefined;
  return new Set(Object.keys(parameters ?? {}).map((key) => Number(key.split(':')[0])));
}

function namesIn(input: unknown): string[] {
  if (typeof input !== 'object') return input === undefined ? [] : ['(body)'];
  return Object.keys(input ?? {});
}
