/** Finds whatever has an id. */
import { Module } from '@nestjs/common';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { DeadLettersModule } from '../dead-letters/dead-letters.module.js';
import { FindController } from './find.controller.js';
import { FindRepository } from './find.repository.js';

@Module({
  imports: [DeadLettersModule],
  controllers: [FindController],
  providers: [BoundedReads, FindRepository],
})
export class FindModule {}
