/** What every process answers over HTTP: liveness and readiness. Metrics are on a port of their own. */
import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Module,
  ServiceUnavailableException,
  type DynamicModule,
} from '@nestjs/common';

/** Names what is up and what is not; ready when all are true. */
export interface Readiness {
  check(): Record<string, boolean>;
}
export const READINESS = Symbol('readiness');

@Controller()
class HealthController {
  constructor(@Inject(READINESS) private readonly readiness: Readiness) {}

  @Get('healthz/live')
  @HttpCode(200)
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('healthz/ready')
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
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [{ provide: READINESS, useValue: readiness }],
    };
  }
}
