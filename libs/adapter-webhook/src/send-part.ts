/** Answers a request for a file, or for a part of it (RFC 9110, section 14). */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rangedAnswer } from '#service';

/** @param read the bytes from `from` to `to`, both included */
export async function sendPart(
  request: FastifyRequest,
  reply: FastifyReply,
  file: { size: number; contentType: string },
  read: (from: number, to: number) => AsyncIterable<Uint8Array>,
): Promise<void> {
  const answer = rangedAnswer(request.headers.range, file.size);
  reply.status(answer.status).headers(answer.headers);
  if (answer.status === 416) {
    await reply.send();
    return;
  }
  reply.headers({ 'content-type': file.contentType, 'x-content-type-options': 'nosniff' });
  await reply.send(Readable.from(read(answer.from, answer.to)));
}
