/** The OpenAPI document of the REST API. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemTable, withProblems, withTexts } from '#http';
import { PERMISSION_EXTENSION, PERMISSIONS, type Permission } from '../access/permissions.js';
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
  // In paths of Fastify a colon that begins no parameter is doubled.
  const paths = Object.entries(made.paths).map(([path, item]) => [path.replaceAll('::', ':'), item] as const);
  const whole = withOpenBounds({ ...made, paths: Object.fromEntries(paths) });
  return withProblems(withTexts(withPermissions(withExamples(withIdempotencyKey(whole)))));
}

interface Permitted {
  description?: string;
  [PERMISSION_EXTENSION]?: Permission;
}

/** Adds the permission and its roles to the description of each operation. */
function withPermissions(document: OpenAPIObject): OpenAPIObject {
  for (const item of Object.values(document.paths))
    for (const operation of Object.values(item as Record<string, Permitted>)) {
      const permission = operation[PERMISSION_EXTENSION];
      if (permission === undefined) continue;
      const roles = PERMISSIONS[permission].join(', ');
      operation.description =
        `${operation.description ?? ''}\n\nPermission: \`${permission}\` (${roles}).`.trim();
    }
  return document;
}
