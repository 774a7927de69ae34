/** The contract suite: SMS through a simulated gateway of China Unicom (SGIP 1.2). */
import { smsKeepsTheContract } from './keeps-the-contract.js';

smsKeepsTheContract('sgip', 'gateway of China Unicom (SGIP 1.2)');
