/** Links to attachments, for networks that show text only. The media gateway serves them. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { LinksController } from './links.controller.js';
import { LinksService } from './links.service.js';

@Module({ imports: [RegistryModule], controllers: [LinksController], providers: [LinksService] })
export class LinksModule {}
