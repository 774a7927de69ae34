/** The contract suite: SMS through a simulated gateway of China Mobile (CMPP 3.0). */
import { smsKeepsTheContract } from './keeps-the-contract.js';

smsKeepsTheContract('cmpp', 'gateway of China Mobile (CMPP 3.0)');
