import type { ServerResponse } from 'node:http';
import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { LOG, tolerate, type Log } from '#service';
import { Caller, SessionToken } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { EventFeed } from './event-feed.js';
import { EventReaders } from './event-readers.js';
import { EventStream } from './event-stream.js';
import { EventStreams } from './event-streams.js';
import { EVENTS_TEXT, EventsQuery } from './live-events.dto.js';

const NUMBER = /^\d{1,15}$/;

@ApiTags('events')
@ApiBearerAuth()
@Controller('v1/events')
export class LiveEventsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly feed: EventFeed,
    private readonly readers: EventReaders,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Get()
  @Requires('me:read')
  @ApiOperation({ summary: 'Read what changes, as it changes', description: EVENTS_TEXT })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: '`id` of the last event that you received. The events since then are sent first',
    schema: { type: 'string', maxLength: 40 },
  })
  @ApiProduces('text/event-stream')
  @ApiResponse({
    status: 200,
    description: 'Events until the session or key ends',
    content: { 'text/event-stream': { schema: { type: 'string', maxLength: 1_000_000_000 } } },
  })
  async read(
    @Caller() caller: ApiKeyRow,
    @SessionToken() token: string | undefined,
    @Headers('last-event-id') header: string | undefined,
    @Query({ schema: EventsQuery }) { lastEventId }: z.infer<typeof EventsQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Fastify answers HEAD with the handler of GET.
    if (reply.request.method !== 'GET') {
      await reply.send();
      return;
    }
    this.streams.expectRoom(caller.personId);
    const stream = new EventStream(this.readers.of(caller, token), connectionOf(reply));
    reply.raw.once('close', () => this.streams.remove(stream));
    // An answer that has begun cannot become a problem: the connection is cut, and the reader connects again.
    const begun = await tolerate('begin of an event stream', this.log, async () => {
      await this.feed.begin(stream, numberIn(header ?? lastEventId));
      return true;
    });
    if (begun !== true) reply.raw.destroy();
  }
}

/** Takes the connection from Fastify, and begins the answer with the headers that every answer has. */
function connectionOf(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  // COMPAT(nginx): a proxy of this kind otherwise keeps events until its buffer is full.
  raw.setHeader('x-accel-buffering', 'no');
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  return raw;
}

/** @returns null: there is one, and it is none of ours */
function numberIn(id: string | undefined): number | null | undefined {
  if (id === undefined || id === '') return undefined;
  return NUMBER.test(id) ? Number(id) : null;
}
