/** Refuses a body or query parameters of routes that declare none. Other routes have schemas. */
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
      // Public routes are health and documentation: further parameters do no harm.
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

/** The sources of the parameters of the handler. */
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
