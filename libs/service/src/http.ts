/** Health endpoints of every process: liveness and readiness. Metrics have a port of their own. */
import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Module,
  ServiceUnavailableException,
  SetMetadata,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
} from '@nestjs/common';

/** Checks by name. The process is ready when all are true. */
export interface Readiness {
  check(): Record<string, boolean>;
}
export const READINESS = Symbol('readiness');

export const PUBLIC_KEY = 'public';
/** Marks a route that needs no API key: it reveals nothing about anybody, or its request contains a proof of its own. */
export const Public = (): MethodDecorator => SetMetadata(PUBLIC_KEY, true);

@Controller()
class HealthController {
  constructor(@Inject(READINESS) private readonly readiness: Readiness) {}

  @Get('healthz/live')
  @Public()
  @HttpCode(200)
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('healthz/ready')
  @Public()
  ready(): { status: string; checks: Record<string, boolean> } {
    const checks = this.readiness.check();
    const ready = Object.values(checks).every(Boolean);
    if (!ready) throw new ServiceUnavailableException({ status: 'not ready', checks });
    return { status: 'ready', checks };
  }
}

@Module({})
export class HealthModule {
  static using(readiness: Readiness): DynamicModule {
    return HealthModule.made({ useFactory: () => readiness });
  }

  /** With a readiness that needs providers of the application. @param imports modules that provide them, unless they are global */
  static made({
    useFactory,
    inject,
    imports = [],
  }: Pick<FactoryProvider<Readiness>, 'useFactory' | 'inject'> &
    Pick<ModuleMetadata, 'imports'>): DynamicModule {
    return {
      module: HealthModule,
      imports,
      controllers: [HealthController],
      providers: [{ provide: READINESS, useFactory, ...(inject ? { inject } : {}) }],
    };
  }
}
