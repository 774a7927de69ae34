/** The OpenAPI document of the REST API. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemTable, withProblems, withTexts } from '#http';
import { PERMISSION_EXTENSION, PERMISSIONS, type Permission } from '../access/permissions.js';
import { SESSION_COOKIE } from '../access/session-cookie.js';
import { withExamples } from './examples.js';
import { withIdempotencyKey } from './idempotency-key.js';
import { withOpenBounds } from './open-bounds.js';

const SESSION = 'session';
const SESSION_TEXT =
  'Session of a person who has signed in with `POST /v1/session`. Requests that change something also need the header `X-CSRF-Token` with the `csrfToken` of `GET /v1/me`.';

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
    .addCookieAuth(SESSION_COOKIE, { type: 'apiKey', in: 'cookie', description: SESSION_TEXT }, SESSION)
    .build();
  const made = SwaggerModule.createDocument(app, document);
  // In paths of Fastify a colon that begins no parameter is doubled.
  const paths = Object.entries(made.paths).map(([path, item]) => [path.replaceAll('::', ':'), item] as const);
  const whole = withOpenBounds({ ...made, paths: Object.fromEntries(paths) });
  return withProblems(withTexts(withPermissions(withExamples(withSession(withIdempotencyKey(whole))))));
}

/** Every operation that takes an API key takes a session as well. */
function withSession(document: OpenAPIObject): OpenAPIObject {
  for (const item of Object.values(document.paths))
    for (const { security } of Object.values(item as Record<string, { security?: object[] }>))
      if (security && security.length > 0) security.push({ [SESSION]: [] });
  return document;
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
