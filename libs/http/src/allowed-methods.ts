/** The methods of each path, for the header `Allow` of a 405. Fastify answers a wrong method like an unknown path. */
import type { FactoryProvider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

export class AllowedMethods {
  private readonly routes: { path: RegExp; methods: string[] }[] = [];

  /** Call it before any route is added. */
  constructor(fastify: Pick<FastifyInstance, 'addHook'>) {
    fastify.addHook('onRoute', ({ url, method }) => {
      this.routes.push({ path: patternOf(url), methods: [method].flat() });
    });
  }

  /** @param path without the query */
  readonly of = (path: string): string[] => {
    const methods = this.routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  };
}

/** Provider for `ProblemFilter`. */
export const allowedMethods: FactoryProvider<AllowedMethods> = {
  provide: AllowedMethods,
  inject: [HttpAdapterHost],
  useFactory: ({ httpAdapter }: HttpAdapterHost<FastifyAdapter>) =>
    new AllowedMethods(httpAdapter.getInstance()),
};

/** Regular expression of a Fastify path: `:name` is a parameter, `::` a colon, `*` the rest of the path. */
function patternOf(url: string): RegExp {
  const source = url
    .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('::', '\u0000')
    .replaceAll(/:\w+/g, '[^/]+')
    .replaceAll('*', '.*')
    .replaceAll('\u0000', ':');
  return new RegExp(`^${source}/?$`);
}
