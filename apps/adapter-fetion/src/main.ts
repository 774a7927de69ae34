import { runAdapter } from '#adapter-kit';
import { FetionModule } from './fetion.module.js';

await runAdapter('adapter-fetion', FetionModule);
