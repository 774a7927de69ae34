/** Decorators of routes: with a proof, or open to all. */
import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { EdgeFilter } from './edge.filter.js';
import { EdgeGuard } from './edge.guard.js';
import { OPEN_TO_ALL, type Edge } from './edge.js';

/** The type of the adapter is that of the controller's own injected adapter. */
export function ProvenBy<Adapter>(edge: Edge<Adapter>): MethodDecorator {
  return applyDecorators(
    RouteConfig({ edge } satisfies { edge: Edge<Adapter> }),
    UseGuards(EdgeGuard),
    UseFilters(EdgeFilter),
  );
}

export function OpenToAll(): MethodDecorator {
  return RouteConfig({ edge: OPEN_TO_ALL });
}
