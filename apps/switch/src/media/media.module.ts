/** Attachments: blocks of them, for the networks that they were addressed to. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { MediaController } from './media.controller.js';
import { MediaService } from './media.service.js';

@Module({ imports: [RegistryModule], controllers: [MediaController], providers: [MediaService] })
export class MediaModule {}
