/** Links to attachments for people without an app that shows them, and the end of attachments. */
import { Module } from '@nestjs/common';
import { MediaLinksController } from './links.controller.js';
import { MediaSweeper } from './sweeper.js';

@Module({
  controllers: [MediaLinksController],
  providers: [MediaSweeper],
})
export class MediaModule {}
