/** The OpenAPI document of the REST API. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemTable, withProblems } from '#http';
import { withExamples } from './examples.js';
import { withIdempotencyKey } from './idempotency-key.js';
import { withOpenBounds } from './open-bounds.js';

export function openApi(app: NestFastifyApplication): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle('Hutong console')
    .setDescription(
      [
        'Register networks, watch their health, trace messages, look after dead letters.',
        'Errors are `application/problem+json` (RFC 9457) with one of these types; each operation names those that it answers with.',
        problemTable(),
      ].join('\n\n'),
    )
    .setVersion('1.0.0')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  const made = SwaggerModule.createDocument(app, document);
  // Fastify writes a colon that is no parameter as two.
  const paths = Object.entries(made.paths).map(([path, item]) => [path.replaceAll('::', ':'), item] as const);
  const whole = withOpenBounds({ ...made, paths: Object.fromEntries(paths) });
  return withProblems(withExamples(withIdempotencyKey(whole)));
}
