import {
  Body,
  ConflictException,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LOG, runInBackground, type Log } from '#service';
import type { WallView } from '../shared/events.js';
import { Act, FileQuery } from './acts.js';
import { contentHeaders, playable } from './content.js';
import { OpenPhones, UnknownPhone } from './open-phones.js';
import { PlayService } from './play/play.service.js';
import { streamTo } from './stream.js';

const Id = z.string().regex(/^[a-z0-9-]{1,60}$/);
const Scan = z.object({ text: z.string().min(1).max(2000) });
const ContentNumber = z.coerce.number().int().min(1);

@Controller('phones/api')
export class WallController {
  constructor(
    private readonly phones: OpenPhones,
    private readonly player: PlayService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** The phones that can be opened, and how each looks. */
  @Get('wall')
  wall(): WallView {
    runInBackground('first phones of the wall', this.log, () => this.phones.pickUpSome());
    return this.phones.view();
  }

  /** Everything that happens on the open phones, as server-sent events; first what has happened before. */
  @Get('events')
  events(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    streamTo(request, reply, this.phones.events, this.log);
  }

  @Post('phones/:id')
  @HttpCode(204)
  async pickUp(@Param('id', { schema: Id }) id: string): Promise<void> {
    await told(() => this.phones.pickUp(id));
  }

  @Delete('phones/:id')
  @HttpCode(204)
  async hangUp(@Param('id', { schema: Id }) id: string): Promise<void> {
    await told(() => this.phones.hangUp(id));
  }

  @Post('phones/:id/acts')
  @HttpCode(200)
  async act(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Act }) act: Act,
  ): Promise<{ id: string }> {
    return told(async () => ({ id: await (await this.phones.get(id)).act(act) }));
  }

  /** The body is the content of a picture, or a recording of the browser. */
  @Post('phones/:id/files')
  @HttpCode(200)
  async file(
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: FileQuery }) query: FileQuery,
    @Body() bytes: unknown,
  ): Promise<{ id: string }> {
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw new ConflictException('the file is empty');
    return told(async () => ({ id: await (await this.phones.get(id)).sendFile(query, bytes) }));
  }

  /** A new QR code of the hub, for a network whose people pair a contact. */
  @Post('phones/:id/pairings')
  @HttpCode(200)
  async pair(@Param('id', { schema: Id }) id: string): Promise<{ show: string }> {
    return told(async () => ({ show: await (await this.phones.get(id)).pairingCode() }));
  }

  @Post('phones/:id/scans')
  @HttpCode(204)
  async scan(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Scan }) { text }: z.infer<typeof Scan>,
  ): Promise<void> {
    await told(async () => (await this.phones.get(id)).scan(text));
  }

  @Get('phones/:id/media/:number')
  async media(
    @Param('id', { schema: Id }) id: string,
    @Param('number', { schema: ContentNumber }) number: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const bytes = await told(async () => (await this.phones.get(id)).content(number));
    if (!bytes) throw new NotFoundException('this attachment is not known any more');
    const content = await playable(bytes, this.phones.ffmpeg);
    await reply.headers(contentHeaders(content)).send(content);
  }

  /** Plays the demo conversation on the open phones, or ends it. */
  @Post('play')
  @HttpCode(204)
  play(@Body({ schema: z.object({ on: z.boolean() }) }) { on }: { on: boolean }): void {
    if (on) this.player.start();
    else this.player.stop();
  }
}

/** What a network refuses is told to the browser as it was said. */
async function told<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UnknownPhone) throw new NotFoundException(error.message);
    throw new ConflictException((error as Error).message.slice(0, 500));
  }
}
