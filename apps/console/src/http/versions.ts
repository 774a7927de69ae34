/** Of what people edit: an ETag to read with, and If-Match to write with, so that nobody overwrites what he has not seen. */
import { HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** For the documentation of a route that edits. */
export const IF_MATCH = { name: 'If-Match', required: true, description: 'The `ETag` that was read' };

export function tagged<View>(reply: FastifyReply, version: number, view: View): View {
  void reply.header('etag', `"${version}"`);
  return view;
}

/** @throws 428 without If-Match, 412 when it names another version */
export function expectVersion(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined)
    throw new HttpException(`give the version that you have seen: If-Match: "${version}"`, 428);
  if (ifMatch !== '*' && ifMatch !== `"${version}"`)
    throw new HttpException(`it was changed since: now it is version "${version}"; read it again`, 412);
}
