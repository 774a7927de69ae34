/** The OpenAPI document of the media gateway. The gateway itself does not serve it. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemTable, withProblems, withTexts } from '#http';

export function openApi(app: NestFastifyApplication): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle('Hutong media gateway')
    .setDescription(
      [
        'Serves attachments to people whose app shows none, by signed links. It needs no key: whoever has a link may follow it.',
        'Errors are `application/problem+json` (RFC 9457) with one of these types; each operation names those that it answers with.',
        problemTable(),
      ].join('\n\n'),
    )
    .setVersion('1.0.0')
    .setOpenAPIVersion('3.1.0')
    .build();
  return withProblems(withTexts(SwaggerModule.createDocument(app, document)));
}
