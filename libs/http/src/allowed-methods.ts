/** Which methods each path has: Fastify's router says of a wrong method only that it knows no such route. */
import type { FactoryProvider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

export class AllowedMethods {
  private readonly routes: { path: RegExp; methods: string[] }[] = [];

  /** Before any route is added. */
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

/** `ProblemFilter` needs it. */
export const allowedMethods: FactoryProvider<AllowedMethods> = {
  provide: AllowedMethods,
  inject: [HttpAdapterHost],
  useFactory: ({ httpAdapter }: HttpAdapterHost<FastifyAdapter>) =>
    new AllowedMethods(httpAdapter.getInstance()),
};

/** A path of Fastify: `:name` is a parameter, `::` a colon, `*` the rest. */
function patternOf(url: string): RegExp {
  const source = url
    .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('::', '\u0000')
    .replaceAll(/:\w+/g, '[^/]+')
    .replaceAll('*', '.*')
    .replaceAll('\u0000', ':');
  return new RegExp(`^${source}/?$`);
}
