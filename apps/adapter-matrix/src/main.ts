import { runAdapter } from '#adapter-kit';
import { MatrixModule } from './matrix.module.js';

await runAdapter('adapter-matrix', MatrixModule);
