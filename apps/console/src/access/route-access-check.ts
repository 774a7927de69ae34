/** Stops the start if a route has neither `@Requires` nor `@Public`. */
import { Injectable, RequestMethod, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { PUBLIC_KEY } from '#service';
import { PERMISSION_KEY } from './permissions.js';

@Injectable()
export class RouteAccessCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws Error that names the routes */
  onModuleInit(): void {
    const undeclared = this.discovery.getControllers().flatMap(({ instance, name }) => {
      const handlers = instance as Record<string, () => unknown>;
      return this.scanner
        .getAllMethodNames(Object.getPrototypeOf(instance) as object)
        .map((method) => ({ method, handler: handlers[method] }))
        .filter(({ handler }) => handler && this.isUndeclaredRoute(handler))
        .map(({ method }) => `${name}.${method}`);
    });
    if (undeclared.length > 0)
      throw new Error(`routes without @Requires or @Public: ${undeclared.join(', ')}`);
  }

  private isUndeclaredRoute(handler: () => unknown): boolean {
    if (!Reflect.hasMetadata(PATH_METADATA, handler)) return false;
    if ((Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined) === undefined)
      return false;
    const declared = [PERMISSION_KEY, PUBLIC_KEY].map((key) => this.reflector.get<unknown>(key, handler));
    return declared.every((value) => value === undefined);
  }
}
