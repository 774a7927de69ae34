/** Deletion of attachments from the media store. */
import { Module } from '@nestjs/common';
import { MediaSweeper } from './media-sweeper.js';
import { MediaUseRepository } from './media-use.repository.js';

@Module({ providers: [MediaSweeper, MediaUseRepository] })
export class MediaModule {}
