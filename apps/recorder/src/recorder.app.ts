/** The recorder as one app: the trace, the end of attachments, health. */
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastifyHttpOptions, limitConnections, nestLog } from '#service';
import type { CoreOptions } from './core/core.module.js';
import { RecorderModule } from './recorder.module.js';

export interface RecorderApp {
  url: string;
  close(): Promise<void>;
}

export async function startRecorder(options: CoreOptions): Promise<RecorderApp> {
  const { settings, log } = options;
  const app = await NestFactory.create<NestFastifyApplication>(
    RecorderModule.on(options),
    new FastifyAdapter({ ...fastifyHttpOptions(), forceCloseConnections: true }),
    { logger: nestLog(log), abortOnError: false },
  );
  limitConnections(app.getHttpServer());
  await app.listen(settings.HTTP_PORT, settings.HTTP_HOST);
  return { url: await app.getUrl(), close: () => app.close() };
}
