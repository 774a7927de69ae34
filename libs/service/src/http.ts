/** What every process answers over HTTP: liveness, readiness, metrics. */
import {
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Module,
  ServiceUnavailableException,
  type DynamicModule,
} from '@nestjs/common';
import { metricsRegistry } from './metrics.js';

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

  @Get('metrics')
  @Header('content-type', metricsRegistry.contentType)
  metrics(): Promise<string> {
    return metricsRegistry.metrics();
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
