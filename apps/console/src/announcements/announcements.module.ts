/** Announcements to the operators of a network about decisions that affect it. */
import { Module } from '@nestjs/common';
import { AnnouncementsController } from './announcements.controller.js';
import { AnnouncementsRepository } from './announcements.repository.js';

@Module({
  controllers: [AnnouncementsController],
  providers: [AnnouncementsRepository],
  exports: [AnnouncementsRepository],
})
export class AnnouncementsModule {}
