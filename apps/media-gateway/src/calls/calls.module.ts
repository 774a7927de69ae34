/** Call pages: people whose network carries no media call, and are called, with a browser. */
import { Module } from '@nestjs/common';
import { CallPageController } from './call-page.controller.js';
import { CallPages } from './call-pages.js';
import { CallSignals } from './call-signals.js';
import { CallSockets } from './call-sockets.js';
import { CallsController } from './calls.controller.js';
import { CallsService } from './calls.service.js';

@Module({
  controllers: [CallsController, CallPageController],
  providers: [CallPages, CallSignals, CallsService, CallSockets],
  exports: [CallsService],
})
export class CallsModule {}
